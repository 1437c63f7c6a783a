"""Declining: the holder gives a lead back, with a reason; the next one gets it, or the responsible decides."""

from collections import Counter

from odoo import fields
from odoo.exceptions import UserError

from ..applying.locks import WAIT_FOR_LOCK, one_at_a_time, wait_for
from ..applying.rotation import turn_rotation_by_way
from ..names import BY_TURN
from ..planning.had_before import find_former_holders
from ..reporting.declined import tell_declined
from ..reporting.readers import get_responsible
from ..tools.fit import find_unfit
from ..work.system import as_system
from ..work.transactions import retry
from .declinable import look
from .hand_on import hand_on, hand_to

EVERYBODY = 1_000_000  # people who had a lead: all of them


def decline(leads, reason, get_ways):
    """Give leads of the caller back, all of them or none. Commits.

    :param leads: with the rights of the caller
    :param reason: text, or the id of one of the campaign's reasons
    :param get_ways: campaign → its ``day.ways.Ways``
    :raise UserError: with all that is in the way, in words
    """
    look(leads, reason)  # what is refused need not wait for its turn
    with one_at_a_time(leads.env):
        retry(leads.env, _decline, leads, reason, get_ways)


def _decline(leads, reason, get_ways):
    """Do it, in one transaction; what was looked at before may have changed."""
    known = as_system(leads)
    wait_for(known, WAIT_FOR_LOCK)
    mine = known.try_lock_for_update(allow_referencing=True)
    if mine != known:
        names = ", ".join((known - mine).mapped("name"))
        raise UserError(leads.env._("Somebody is changing these leads at this moment, try again: %s.", names))
    known.invalidate_recordset()
    for asked in look(leads, reason):
        _give_back(get_ways(asked.campaign), asked)


def _give_back(ways, asked):
    """Hand on the leads of one campaign; those that nobody gets are nobody's."""
    campaign = ways.campaign
    without = find_former_holders(asked.leads, EVERYBODY)  # who has them is among them
    decider = _find_decider(ways, asked)
    _mark(asked, campaign.decline_counts)
    about = {lead.id: {"declined": asked.reason} for lead in asked.leads}
    decided = asked.leads.filtered(lambda lead: decider and lead.holder_id != decider)
    done = hand_to(ways, "decline", decided.ids, decider, about) if decided else asked.rows.browse()
    left = dict.fromkeys((decided - done.lead_id).ids, "skipped")
    if asked.leads - decided and not campaign.is_by_hand:
        handed = hand_on(ways, "decline", (asked.leads - decided).ids, without, about=about)
        left |= {lead_id: reason for reason, ids in handed.left.items() for lead_id in ids}
    elif asked.leads - decided:
        left |= dict.fromkeys((asked.leads - decided).ids, "no_salespeople")
    _free(asked.leads.browse(left))
    campaign.env["lead.distribution.waiting"].wake()  # who tells of new leads
    tell_declined(campaign, decider, done, asked.rows.filtered(lambda row: row.lead_id.id in left), left)


def _find_decider(ways, asked):
    """Return who decides what becomes of the leads; nobody where the next one gets them.

    What was handed out by hand goes back to who has done it: there is no next one.
    """
    campaign = ways.campaign
    nobody = campaign.env["res.users"]
    if campaign.is_by_hand:
        user = asked.rows[:1].run_id.user_id
    elif campaign.decline_mode == "manager" or not campaign.active:
        user = get_responsible(campaign)
    else:
        return nobody
    return nobody if find_unfit(user, campaign.company_id) else user


def _mark(asked, counts):
    """Write on the rows of the holders that they gave the leads back."""
    ended = {"checkpoint": False, "due_on": False, "remind_on": False, "check_on": False}
    asked.rows.write({"declined_on": fields.Datetime.now(), "decline_reason": asked.reason, **ended})
    asked.rows.filtered(lambda row: row.deadline_state == "open").write({"deadline_state": "over"})
    if not counts:
        counted = asked.rows.filtered(lambda row: not row.is_uncounted)  # what passed through the responsible never was
        counted.is_uncounted = True
        for run, rows in counted.filtered(lambda row: row.kind in BY_TURN).grouped("run_id").items():
            _take_turns_back(run, rows)


def _take_turns_back(run, rows):
    """Have people be next as if they had not got the leads."""
    turn_rotation_by_way(run, rows, -1)
    declined = Counter(row.user_id.id for row in rows)
    if run.is_growing:  # its next leads count from what it gave so far
        for line in run.member_line_ids.filtered(lambda line: line.user_id.id in declined):
            line.head_start -= declined[line.user_id.id]


def _free(leads):
    """Leads that nobody gets are nobody's; a live campaign takes them when somebody can have them."""
    nobody = {"user_id": False, "open_user_id": False, "received_on": False, "due_on": False}
    own = leads.filtered(lambda lead: lead.closer_id == lead.holder_id)
    for some, values in ((own, {**nobody, "closer_id": False}), (leads - own, nobody)):
        some.write(values)
