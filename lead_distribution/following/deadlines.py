"""Looking at what is due: people are reminded, misses are told once, leads go on to somebody else.

Only rows are read whose moment to be looked at has come, so it costs in proportion to what is due. Each batch is one
transaction; what a process that dies has in hand, the next one finds as it was.
"""

import logging
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..applying.due import (
    MISSED,
    end,
    find_next,
    go_on,
    read_owed,
    reckon_all,
    redo,
    store,
    wait_until,
    without_reminder,
)
from ..applying.locks import one_at_a_time
from ..applying.wanting import get_wanting_sql
from ..planning.deadlines import find_step
from ..planning.presence.look import look
from ..work.bisect import bisect
from ..work.scheduler import is_time_up
from ..work.transactions import commit, retry
from .misses import follow_up, mark_stays, takes_back
from .reminders import remind
from .take_back import take_back

_logger = logging.getLogger(__name__)

BATCH_SIZE = 500
LATER = timedelta(minutes=15)  # until it is tried again after an error
SOON = timedelta(minutes=1)  # until a lead is looked at again that somebody is working on
NOT_REMINDED = ("pause", "absence", "leave", "off_shift")
NEW = SQL("missed_checkpoint IS DISTINCT FROM checkpoint")
TOLD = SQL("missed_checkpoint = checkpoint")


def check_deadlines(campaigns, get_ways):
    """Look at what is due; return counts ``reminded``, ``missed``, ``taken_back``. Commits after every batch.

    :param campaigns: with full rights; none: all
    :param get_ways: campaign → its ``day.ways.Ways``
    """
    env = campaigns.env(user=SUPERUSER_ID, su=True)  # whoever asks for it, the scheduler does it
    check = _Check(campaigns.with_env(env), get_ways)
    check.run()
    return {name: check.counts[name] for name in ("reminded", "missed", "taken_back")}


class _Check:
    def __init__(self, campaigns, get_ways):
        self.env, self.campaigns, self.get_ways = campaigns.env, campaigns, get_ways
        self.counts = Counter()

    def run(self):
        while not is_time_up(self.env):
            number, counts = retry(self.env, self.look_at_next)
            self.counts.update(counts)
            commit(self.env, number)
            if not number:
                break
        while self.find_due(TOLD, limit=1) and not is_time_up(self.env):
            with one_at_a_time(self.env):
                number, taken = retry(self.env, self.take_back_next)
            self.counts["taken_back"] += taken
            if not number:
                break

    def find_due(self, which, limit=None, lock=None):
        """Return the ids of rows that are to be looked at, those that wait longest first."""
        whose = get_wanting_sql("lead_distribution_assignment")
        of_some = SQL("AND %s = ANY(%s)", whose, self.campaigns.ids) if self.campaigns else SQL()
        self.env["crm.lead"].flush_model(["distribution_campaign_id"])
        self.env["lead.distribution.assignment"].flush_model()
        found = self.env.execute_query(
            SQL(
                "SELECT id FROM lead_distribution_assignment WHERE check_on <= %s AND checkpoint IS NOT NULL AND %s %s "
                "ORDER BY check_on LIMIT %s %s",
                fields.Datetime.now(), which, of_some, limit or BATCH_SIZE, lock or SQL(),
            )
        )  # fmt: skip
        return [row_id for [row_id] in found]

    def lock_due(self, which):
        """Return the ``Owed`` that are to be looked at, and the number of them and of those somebody is working on.

        Rows and leads are locked; what others have in hand is looked at again in a moment.
        """
        owed = read_owed(self.env, self.find_due(which, lock=SQL("FOR NO KEY UPDATE SKIP LOCKED")))
        lead_ids = [one.lead_id for one in owed if one.lead_id]
        locked = self.env.execute_query(
            SQL("SELECT id FROM crm_lead WHERE id = ANY(%s) FOR NO KEY UPDATE SKIP LOCKED", lead_ids)
        )
        mine = {lead_id for [lead_id] in locked}
        busy = [one for one in owed if one.lead_id and one.lead_id not in mine]
        store(self.env, [wait_until(one, fields.Datetime.now() + SOON) for one in busy])
        free = [one for one in owed if one.lead_id in mine]
        gone = [one for one in owed if not one.lead_id]
        store(self.env, [end(one) for one in gone])
        return free, len(owed)

    def look_at_next(self):
        """Look at the next rows; return how many, and counts of what came of it."""
        owed, number = self.lock_due(NEW)
        counts = Counter()
        for part in bisect(self.env, owed, self._work, self._put_off):
            counts.update(part)
        return number, counts

    def _work(self, owed):
        batch = _Batch(self.env, owed)
        batch.work()
        self.env.flush_all()
        return batch.counts

    def _put_off(self, owed, error):
        """Have a row that nothing can be done about looked at again later; it costs the others nothing."""
        _logger.error("Lead distribution: deadline of row %s could not be looked at", owed.id, exc_info=error)
        store(self.env, [wait_until(owed, fields.Datetime.now() + LATER)])
        return {}

    def take_back_next(self):
        """Give the next missed leads to somebody else; return how many were looked at, and how many were given."""
        owed, number = self.lock_due(TOLD)
        wanted, stays, changes = {}, [], []
        for one in owed:
            if one.is_over:
                changes.append(end(one))
            elif one.is_met(find_step(one.terms, one.checkpoint)) or not self._takes_back(one):
                stays.append(one)
            else:
                wanted.setdefault(one.campaign_id, []).append(one)
        store(self.env, changes)
        taken = 0
        for campaign_id, group in wanted.items():
            campaign = self.env["lead.distribution.campaign"].browse(campaign_id)
            number_taken, left = self._take_back(campaign, group)
            taken += number_taken
            mark_stays(campaign, [one for one in left if not one.is_met(find_step(one.terms, one.checkpoint))])
            stays += left
        leave(self.env, stays)
        return number, taken

    def _take_back(self, campaign, owed):
        """Return how many leads of a campaign went on, and the ``Owed`` of those that stay for good."""
        rows = self.env["lead.distribution.assignment"].browse(one.id for one in owed)
        try:
            with self.env.cr.savepoint():
                taken = take_back(self.get_ways(campaign), rows)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("Lead distribution: leads of campaign %s could not be taken back", campaign.id)
            store(self.env, [wait_until(one, fields.Datetime.now() + LATER) for one in owed])
            return 0, []
        rows.invalidate_recordset(["checkpoint", "check_on"])
        left = rows.filtered(lambda row: row.checkpoint and not row.check_on)
        return len(taken), [one for one in read_owed(self.env, left.ids) if one.is_there]

    def _takes_back(self, owed):
        return takes_back(self.env["lead.distribution.campaign"].browse(owed.campaign_id))


def leave(env, owed):
    """Go on with rows whose leads stay after a miss: the next step is due, or it stays late until it is done."""
    steps = [(one, find_next(one)) for one in owed]
    due = reckon_all(env, [(one, step) for one, step in steps if step])
    changes = []
    for one, step in steps:
        if step or one.is_met(find_step(one.terms, one.checkpoint)):
            changes.append(go_on(one, due.get(one.id)))
        else:
            changes.append(wait_until(one, None))
    store(env, changes)


class _Batch:
    """Some rows whose moment has come; their leads are locked."""

    def __init__(self, env, owed):
        self.env, self.owed, self.now = env, owed, fields.Datetime.now()
        self.counts, self.changes = Counter(), []
        self.met, self.missed, self.to_remind = [], [], []

    def work(self):
        open_ones = []
        for one in self.owed:
            if one.is_over:
                self.changes.append(end(one))
            else:
                open_ones.append((one, find_step(one.terms, one.checkpoint)))
        # people may have been away since: a time that is over is none before it was reckoned anew
        due = reckon_all(self.env, open_ones)
        for one, step in open_ones:
            self._judge(one, step, due[one.id])
        self._remind()
        self._go_on()
        store(self.env, self.changes)
        follow_up(self.env, [(one, due) for one, due, _is_met in self.missed if not _is_met], self.missed)
        self.counts["missed"] = len(self.missed)

    def _judge(self, one, step, due):
        if one.is_met(step):
            if one.is_late(due.due_on):
                self.missed.append((one, due, True))
            else:
                self.met.append(one)
        elif due.due_on and due.due_on <= self.now:
            self.missed.append((one, due, False))
        elif due.remind_on and due.remind_on <= self.now and not one.is_reminded:
            self.to_remind.append((one, due))
        else:
            self.changes.append(redo(one, due))

    def _remind(self):
        """Remind who is there, the others when they are back."""
        reminded = []
        for campaign_id, group in _by_campaign(self.to_remind).items():
            campaign = self.env["lead.distribution.campaign"].browse(campaign_id)
            users = self.env["res.users"].browse({one.user_id for one, _due in group})
            presences = look(campaign, users)
            for one, due in group:
                seen, change = presences[one.user_id], redo(one, due)
                if seen.kind in NOT_REMINDED:
                    again = min(seen.back_on or due.due_on, due.due_on)
                    self.changes.append(replace(change, remind_on=due.remind_on, check_on=max(again, self.now + SOON)))
                else:
                    known = {**one.terms, "reminded": one.checkpoint}
                    self.changes.append(replace(without_reminder(change, due), terms=known))
                    reminded.append((one, due.due_on))
        remind(self.env, reminded)
        self.counts["reminded"] = len(reminded)

    def _go_on(self):
        """Reckon what is due next of what was met or missed."""
        campaigns = self.env["lead.distribution.campaign"]
        steps = {one.id: (one, find_next(one)) for one in [*self.met, *(one for one, _due, _is_met in self.missed)]}
        next_due = reckon_all(self.env, [(one, step) for one, step in steps.values() if step])
        self.changes += [go_on(one, next_due.get(one.id)) for one in self.met]
        for one, due, is_met in self.missed:
            told = one._replace(state=MISSED, missed_on=one.missed_on or due.due_on, due_on=due.due_on, remind_on=None)
            told = told._replace(missed_checkpoint=one.checkpoint, terms=_without_late(one.terms))
            if not is_met and takes_back(campaigns.browse(one.campaign_id)):
                self.changes.append(wait_until(told, self.now))
            elif is_met or steps[one.id][1]:
                self.changes.append(go_on(told, next_due.get(one.id)))
            else:
                self.changes.append(wait_until(told, None))  # late until it is done


def _without_late(terms):
    return {name: value for name, value in terms.items() if name != "late"}


def _by_campaign(pairs):
    groups = {}
    for one, due in pairs:
        groups.setdefault(one.campaign_id, []).append((one, due))
    return groups
