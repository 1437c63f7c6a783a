"""Takes a run back: every lead that nobody has touched since goes where it came from."""

import logging
import time
from collections import Counter

from odoo import fields
from odoo.tools import split_every

from ..names import BY_TURN, SNAPSHOT_FIELDS
from ..planning.kept import say_kept
from ..planning.rows import count_put, get_planned_rows
from ..work.bisect import bisect
from ..work.errors import describe_error
from ..work.transactions import commit, retry
from .activities import move_back
from .due import end_of_leads
from .locks import WAIT_FOR_LOCK, beside_live, wait_for
from .rotation import turn_rotation_by_way
from .snapshots import Snapshot, find_existing, put_back
from .untouched import Since
from .writing import with_quiet_context, write_in_groups

_logger = logging.getLogger(__name__)

BATCH_SIZE = 2000  # leads of one transaction
FORESEEN = 10_000  # leads looked at together before it is done

# what is looked at before a lead is put back
LOOKED_AT = (*SNAPSHOT_FIELDS, "active", "type", "write_date", "write_uid", "distributed_on", "company_id")


class Reverter:
    """Reverts one run, batch by batch, each batch one transaction; can go on where another one was cut off.

    What was begun is marked on the run, so the scheduler ends what a killed process has left.

    :param run: with full rights; handed out, and in nobody else's hands
    """

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.rows = self.env["lead.distribution.assignment"]

    def begin(self):
        """Mark the run as being reverted; one that was cut off keeps its mark."""
        self.run.invalidate_recordset(["reverting_since"])
        if not self.run.reverting_since:
            self.run.reverting_since = self.env.cr.now()

    def revert_all(self):
        """Put back what can be put back, and write that on the run.

        :return: whether it came to the end; otherwise the scheduler's time is up
        """
        with beside_live(self.env):  # from now on the live run of the day grows no more
            self.retry(self.begin)
            commit(self.env)
        last_id, busy = 0, []
        while True:
            with beside_live(self.env):
                count, last_id, waiting = self.retry(self.revert_next, last_id)
                left = commit(self.env, count) if count else 0
            if not count:
                break
            busy += waiting
            if left <= 0:
                return False
        deadline = time.monotonic() + WAIT_FOR_LOCK
        for ids in split_every(BATCH_SIZE, busy, list):
            with beside_live(self.env):
                self.retry(self.revert_waiting, ids, deadline)
                commit(self.env, len(ids))
        self.retry(self.finish)
        commit(self.env)
        return True

    def retry(self, step, *arguments):
        return retry(self.env, step, *arguments, count_conflicts=self._count_conflicts)

    def _count_conflicts(self, number):
        self.run.conflict_count += number

    def get_rows(self, last_id=0, limit=None):
        """Return the next rows that were carried out and not put back."""
        return self.rows.search(get_revertible(self.run, last_id), order="id", limit=limit or BATCH_SIZE)

    def revert_next(self, last_id):
        """Put back the leads of the next rows.

        :return: (number of rows, id of the last one, ids of those whose leads somebody else holds)
        """
        rows = self.get_rows(last_id)
        return len(rows), rows[-1:].id, self.revert(rows).ids

    def revert_waiting(self, row_ids, deadline):
        """Put back leads that were locked: wait once for all of them, and say which still are."""
        rows = self.rows.browse(row_ids)
        wait_for(rows.lead_id, deadline - time.monotonic())
        busy = self.revert(rows)
        busy.write({"note": say_kept(self.env, self.env._("somebody is changing the lead."))})

    def revert(self, rows):
        """Put back the leads of some rows; return the rows whose leads somebody else holds."""
        existing = rows.lead_id.exists()
        leads = existing.try_lock_for_update(allow_referencing=True)
        leads.invalidate_recordset(LOOKED_AT)
        busy = rows.filtered(lambda row: row.lead_id in existing - leads) if leads != existing else rows.browse()
        rows -= busy
        since = Since(rows, leads)
        back, kept = rows.browse(), {}
        for row in rows:
            reason = since.explain(row)
            if reason:
                kept.setdefault(reason, []).append(row.id)
            else:
                back += row
        for reason, ids in kept.items():
            rows.browse(ids).write({"note": say_kept(self.env, reason)})
        bisect(self.env, back, self.put_back, self._say_not_put_back)
        return busy

    def _say_not_put_back(self, row, error):
        _logger.warning("Run %s: lead %s could not be put back", self.run.id, row.lead_id.id, exc_info=error)
        row.note = say_kept(self.env, describe_error(error, self.env))

    def put_back(self, rows):
        """Write the leads of some rows as they were before."""
        leads = with_quiet_context(self.run, rows.lead_id)  # who had a lead follows it still
        kept = {row.lead_id.id: _get_columns_before(row) for row in rows}
        existing = find_existing(self.env, kept.values())
        snapshot = Snapshot(leads)
        write_in_groups(rows, leads, lambda row: _prepare_values_before(row, kept[row.lead_id.id], existing))
        lost, _now = snapshot.compare(leads)
        for row in rows:  # what the run has left as it is, Odoo may work out anew without an owner: the company, say
            if "columns" in (row.before or {}):
                kept[row.lead_id.id] = {**lost.get(row.lead_id.id, {}).get("columns", {}), **kept[row.lead_id.id]}
        put_back(leads, kept, existing)
        move_back(self.run, rows)
        rows.write({"state": "reverted", "reverted_on": self.env.cr.now(), "note": False})
        leads.env.flush_all()
        end_of_leads(leads)
        turns = rows.filtered(lambda row: row.kind in BY_TURN and not row.is_uncounted)
        turn_rotation_by_way(self.run, turns, -1)

    def finish(self):
        """Write on the run that it is reverted, and how many leads stay where it has put them."""
        get_planned_rows(self.run).write({"state": "skipped", "note": self.env._("The run was reverted.")})
        now = fields.Datetime.now()
        self.run.write({"state": "reverted", "reverted_on": now, "leads_kept": count_put(self.run)})


def get_revertible(run, last_id=0):
    """Return the domain of the rows that were carried out and not put back."""
    return [("run_id", "=", run.id), ("state", "=", "done"), ("id", ">", last_id)]


def foresee_revert(run):
    """Return what reverting a run would do now, as the reverter itself judges; changes and locks nothing.

    :return: (leads that go back, {reason: leads that stay for it}, the most frequent first); a fixed number of
        queries for each ``FORESEEN`` leads
    """
    back, kept, last_id = 0, Counter(), 0
    rows_of_runs = run.env["lead.distribution.assignment"]
    names = ["lead_id", "applied_on", "before", "note", "user_id"]
    while rows := rows_of_runs.search_fetch(get_revertible(run, last_id), names, order="id", limit=FORESEEN):
        leads = rows.lead_id.exists()
        leads.fetch(LOOKED_AT)
        since = Since(rows, leads)
        reasons = [since.explain(row) for row in rows]
        back += reasons.count(None)
        kept.update(filter(None, reasons))
        last_id = rows[-1].id
        rows.invalidate_recordset()
    return back, dict(kept.most_common())


def _get_columns_before(row):
    """Return {column: value} of what the lead was like, as JSON has it.

    Rows of earlier versions, and of imports, have kept only a part of it.
    """
    before = row.before or {}
    if "columns" in before:
        return before["columns"]
    names = (*SNAPSHOT_FIELDS, "distribution_campaign_id", "distributed_on", "received_on")
    columns = {name: before.get(name) for name in names}
    if row.kind == "dropback" and row.dropback_rule_id.priority:
        columns["priority"] = str(row.priority)
    return columns


def _prepare_values_before(row, columns, existing):
    """Return what is written through the ORM, for all who listen to a lead that changes hands.

    The rest, and what Odoo works out anew from this, is written as it was by ``put_back``.
    """
    values = {"distributed_on": False, "received_on": False, "due_on": False}
    for name in (*SNAPSHOT_FIELDS, "distribution_campaign_id"):
        value = columns[name] if name in columns else row.lead_id[name].id
        values[name] = value if name not in columns or value in existing.get(name, ()) else False
    if columns.get("company_id") in existing.get("company_id", ()):
        values["company_id"] = columns["company_id"]
    if "priority" in columns:
        values["priority"] = columns["priority"]
    return values
