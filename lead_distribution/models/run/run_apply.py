import logging
import time

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.modules import module as odoo_module
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, split_every

from ...applying.checks import Terms, describe, find_obstacles
from ...applying.locks import WAIT_FOR_LOCK, wait_for
from ...names import SNAPSHOT_FIELDS
from ...reporting.lists import keep_dropback_list
from ...reporting.mails import report
from ...reporting.notify import tell_people, try_telling, warn_of_slowness
from ...reporting.run_log import log_end
from ...work.inside import Inside, get_inside, with_own_context
from ...work.monitor import Monitor, current_monitor, measured, measured_part, monitoring

_logger = logging.getLogger(__name__)

BATCH_SIZE = 2000  # larger ones are hardly faster, and lock leads for longer
AT_ONCE = 2000  # leads that a click applies before it answers; more go to the background
RETRIES = 5


class LeadDistributionRun(models.Model):
    """Applying: the plan becomes true, batch by batch.

    Each batch is one transaction: lock the planned rows and their leads, check that the
    leads are still as they were planned, write them, mark the rows, commit. So the row
    that says "done" commits together with its lead. A killed process leaves planned rows,
    and whoever goes on takes exactly these. Several processes may work on one run: rows
    and leads locked by one are passed over by the others.
    """

    _inherit = "lead.distribution.run"

    def action_apply(self):
        """Apply planned runs to the end; also goes on with runs that were cut off.

        Commits after every batch.

        :raise UserError: for a run that is neither planned, nor being applied
        """
        self.campaign_id._check_manager()
        for run in with_own_context(self.sudo()):
            run._keep_plan()
            run._retrying(run._begin)
            run._commit_batch(0)  # a conflict in the first batch must not undo the plan
            run._continue_applying()
        return True

    def action_start(self):
        """Apply a planned run; a large one in the background, with its progress shown."""
        self.ensure_one()
        if self.leads_planned + self.leads_dropped_back <= AT_ONCE:
            return self.action_apply()
        self.campaign_id._check_manager()
        with_own_context(self.sudo())._begin()
        self.env.ref("lead_distribution.ir_cron_distribute").sudo()._trigger()
        return True

    def action_cancel(self):
        """Discard a plan, or stop a run that is being applied; what is done stays done."""
        for run in self:
            run.campaign_id._check_manager()
            if run.state not in ("planned", "applying"):
                raise UserError(self.env._("Only a run that is not finished can be cancelled."))
            with_own_context(run.sudo())._cancel()
        return True

    def _begin(self):
        self.ensure_one()
        self.invalidate_recordset(["state"])
        if self.state == "applying":
            return
        if self._is_failed_midway():
            self._check_alone()
            self.write({"state": "applying", "failure_count": 0, "error": False})
            return
        if self.state != "planned":
            raise UserError(
                self.env._(
                    "“%(run)s” cannot be applied: it is %(state)s.",
                    run=self.name,
                    state=dict(self._fields["state"]._description_selection(self.env))[self.state],
                )
            )
        self._check_active()
        self._check_alone()
        self._skip_over_limits()
        self.write({"state": "applying", "started_on": fields.Datetime.now()})

    def _check_active(self):
        """A campaign that is switched off hands out nothing; what was begun before goes on."""
        if not self.campaign_id.active:
            raise UserError(self.env._("The campaign “%s” is not active.", self.campaign_id.name))

    def _check_alone(self):
        """A campaign has one run that is being applied; for two at the same moment there is a unique index."""
        if self.origin == "import":
            return
        others = self.search(self.campaign_id._get_unfinished_domain()) - self
        if others:
            raise UserError(
                self.env._("“%s” of this campaign is being applied: let it end, or stop it first.", others[0].name)
            )

    def _is_failed_midway(self):
        return self.state == "failed" and self._count_planned() > 0

    def _cancel(self):
        if self.origin == "import" and self.state == "applying":
            self.import_batch_id._stop()
            return
        rows = self._get_planned_rows()
        rows.write({"state": "skipped", "note": self.env._("The run was cancelled.")})
        self.env.flush_all()
        self._close("cancelled")

    def _get_planned_rows(self):
        return self.env["lead.distribution.assignment"].search(
            [("run_id", "=", self.id), ("state", "=", "planned")], order="id"
        )

    def _continue_applying(self):
        """Apply batches until nothing is left or the scheduler's time is up.

        :return: whether the run is finished, or in the hands of other processes
        """
        self.ensure_one()
        if self.origin == "import":
            return True  # the import itself goes on with its run
        run = self.with_context(lead_distribution_delay=Inside(self.campaign_id.retry_delay))
        with monitoring(self.env.cr):  # the batches of this process; what several processes do adds up
            return run._apply_batches()

    def _apply_batches(self):
        started = time.monotonic()
        last_id = 0
        while True:
            done, last_id = self._retrying(self._apply_next_batch, last_id)
            if done and not self._commit_batch(done):
                self._retrying(self._add_seconds, time.monotonic() - started)
                return False
            if not done:
                break
        self._apply_rest()
        self._retrying(self._finish, time.monotonic() - started)
        self._commit_batch(0)
        return True

    def _commit_batch(self, processed):
        """Commit, and tell whoever started the run in a terminal how far it is.

        :return: the seconds left, infinite when no scheduler counts them
        """
        if odoo_module.current_test and not self.env.context.get("ir_cron_progress_id"):
            self.env.flush_all()  # a test's transaction belongs to the test
            left = float("inf")
        else:
            left = self.env["ir.cron"]._commit_progress(processed)
        tell = get_inside(self.env, "lead_distribution_progress")
        if tell:
            tell(processed)
        return left

    def _retrying(self, step, *arguments):
        """Do a step; if another transaction changed the same rows meanwhile, wait and do it once more.

        How often that happened is counted on the run.
        """
        for conflicts in range(RETRIES):
            try:
                result = step(*arguments)
                self.env.flush_all()
                break
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()  # no lock is held while it waits
                self._wait()
                if conflicts == RETRIES - 1:
                    raise
                _logger.info("Run %s: rows were changed meanwhile, trying again", self.id)
        if conflicts:
            self.conflict_count += conflicts
        return result

    def _apply_next_batch(self, last_id):
        """Apply the next rows after ``last_id``; return how many, and the id of the last."""
        counts = {}
        run = self.with_context(lead_distribution_counts=Inside(counts))
        with measured("apply"):
            passed = run._get_limit_passed()
            if passed:
                run._stop(passed)
                return 0, last_id
            rows = run._lock_rows(last_id)
            if rows:
                run._apply_rows(rows)
            if counts.get("invalid_count"):
                self.invalid_count += counts["invalid_count"]
            return len(rows), rows[-1:].id or last_id

    def _add_seconds(self, seconds):
        """Keep what this process has needed: seconds, and what its steps have cost."""
        self.applying_seconds += seconds
        monitor = current_monitor()
        if monitor:
            self._add_steps(monitor.steps)
            self.dropback_seconds += monitor.parts.pop("dropback", 0)

    def _lock_rows(self, last_id):
        """Return the next planned rows, locked; those of other processes are passed over."""
        self.invalidate_recordset(["state"])
        if self.state != "applying":
            return self.env["lead.distribution.assignment"]
        rows = self.env["lead.distribution.assignment"]
        query = rows._search(
            [("run_id", "=", self.id), ("state", "=", "planned"), ("id", ">", last_id)],
            order="id",
            limit=BATCH_SIZE,
        )
        statement = SQL("%s FOR NO KEY UPDATE SKIP LOCKED", query.select())
        locked = rows.browse(row_id for [row_id] in self.env.execute_query(statement))
        locked.invalidate_recordset(["state"])
        return locked

    def _apply_rows(self, rows):
        """Write the leads of locked rows; return the rows of leads that are locked elsewhere: these stay planned."""
        leads = rows.lead_id
        mine = leads.try_lock_for_update(allow_referencing=True)
        mine.invalidate_recordset([*SNAPSHOT_FIELDS, "active"])
        mine.fetch()  # writing will need nearly all columns
        locked_elsewhere = set((leads - mine).exists().ids)  # the others were deleted
        busy = rows.filtered(lambda row: row.lead_id.id in locked_elsewhere) if locked_elsewhere else rows.browse()
        rows = self._skip_changed(rows - busy, mine)
        dropped = rows.filtered(lambda row: row.kind == "dropback")
        self._write_rows(rows - dropped)
        if dropped:
            with measured_part("dropback"):
                self._write_rows(dropped)
        return busy

    def _skip_changed(self, rows, leads):
        """Mark the rows that cannot be applied any more; return the others.

        :param leads: the leads that exist, locked
        """
        obstacles = find_obstacles(rows, leads, self._get_terms())
        for code, ids in obstacles.items():
            rows.browse(ids).write({"state": "skipped", "note": describe(code, self.env)})
        skipped = {row_id for ids in obstacles.values() for row_id in ids}
        return rows.filtered(lambda row: row.id not in skipped) if skipped else rows

    def _get_terms(self):
        """Return what must hold for leads and people now, whatever held when the plan was made."""
        campaign = self.campaign_id
        return Terms(campaign.id, campaign.company_id.id or None, campaign.include_inactive, campaign._get_dnc_domain())

    def _apply_rest(self):
        """Apply rows whose leads were locked: wait once for all of them, then leave alone what still is.

        At the end nothing is planned any more but what other processes have in hand.
        """
        deadline = time.monotonic() + WAIT_FOR_LOCK
        for ids in split_every(BATCH_SIZE, self._get_planned_rows().ids, list):
            self._retrying(self._apply_waiting, ids, deadline)
            self._commit_batch(len(ids))

    def _apply_waiting(self, row_ids, deadline):
        rows = self.env["lead.distribution.assignment"].browse(row_ids)
        rows = rows.try_lock_for_update(allow_referencing=True)  # not those of another process
        rows.invalidate_recordset(["state", "lead_id"])
        rows = rows.filtered(lambda row: row.state == "planned")
        wait_for(rows.lead_id, deadline - time.monotonic())
        busy = self._apply_rows(rows)
        busy.write({"state": "skipped", "note": self.env._("Somebody else was changing the lead.")})

    def _finish(self, seconds):
        """Close a run of which no row is planned any more; of several processes only one does.

        Before, leads that failed get another chance.
        """
        if self.state == "applying":
            passed = self._get_limit_passed()
            if passed and self._count_planned():
                self._stop(passed)
                return
            self._retry_failed()
        if not self.try_lock_for_update(allow_referencing=True):
            return
        self.invalidate_recordset(["state", "applying_seconds"])
        self._add_seconds(seconds)
        if self.state == "applying" and not self._count_planned():
            self._close("done")

    def _close(self, state):
        """End a run: all that happens then, in its order.

        People are told when the figures are complete; what fails of the telling costs the run nothing.
        """
        monitor = Monitor(self.env.cr)
        with monitor.step("close"):
            received = self._count_rows("user_id")
            self.write({"state": state, "finished_on": fields.Datetime.now(), "leads_done": sum(received.values())})
            self._update_dropback()
            self._update_left_over()
            self._update_member_lines()
            self._turn_rotation(received, 1)
            self._update_summary()
            warn_of_slowness(self)
            try_telling(self, tell_people)
            try_telling(self, keep_dropback_list)
            try_telling(self, report)
        self._add_steps(monitor.steps)
        log_end(self)

    def _count_rows(self, field_name, states=("done",), kind="distribution"):
        """Return {user id: number of assignments} of this run."""
        groups = self.env["lead.distribution.assignment"]._read_group(
            [("run_id", "=", self.id), ("state", "in", states), ("kind", "=", kind)],
            [field_name],
            ["__count"],
        )
        return {user.id: count for user, count in groups}

    def _turn_rotation(self, received, sign):
        """Add what people received to their turns, or take it away again."""
        if sign > 0 and received:
            self.campaign_id._start_rotation()
        members = self.campaign_id.with_context(active_test=False).member_ids
        for member in members.filtered(lambda m: received.get(m.user_id.id)):
            turns = member.rotation_turns + sign * received[member.user_id.id]
            values = {"rotation_turns": max(0, turns)}
            if sign > 0:
                values["last_received"] = self.finished_on
            member.write(values)
