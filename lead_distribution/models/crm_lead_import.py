from odoo import fields, models


class CrmLead(models.Model):
    """Where a lead came from, if it came in a file or through the API."""

    _inherit = "crm.lead"

    import_batch_id = fields.Many2one(
        "lead.import.batch", string="Import", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )

    # the index of Odoo itself is for parts of texts; comparing many whole addresses at once needs this one
    _email_whole_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
