from odoo import fields, models


class LeadDistributionDeclineReason(models.Model):
    """Why somebody gives a lead back."""

    _name = "lead.distribution.decline.reason"
    _inherit = ["lead.distribution.typed"]
    _description = "Reason for Declining a Lead"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
