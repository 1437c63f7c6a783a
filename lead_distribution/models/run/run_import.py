from odoo import fields, models

from ...names import MANAGERS
from ...reporting.left import prepare_left


class LeadDistributionRun(models.Model):
    """Runs of imports: their leads are created with their owner, so there is nothing to apply."""

    _inherit = "lead.distribution.run"

    origin = fields.Selection(selection_add=[("import", "Import")], ondelete={"import": "set default"})
    import_batch_id = fields.Many2one(
        "lead.import.batch", string="Import", ondelete="set null", index="btree_not_null", groups=MANAGERS
    )

    def _continue_applying(self):
        """The import itself goes on with its run."""
        return True if self.origin == "import" else super()._continue_applying()

    def _cancel(self):
        if self.origin == "import" and self.state == "applying":
            self.import_batch_id._stop()
            return None
        return super()._cancel()

    def _update_left_over(self):
        """Found are the leads that may be called; nobody got those left over. Before people are told of the run."""
        if self.origin != "import" or not self.import_batch_id:
            return super()._update_left_over()
        left, blocked = self.import_batch_id._count_left()
        kept = prepare_left({reason: sorted(ids, key=lambda lead_id: lead_id or 0) for reason, ids in left.items()})
        self.write(
            {
                **kept,
                "leads_found": self.leads_done + sum(kept["left_over"].values()),
                "exclusions": {"dnc": blocked} if blocked else {},
            }
        )
        return None

    def _compute_progress(self):
        imports = self.filtered(lambda run: run.origin == "import")
        for run in imports:
            batch = run.import_batch_id
            share = batch.rows_done / batch.rows_to_do if batch.rows_to_do else 1
            run.progress = share * 100 if run.state == "applying" else 100
        return super(LeadDistributionRun, self - imports)._compute_progress()
