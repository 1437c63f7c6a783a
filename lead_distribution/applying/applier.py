"""Makes the plan of a run true, batch by batch."""

import logging
import time

from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, split_every

from ..names import MOVED, SNAPSHOT_FIELDS
from ..planning.arms import get_deciding
from ..planning.over_limits import skip_over_limits
from ..planning.rows import count_planned, get_planned_rows
from ..work.bisect import bisect
from ..work.errors import describe_error
from ..work.inside import get_inside
from ..work.monitor import measured, measured_part, monitoring
from ..work.transactions import commit, retry
from .checks import add_worked_on, find_obstacles, get_terms, skip
from .locks import WAIT_FOR_LOCK, beside_live, wait_for
from .stop_limits import StopLimits
from .writing import hand_out

_logger = logging.getLogger(__name__)

BATCH_SIZE = 2000  # larger ones are hardly faster, and lock leads for longer
LONGEST_WAIT = 60.0  # seconds that a try waits at most, whatever the campaign says


class Applier:
    """The work of one process on one run.

    Each batch is one transaction: lock the planned rows and their leads, check that the
    leads are still as they were planned, write them, mark the rows, commit. So the row
    that says "done" commits together with its lead. A killed process leaves planned rows,
    and whoever goes on takes exactly these. Several processes may work on one run: rows
    and leads locked by one are passed over by the others.

    :param run: with full rights, being applied
    :param prepare: called with (row, what all leads of a batch get); returns what is written on the row's lead
    :param end: called with (state, why, if it is no good end) when the run is over
    """

    def __init__(self, run, prepare, end):
        self.run = run
        self.env = run.env
        self.prepare = prepare
        self.end = end
        self.limits = StopLimits(run)
        self.rows = self.env["lead.distribution.assignment"]
        self.tell = get_inside(run.env, "lead_distribution_progress")  # whoever started the run in a terminal
        self.delay = min(run.campaign_id.retry_delay, LONGEST_WAIT)  # read now: later a transaction may be broken

    def apply_all(self):
        """Apply batches until nothing is left, and end the run; commits after each.

        :return: whether that was done before the scheduler's time was up
        """
        started, last_id = time.monotonic(), 0
        with monitoring(self.env.cr) as monitor:  # this process; what several do adds up
            while True:
                done, last_id = self.retry(self.apply_next, last_id)
                if not done:
                    break
                if not self.commit(done):
                    self.retry(self.keep_costs, monitor, started)
                    return False
            self.apply_locked()
            self.retry_failed()
            with beside_live(self.env):
                self.retry(self.finish, monitor, started)
                self.commit()
        return True

    def begin(self, step):
        """Do what comes before the first batch; at a conflict at once once more, as whoever has clicked waits."""
        return retry(self.env, step, count_conflicts=self._count_conflicts)

    def retry(self, step, *arguments):
        """Do a step; if others were in the way, wait as the campaign says, and do it once more."""
        return retry(self.env, step, *arguments, delay=self.delay, count_conflicts=self._count_conflicts)

    def _count_conflicts(self, number):
        self.run.conflict_count += number

    def commit(self, processed=0):
        """Commit, and tell who is waiting how far it is; return the seconds left."""
        left = commit(self.env, processed)
        if self.tell:
            self.tell(processed)
        return left

    def apply_next(self, last_id):
        """Apply the next rows after ``last_id``; return how many, and the id of the last."""
        self.run.invalidate_recordset(["state"])
        if self.run.state != "applying":  # somebody has stopped it
            return 0, last_id
        self.limits.forget_refused()
        with measured("apply"):
            passed = self.limits.find_passed()
            if passed:
                self.stop(passed)
                return 0, last_id
            rows = self.lock_rows(last_id)
            if rows:
                self.apply(rows)
                self.limits.keep_refused()
            return len(rows), rows[-1:].id or last_id

    def lock_rows(self, last_id):
        """Return the next planned rows, locked; those of other processes are passed over."""
        query = self.rows._search(
            [("run_id", "=", self.run.id), ("state", "=", "planned"), ("id", ">", last_id)],
            order="id",
            limit=BATCH_SIZE,
        )
        statement = SQL("%s FOR NO KEY UPDATE SKIP LOCKED", query.select())
        locked = self.rows.browse(row_id for [row_id] in self.env.execute_query(statement))
        locked.invalidate_recordset(["state"])
        return locked

    def apply(self, rows):
        """Write the leads of locked rows; return the rows of leads that are locked elsewhere: these stay planned."""
        leads = rows.lead_id
        mine = leads.try_lock_for_update(allow_referencing=True)
        mine.invalidate_recordset([*SNAPSHOT_FIELDS, "active"])
        mine.fetch()  # writing will need nearly all columns
        locked_elsewhere = set((leads - mine).exists().ids)  # the others were deleted
        busy = rows.filtered(lambda row: row.lead_id.id in locked_elsewhere) if locked_elsewhere else rows.browse()
        rows = self.skip_unfit(rows - busy, mine)
        dropped = rows.filtered(lambda row: row.kind == "dropback")
        bisect(self.env, rows - dropped, self.write_leads, self.fail)
        if dropped:
            with measured_part("dropback"):
                bisect(self.env, dropped, self.write_leads, self.fail)
        return busy

    def skip_unfit(self, rows, leads):
        """Mark the rows that cannot be applied any more; return the others.

        :param leads: the leads that exist, locked
        """
        skipped = set()
        for deciding, own in rows.grouped(lambda row: get_deciding(self.run, row.arm)).items():
            terms = get_terms(self.run.campaign_id, own.user_id, self.run.origin in MOVED, deciding)
            obstacles = find_obstacles(own, leads, terms)
            if self.run.origin == "cover_return":
                obstacles = add_worked_on(obstacles, own)
            for code, ids in obstacles.items():
                skip(rows.browse(ids), code, terms)
                skipped.update(ids)
        return rows.filtered(lambda row: row.id not in skipped) if skipped else rows

    def write_leads(self, rows):
        """Hand the leads of some rows out; nothing more once a limit is passed: the rest stays planned."""
        if not self.limits.find_passed():
            hand_out(self.run, rows, self.prepare)

    def fail(self, row, error):
        """Say of a row why its lead could not be handed out."""
        if isinstance(error, (UserError, ValidationError)):
            self.limits.count_refused()
        _logger.warning("Run %s: lead %s could not be assigned", self.run.id, row.lead_id.id, exc_info=error)
        row.write({"state": "failed", "note": describe_error(error, self.env)})

    def apply_locked(self):
        """Apply rows whose leads were locked: wait once for all of them, then leave alone what still is.

        At the end nothing is planned any more but what other processes have in hand.
        """
        deadline = time.monotonic() + WAIT_FOR_LOCK
        for ids in split_every(BATCH_SIZE, get_planned_rows(self.run).ids, list):
            self.retry(self.apply_waiting, ids, deadline)
            self.commit(len(ids))

    def apply_waiting(self, row_ids, deadline):
        self.limits.forget_refused()
        rows = self.rows.browse(row_ids)
        rows = rows.try_lock_for_update(allow_referencing=True)  # not those of another process
        rows.invalidate_recordset(["state", "lead_id"])
        rows = rows.filtered(lambda row: row.state == "planned")
        wait_for(rows.lead_id, deadline - time.monotonic())
        busy = self.apply(rows)
        busy.write({"state": "skipped", "note": self.env._("Somebody else was changing the lead.")})
        self.limits.keep_refused()

    def finish(self, monitor, started):
        """End a run of which no row is planned any more; of several processes only one does."""
        run = self.run
        if run.state == "applying":
            passed = self.limits.find_passed()
            if passed and count_planned(run):
                self.stop(passed)
                return
        if not run.try_lock_for_update(allow_referencing=True):
            return
        run.invalidate_recordset(["state", "applying_seconds"])
        self.keep_costs(monitor, started)
        if run.state == "applying" and not count_planned(run):
            self.end("done")

    def retry_failed(self):
        """Give leads that failed another chance, as often as the campaign says, with its delay between."""
        self.limits.is_retrying = True
        for attempt in range(self.run.campaign_id.max_retries):
            if not self.find_failed():
                return
            if attempt and self.delay:
                self.commit()  # nobody waits meanwhile for the leads that are written, and what comes after is seen
                time.sleep(self.delay)
            with beside_live(self.env):  # limits are claimed
                self.retry(self.retry_once, attempt + 1)
                self.commit()

    def find_failed(self):
        """Return the rows that failed and could be tried again; none once the run is over, or has to be.

        Another process, or whoever stops the run, may have been there since the last time.
        """
        self.run.invalidate_recordset(["state"])
        if self.run.state != "applying" or self.limits.find_passed():
            return self.rows
        return self.rows.search([("run_id", "=", self.run.id), ("state", "=", "failed"), ("lead_id", "!=", False)])

    def retry_once(self, attempt):
        rows = self.find_failed().try_lock_for_update(allow_referencing=True)
        _logger.info("Run %s: %s failed leads are tried again (%s)", self.run.id, len(rows), attempt)
        rows = skip_over_limits(self.run, rows)  # while they had failed, others could get the room
        rows.note = False
        busy = self.apply(rows)
        busy.note = self.env._("Somebody else was changing the lead.")

    def stop(self, reason):
        """End a run early: what was not done is skipped, and the reason is kept."""
        get_planned_rows(self.run).write({"state": "skipped", "note": reason})
        self.env.flush_all()
        self.end("failed", reason)

    def keep_costs(self, monitor, started):
        """Add to the run what this process has needed: seconds, and what its steps have cost."""
        run = self.run
        run.write(
            {
                "applying_seconds": run.applying_seconds + time.monotonic() - started,
                "steps": monitor.add_to(run.steps, f"Run {run.id}"),
                "dropback_seconds": run.dropback_seconds + monitor.parts.pop("dropback", 0),
            }
        )
