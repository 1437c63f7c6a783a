from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.lead_distribution.applying import applier
from odoo.addons.lead_distribution.models.run.apply import MOST_FAILURES
from odoo.addons.lead_distribution.work.rights import check_manager
from odoo.addons.lead_distribution.work.system import as_system
from odoo.addons.queue_job.delay import chain, group
from odoo.addons.queue_job.exception import RetryableJobError

JOB_MANAGERS = "queue_job.group_queue_job_manager"
AHEAD = ("wait_dependencies", "pending", "enqueued", "started")


class LeadDistributionRun(models.Model):
    """A run as jobs: one a batch, side by side, and one after them that closes the run.

    Jobs are only for their managers to see, so they are read and written with full rights.
    """

    _inherit = "lead.distribution.run"

    job_ids = fields.One2many("queue.job", "distribution_run_id", groups=JOB_MANAGERS)
    job_count = fields.Integer(compute="_compute_job_count", compute_sudo=True, groups=JOB_MANAGERS)

    def _compute_job_count(self):
        groups = self.env["queue.job"]._read_group(
            [("distribution_run_id", "in", self.ids)], ["distribution_run_id"], ["__count"]
        )
        counts = {run.id: count for run, count in groups}
        for run in self:
            run.job_count = counts.get(run.id, 0)

    def action_view_jobs(self):
        self.ensure_one()
        check_manager(self.campaign_id)
        action = self.env["ir.actions.act_window"]._for_xml_id("queue_job.action_queue_job")
        return {**action, "domain": [("distribution_run_id", "=", self.id)], "context": {}}

    def _begin(self):
        """Forget jobs that have failed before: a run that is gone on with has all its tries again."""
        begun = super()._begin()
        as_system(self).job_ids.filtered(lambda job: job.state == "failed").button_cancelled()
        return begun

    def _leave_to_others(self):
        """Leave it to jobs: also what was left behind, as a run whose jobs have failed gets one that finishes it."""
        self._delay_applying()
        return True

    def _delay_applying(self):
        """Make jobs of what is still planned, unless there are some.

        The first time one job a batch. Later, when some of them have failed for good, only
        the closing one: it does everything that is left.
        """
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True) or self._has_jobs_ahead():
            return
        if self._has_failed_for_good():
            return
        stale = as_system(self).job_ids.filtered(lambda job: job.state == "wait_dependencies")
        stale.button_cancelled()  # they wait for jobs that have failed
        self.env.flush_all()
        first_time = not as_system(self).job_ids
        batches = [self._prepare_batch(number, first) for number, first in self._get_batches()] if first_time else []
        close = self.delayable(
            identity_key=f"lead_distribution.close.{self.id}",
            description=self.env._("Close %s", self.name),
            max_retries=20,
        )._job_close()
        (chain(group(*batches), close) if batches else close).delay()
        jobs = as_system(self.env["queue.job"])
        for part in (*batches, close):
            jobs |= part._generated_job.db_record()
        jobs.distribution_run_id = self

    def _has_failed_for_good(self):
        """Give the run up if closing it has failed too often; whether it was."""
        failed = as_system(self).job_ids.filtered(lambda job: job.state == "failed" and job.method_name == "_job_close")
        if len(failed) < MOST_FAILURES:
            return False
        self.failure_count = len(failed)
        self._give_up(failed.sorted("id")[-1].exc_message or "")
        return True

    def _has_jobs_ahead(self):
        """Whether jobs of this run will go on; one that waits for a failed one will not."""
        states = {job.state for job in as_system(self).job_ids}
        if "failed" in states or "cancelled" in states:
            states.discard("wait_dependencies")
        return bool(states & set(AHEAD))

    def _get_batches(self):
        """Return [(number, id of the first row)] of the planned rows; one query."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                "SELECT place / %(size)s + 1, id FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place "
                "FROM lead_distribution_assignment WHERE run_id = %(run)s AND state = 'planned') AS planned "
                "WHERE place %% %(size)s = 0 ORDER BY id",
                size=applier.BATCH_SIZE,
                run=self.id,
            )
        )

    def _prepare_batch(self, number, first_id):
        return self.delayable(
            identity_key=f"lead_distribution.batch.{self.id}.{first_id}",
            description=self.env._("Batch %(number)s of %(run)s", number=number, run=self.name),
        )._job_apply_batch(first_id)

    def _job_apply_batch(self, first_id):
        """Apply a batch of planned rows from a row on, in the job's transaction.

        Rows that other workers have in hand are passed over; rows of leads that somebody is
        changing stay planned, for the closing job. Serialization failures put the job back.
        """
        self.ensure_one()
        done, _last_id = self._apply_next_batch(first_id - 1)
        return self.env._("%s leads", done)

    def _job_close(self):
        """Apply what the batches have left, and close the run; commits on its way.

        :raise RetryableJobError: while other workers still hold rows of the run
        """
        self.ensure_one()
        self._continue_applying()
        self.invalidate_recordset(["state"])
        if self.state == "applying":
            raise RetryableJobError("Rows of the run are still in the hands of other workers.")
        if self.state == "done" and self.started_on and self.finished_on:
            # batches ran side by side: what counts is how long it took
            self.applying_seconds = (self.finished_on - self.started_on).total_seconds()
        return self.env._("%s leads handed out", self.leads_done)
