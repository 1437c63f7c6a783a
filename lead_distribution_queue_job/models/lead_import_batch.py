from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.queue_job.delay import chain, group
from odoo.addons.queue_job.exception import RetryableJobError

from .lead_distribution_run import AHEAD, JOB_MANAGERS

PART = 2000  # rows of one job; it works them off in chunks, each chunk one transaction
CHECKS = ("_job_check",)


class LeadImportBatch(models.Model):
    """An import as jobs: one that checks the file, one for each part of its rows, and one that closes it."""

    _inherit = "lead.import.batch"

    job_ids = fields.One2many("queue.job", "import_batch_id", groups=JOB_MANAGERS)
    job_count = fields.Integer(compute="_compute_job_count", compute_sudo=True, groups=JOB_MANAGERS)

    def _compute_job_count(self):
        groups = self.env["queue.job"]._read_group(
            [("import_batch_id", "in", self.ids)], ["import_batch_id"], ["__count"]
        )
        counts = {batch.id: count for batch, count in groups}
        for batch in self:
            batch.job_count = counts.get(batch.id, 0)

    def action_view_jobs(self):
        self.ensure_one()
        self._check_importer()
        action = self.env["ir.actions.act_window"]._for_xml_id("queue_job.action_queue_job")
        return {**action, "domain": [("import_batch_id", "=", self.id)], "context": {}}

    def _leave_to_others(self):
        """Leave it to jobs: also what others have left behind."""
        self._delay_work()
        return True

    def _delay_work(self):
        """Make jobs of what is left to do, unless some are ahead.

        The first time one job a part. Later, when some of them have failed for good, only the
        closing one: it does everything that is left, and stops the import if that fails, too.
        """
        self.ensure_one()
        checking = self.state == "checking"
        jobs = self.sudo().job_ids.filtered(lambda job: (job.method_name in CHECKS) == checking)
        if not self.try_lock_for_update(allow_referencing=True) or self._has_jobs_ahead(jobs):
            return
        jobs.filtered(lambda job: job.state == "wait_dependencies").button_cancelled()
        self.env.flush_all()
        if checking:
            parts, last = [], self._prepare_job("_job_check", self.env._("Check %s", self.name))()
        else:
            first_time = not jobs
            parts = [self._prepare_part(*part) for part in self._get_parts()] if first_time else []
            last = self._prepare_job("_job_close", self.env._("Close %s", self.name), max_retries=20)()
        (chain(group(*parts), last) if parts else last).delay()
        for part in (*parts, last):
            part._generated_job.db_record().sudo().import_batch_id = self

    def _has_jobs_ahead(self, jobs):
        """Whether jobs of this import will go on; one that waits for a failed one will not."""
        states = set(jobs.mapped("state"))
        if "failed" in states or "cancelled" in states:
            states.discard("wait_dependencies")
        return bool(states & set(AHEAD))

    def _prepare_job(self, method, description, key="", **options):
        job = self.delayable(
            identity_key=f"lead_distribution.import{method}.{self.id}{key}", description=description, **options
        )
        return getattr(job, method)

    def _get_parts(self):
        """Return [(number, first row, last row)] of the rows that wait; one query."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                "SELECT place / %(size)s + 1, min(number), max(number) FROM (SELECT number, row_number() OVER "
                "(ORDER BY number) - 1 AS place FROM lead_import_row WHERE batch_id = %(batch)s "
                "AND state IN ('ready', 'update')) AS waiting GROUP BY 1 ORDER BY 1",
                size=PART,
                batch=self.id,
            )
        )

    def _prepare_part(self, number, first, last):
        description = self.env._("Part %(number)s of %(batch)s", number=number, batch=self.name)
        return self._prepare_job("_job_import_part", description, f".{first}")(first, last)

    def _job_check(self):
        """Check the file, for half a minute at a time; a killed check goes on where it was."""
        self.ensure_one()
        self._as_importer()._work()
        self.invalidate_recordset(["state", "rows_read"])
        if self.state == "checking":
            raise RetryableJobError("There are more rows to check.", seconds=1, ignore_retry=True)
        return self.env._("%s rows checked", self.rows_read)

    def _job_import_part(self, first, last):
        """Import the rows between two numbers. Commits after each chunk, so a killed job loses one chunk.

        Rows that other workers have in hand are passed over, for the closing job.
        """
        self.ensure_one()
        try:
            done = self._as_importer()._import_part(first, last)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
            self.env.cr.rollback()
            raise RetryableJobError("Other transactions were in the way too often.") from error
        return self.env._("%s rows", done)

    def _job_close(self):
        """Import what the parts have left, and close the import; commits on its way.

        An error that is none of its rows stops the import with the reason, as without jobs.

        :raise RetryableJobError: while other workers still have rows in hand
        """
        self.ensure_one()
        self._as_importer()._work()
        self.invalidate_recordset(["state", "counts"])
        if self.state == "importing":
            raise RetryableJobError("Rows of the import are still in the hands of other workers.")
        return self.env._("%s rows imported", self.imported_count)

    def _is_in_background(self):
        return super()._is_in_background() or bool(self.env.context.get("job_uuid"))
