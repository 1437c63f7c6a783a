from odoo import api, fields, models

from ...names import USUAL_TARGET
from ...tools.codes import normalize_level
from ...tools.limits import WHOLE


class LeadDistributionLevel(models.Model):
    """Senior, mid-level, junior …: a default target and a priority.

    Levels without a campaign are for all campaigns; a campaign may have own levels.
    """

    _name = "lead.distribution.level"
    _description = "Salesperson Level"
    _inherit = ["lead.distribution.typed", "lead.distribution.part", "lead.distribution.aside"]
    _limits = {"priority": (0, WHOLE)}
    _order = "priority, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Technical name, used in configurations and files.")
    priority = fields.Integer(default=1, required=True, help="1 comes first.")
    target_leads = fields.Integer(
        string="Target",
        default=USUAL_TARGET,
        required=True,
        help="How many leads a salesperson of this level should hold.",
    )
    campaign_id = fields.Many2one(
        "lead.distribution.campaign",
        ondelete="cascade",
        index=True,
        help="Empty: the level can be used in all campaigns.",
    )
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    active = fields.Boolean(default=True)

    _target_not_negative = models.Constraint("CHECK (target_leads >= 0)", "A target cannot be negative.")
    _code_unique = models.UniqueIndex(
        "(code, coalesce(campaign_id, 0))", "This campaign has a level with this code already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_normal_code(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_normal_code(vals))

    @api.model
    def _with_normal_code(self, vals):
        """Keep codes in the form in which configurations and files compare them: ``Mid-Level`` is mid_level."""
        code = vals.get("code")
        return {**vals, "code": normalize_level(code) or code} if code else vals
