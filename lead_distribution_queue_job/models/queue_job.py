from odoo import fields, models


class QueueJob(models.Model):
    _inherit = "queue.job"

    distribution_run_id = fields.Many2one(
        "lead.distribution.run", readonly=True, ondelete="set null", index="btree_not_null"
    )
    import_batch_id = fields.Many2one("lead.import.batch", readonly=True, ondelete="set null", index="btree_not_null")
