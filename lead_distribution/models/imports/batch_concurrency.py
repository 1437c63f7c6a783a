from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

WAITING = ("ready", "update")  # states of rows that are not done yet


class LeadImportBatch(models.Model):
    """Several processes at once: one stops what another imports, one dies, two bring the same person."""

    _inherit = "lead.import.batch"

    is_stopping = fields.Boolean(readonly=True, copy=False, help="No chunk begins any more; those in hand end first.")
    working_since = fields.Datetime(readonly=True, copy=False, help="Set while a process works on it.")
    interruptions = fields.Integer(readonly=True, copy=False, help="How often such a process ended without a word.")

    def _stop(self):
        """Stop an import; what is done stays done. Commits.

        Rows that nobody has in hand are cancelled at once. Whoever has the others in hand closes the import.
        """
        retrying = self.env["lead.distribution.run"]._retrying
        retrying(self._write_stopping)
        self._commit(0)  # from now on no chunk begins
        retrying(self._finish_if_done)
        self._commit(0)
        if self.state == "importing":
            self._wake_cron()

    def _write_stopping(self):
        self.invalidate_recordset(["state", "is_stopping"])
        self.is_stopping = self.state == "importing"

    def _may_go_on(self):
        """Say whether another chunk may begin; as it is now, not as it was read before."""
        self.invalidate_recordset(["state", "is_stopping", "rows_done", "counts"])
        return self.state == "importing" and not self.is_stopping

    def _finish_if_done(self):
        """Close the import unless another process still works on rows of it."""
        if not self.try_lock_for_update(allow_referencing=True):
            return
        self.invalidate_recordset(["state", "is_stopping", "counts"])
        if self.state != "importing":
            return
        if self.is_stopping:
            self._cancel_waiting()
        if not self.env["lead.import.row"].sudo().search_count(self._get_waiting_domain(), limit=1):
            self._finish("cancelled" if self.is_stopping else "done")

    def _get_waiting_domain(self):
        return [("batch_id", "=", self.id), ("state", "in", WAITING)]

    def _cancel_waiting(self):
        """Cancel the rows that nobody has in hand."""
        rows = self.env["lead.import.row"].sudo().search(self._get_waiting_domain())
        free = rows.try_lock_for_update(allow_referencing=True)
        free.write({"state": "cancelled", "message": self.env._("The import was stopped before this row.")})
        self.env.flush_all()

    def _finish(self, state):
        if state == "done":
            self.rows_done = self.rows_to_do  # what a killed process has done was not counted
        self.is_stopping = False
        return super()._finish(state)

    def _work(self):
        """Remember that somebody works on it: a mark that is still there was left by a killed process."""
        retrying = self.env["lead.distribution.run"]._retrying
        retrying(self._mark_working)
        self._commit(0)
        result = super()._work()
        retrying(self._unmark_working)
        self._commit(0)
        return result

    def _mark_working(self):
        self.invalidate_recordset(["working_since", "interruptions"])
        if self.working_since:
            self.interruptions += 1
        self.working_since = fields.Datetime.now()

    def _unmark_working(self):
        self.working_since = False

    def _claim_keys(self, rows):
        """Have other imports that bring the same people end first."""
        keys = {key for row in rows for key in (row["email_key"], *(row["phone_keys"] or ()), row["name_key"]) if key}
        self.env["lead.import.key"].sudo()._claim([f"{self.company_id.id} {key}" for key in keys])

    def _import_rows(self, rows, context, recheck):
        """What a transaction that fails has created by name must not be used by the next one."""
        try:
            return super()._import_rows(rows, context, recheck)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            context["lookups"].forget_names()
            raise
