"""Rows of an import that nobody gets by now: who was to receive them may not, or nobody may call.

The leads are imported without owner. Between the start of an import and its last chunk there may be days.
"""

from ..applying.checks import Terms, explain_unable
from ..planning.arms import get_deciding
from ..planning.presence.look import find_away
from .duplicates import find_blacklisted, get_contacts, takes_blacklisted
from .row_table import update_rows
from .words import describe_do_not_call

CODE = "skipped"  # as in a run: changed since the plan
TAKEN = ("user_id", "turn", "line_up", "reason")


def take_from_unable(batch, rows):
    """Take rows from people who cannot receive leads now; a fixed number of statements, however many rows there are.

    :param batch: with full rights
    :param rows: list of ``WaitingRow``, which are changed
    """
    taken = []
    for arm in {row.arm for row in rows if row.user_id}:
        own = [row for row in rows if row.user_id and row.arm == arm]
        reasons = _explain_unable(batch, {row.user_id for row in own}, arm)
        taken += [_take(row, reasons[row.user_id]) for row in own if row.user_id in reasons]
    update_rows(batch.env, taken, *TAKEN)


def take_from_uncalled(batch, rows, lookups):
    """Take rows from people that a blacklist has by now, by themselves or by what their leads take over from contacts.

    Three statements, however many rows there are.

    :param rows: list of ``WaitingRow``, which are changed
    """
    owned = [row for row in rows if row.user_id]
    emails, phones, _names = get_contacts(owned)
    lookups.load_blacklists(emails, phones)
    linked = find_blacklisted(batch.env, {row.match_partner_id for row in owned} - {None})
    listed = [
        row
        for row in owned
        if lookups.is_blacklisted(row.email_key, row.phone_keys or ())
        or takes_blacklisted(linked, row.match_partner_id, row.values)
    ]
    why = describe_do_not_call(batch.env, "blacklist")
    update_rows(batch.env, [_take(row, why) for row in listed], *TAKEN)


def _explain_unable(batch, user_ids, arm):
    """Return {user id: why} of those who cannot receive leads, as whoever has decided by this way asks for it."""
    campaign, users = get_deciding(batch.run_id, arm), batch.env["res.users"].browse(sorted(user_ids))
    terms = Terms(
        campaign_id=campaign.id,
        company_id=batch.company_id.id,
        with_inactive=campaign.include_inactive,
        away=find_away(campaign, users),
    )
    return explain_unable(users, terms)


def _take(row, why):
    row.user_id = row.turn = row.line_up = row.reason = None
    row.code, row.message = CODE, why
    return {"id": row.id}
