"""Leads whose deadline was missed go to somebody else of the campaign, never to one who had them before."""

import logging
from datetime import timedelta

from odoo import fields
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..finding.dates import day_start, get_today
from ..planning.had_before import find_former_holders
from ..reporting.taken_back import tell_taken_back
from .hand_on import hand_on

_logger = logging.getLogger(__name__)

IN_A_MOMENT = timedelta(minutes=1)
# since the deadline → until the next try; nobody is there, or everybody is full
TRIES = ((timedelta(hours=1), timedelta(minutes=15)), (timedelta(days=1), timedelta(hours=1)))
SELDOM = timedelta(hours=4)


def take_back(ways, rows):
    """Give leads to the next people of a campaign; return the new rows of the history.

    In the transaction of the caller, within ``applying.locks.one_at_a_time``. Each of the rows gets its ``check_on``:
    when it is tried again, or empty once the lead has gone on, stays, or was worked on.

    :param ways: see ``day.ways.Ways``
    :param rows: missed ones of this campaign, locked as their leads
    """
    untouched = rows.filtered(_is_untouched)
    _settle(rows - untouched)
    if not untouched:
        return rows.browse()
    campaign = ways.campaign
    leads = untouched.lead_id
    without = find_former_holders(leads, campaign.take_back_memory)
    about = {row.lead_id.id: {"missed": _describe_miss(row)} for row in untouched}
    handed = hand_on(ways, "take_back", leads.ids, without, about=about)
    taken = set(handed.done.lead_id.ids)
    gone = untouched.filtered(lambda row: row.lead_id.id in taken)
    gone.write({"check_on": False, "due_on": False, "remind_on": False, "checkpoint": False})
    stays = _put_off(ways, untouched - gone, handed, without)
    _tell(campaign, gone, stays)
    return handed.done


def _is_untouched(row):
    """Whether the lead is with the same person still, who has not worked on it since it was due."""
    lead = row.lead_id
    if not lead.active or lead.holder_id != row.user_id or lead.distributed_on != row.applied_on:
        return False
    if row.missed_checkpoint != row.checkpoint or (row.checkpoint == "action" and row.first_action_on):
        return False
    return not (lead.last_worked_on and lead.last_worked_on >= (row.due_on or row.missed_on))


def _settle(rows):
    """Nothing more is tried; what is due next of a lead that was worked on stays as it is."""
    rows.filtered(lambda row: row.missed_checkpoint == row.checkpoint).write({"check_on": False})


def _describe_miss(row):
    return {"checkpoint": row.missed_checkpoint, "due_on": fields.Datetime.to_string(row.due_on or row.missed_on)}


def _put_off(ways, rows, handed, without):
    """Have leads tried again later that somebody may take then; return {reason: rows} of those that stay for good."""
    now, stays = fields.Datetime.now(), {}
    reason_of = {lead_id: reason for reason, lead_ids in handed.left.items() for lead_id in lead_ids}
    away = _find_away(handed) if rows else frozenset()
    for row in rows:
        lead_id = row.lead_id.id
        reason = reason_of.get(lead_id, "skipped")
        moment = _find_next_try(ways.campaign, row, reason, bool(away - without[lead_id]), now)
        row.check_on = moment
        if not moment:
            stays[reason] = stays.get(reason, row.browse()) | row
    return stays


def _find_away(handed):
    """Return the ids of who could receive if they were there."""
    away = set()
    for ways, selection in handed.chosen:
        away.update((ways.select(at_any_hour=True).members - selection.members).user_id.ids)
    return frozenset(away)


def _find_next_try(campaign, row, reason, somebody_is_away, now):
    """Return when a lead is tried again that nobody gets now; nothing if it stays with who has it.

    :param somebody_is_away: who could have it otherwise
    """
    if reason == "locked":
        return now + IN_A_MOMENT
    if reason == "max_leads":
        return day_start(get_today(now, campaign.tz) + timedelta(days=1), campaign.tz)
    if reason in ("everybody_full", "skipped") or (reason != "do_not_call" and somebody_is_away):
        late = now - row.missed_on
        return now + next((pause for until, pause in TRIES if late < until), SELDOM)
    return False


def _tell(campaign, gone, stays):
    """Tell of it; that never costs the leads, an error is logged."""
    campaign.env.flush_all()  # what is refused of the leads themselves is no error of the telling
    try:
        with campaign.env.cr.savepoint():
            if gone:
                campaign.env["lead.distribution.waiting"].wake()  # who tells of new leads
            tell_taken_back(campaign, gone, stays)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception:
        _logger.exception("Telling of leads taken back by campaign %s failed", campaign.id)
