"""The list of waiting leads: what comes is put into it in the transaction of whoever makes it, and leaves it again.

Nothing is decided here. Where no campaign is live, nothing costs a statement. Rows are written by SQL: whoever makes
a lead has no right to the list, and a thousand leads are one statement.
"""

from odoo import fields
from odoo.tools import SQL

from .changes import PEOPLE, leave, leave_room
from .rows import change_rows

HOLDING = frozenset({"user_id", "open_user_id", "active"})  # a lead that somebody has, or that is put away, leaves
FREEING = HOLDING | {"lead_status_id", "stage_id", "type"}  # somebody may have room again
WOKEN = "lead_distribution.woken"


def note_new(leads):
    """Put new leads that nobody has into the list of waiting leads, and wake whoever works it off.

    :param leads: just created
    """
    live = leads.env["lead.distribution.waiting"].get_live()
    if live:
        put_in(_pick_free(leads, live))


def note_change(leads, vals):
    """Put leads that may fit by now into the list, and take out those that somebody has.

    What a run writes (``distributed_on``) puts nothing in: who takes a run back does not want its leads out again.

    :param leads: just written
    :param vals: what was written
    """
    live = leads.env["lead.distribution.waiting"].get_live()
    if not live or not live.names & vals.keys():
        return
    free = _pick_free(leads, live)
    if HOLDING & vals.keys() and len(free) < len(leads):
        _take_out(leads - free)
    if "distributed_on" not in vals:
        put_in(free)


def may_free(leads, vals):
    """Return whether somebody may have room for a waiting lead when these leads are written.

    :param leads: not written yet; about to be deleted with ``vals`` None
    """
    if vals is not None and not FREEING & vals.keys():
        return False
    if not leads.env["lead.distribution.waiting"].get_live():
        return False
    return any(lead.holder_id for lead in leads.sudo())  # whoever writes it may not see it any more


def note_freed(env):
    """Try waiting leads again, as somebody who was full has room for one."""
    if leave_room(env):
        wake(env)


def put_in(leads):
    """Put leads into the list, or have them tried at once if they are in it; one statement.

    :param leads: that nobody has
    """
    if not leads:
        return
    now = fields.Datetime.now()
    change_rows(
        leads.env,
        SQL(
            "WITH gone AS (DELETE FROM lead_distribution_not_taken WHERE lead_id = ANY(%(leads)s)) "
            "INSERT INTO lead_distribution_waiting (lead_id, company_id, reason, since, next_try, tries) "
            "SELECT lead_id, company_id, 'new', %(now)s, %(now)s, 0 "
            "FROM unnest(%(leads)s::int[], %(companies)s::int[]) AS l(lead_id, company_id) "
            "ON CONFLICT (lead_id) DO UPDATE SET next_try = EXCLUDED.next_try, company_id = EXCLUDED.company_id",
            leads=leads.ids,
            companies=[lead.company_id.id or None for lead in leads],
            now=now,
        ),
    )
    wake(leads.env)


def try_again(env, campaigns=None, kind=PEOPLE):
    """Have waiting leads tried as soon as this is committed: somebody came back, a limit rose, a rule changed.

    :param campaigns: only those that wait for one of these; None: all
    :param kind: of the change, see ``changes.KINDS``
    """
    if env["lead.distribution.waiting"].get_live():
        leave(env, kind, campaigns)
        wake(env)


def wake(env, at=None):
    """Wake whoever works off the list.

    :param at: when (UTC); None: as soon as this transaction is committed
    """
    if at is not None:
        env["lead.distribution.waiting"].wake(at)
    elif WOKEN not in env.cr.precommit.data:  # once a transaction; a savepoint that is taken back forgets it
        env.cr.precommit.data[WOKEN] = True
        env.cr.precommit.add(env["lead.distribution.waiting"].wake)


def _pick_free(leads, live):
    """Return those of the leads that nobody has and that are of a company with a live campaign."""
    leads = leads.sudo()  # who gave a lead away may not see it any more
    return leads.filtered(lambda lead: lead.active and not lead.holder_id and live.concerns(lead.company_id.id))


def _take_out(leads):
    """Take leads out of the list that somebody has, or that are put away; one statement."""
    change_rows(
        leads.env,
        SQL(
            "WITH gone AS (DELETE FROM lead_distribution_not_taken WHERE lead_id = ANY(%(leads)s)) "
            "DELETE FROM lead_distribution_waiting WHERE lead_id = ANY(%(leads)s)",
            leads=leads.ids,
        ),
    )
