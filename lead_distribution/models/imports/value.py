from odoo import api, fields, models

from ...importing.meanings import VOCABULARIES
from ...importing.targets import LEAD_TARGETS
from ...names import OPEN_IMPORTS


class LeadImportValue(models.Model):
    """A value of a file that is no name of ours, in how many rows it stands, and what it means."""

    _name = "lead.import.value"
    _description = "Value of an Import"
    _inherit = ["lead.distribution.typed", "lead.distribution.part"]
    _part_of = "batch_id"
    _open_while = OPEN_IMPORTS
    _order = "target desc, rows desc, id"
    _rec_name = "value"

    batch_id = fields.Many2one("lead.import.batch", required=True, ondelete="cascade", index=True)
    target = fields.Selection(
        [(target, LEAD_TARGETS[target].label) for target in VOCABULARIES], string="Column", required=True, readonly=True
    )
    key = fields.Char(required=True, readonly=True, help="The value as it is compared.")
    value = fields.Char(readonly=True)
    rows = fields.Integer(readonly=True)
    status_id = fields.Many2one("crm.lead.status", string="Lead status", ondelete="set null")
    priority = fields.Selection([("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High")])
    country_id = fields.Many2one("res.country", ondelete="set null")
    source_id = fields.Many2one("utm.source", ondelete="set null")
    medium_id = fields.Many2one("utm.medium", ondelete="set null")
    marketing_campaign_id = fields.Many2one("utm.campaign", ondelete="set null", string="Marketing campaign")
    left_out = fields.Boolean(string="Leave these rows out")
    certainty = fields.Selection(
        [("none", "Not known"), ("guess", "Please check"), ("kept", "As last time"), ("chosen", "Chosen")],
        default="none",
        required=True,
        readonly=True,
    )

    @api.onchange("status_id", "priority", "country_id", "source_id", "medium_id", "marketing_campaign_id", "left_out")
    def _onchange_meaning(self):
        self.certainty = "chosen"
