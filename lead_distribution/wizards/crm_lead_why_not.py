from odoo import api, fields, models

from ..names import DROPPED
from ..work.rights import check_manager


class CrmLeadWhyNot(models.TransientModel):
    """Why not this lead? Every step of a campaign for one lead, with the value that decided."""

    _name = "crm.lead.why.not"
    _inherit = ["lead.distribution.form"]
    _description = "Why Is This Lead Not Handed Out?"

    lead_id = fields.Many2one(
        "crm.lead", required=True, context={"active_test": False}, default=lambda self: self._default_lead_id()
    )
    campaign_id = fields.Many2one(
        "lead.distribution.campaign", required=True, default=lambda self: self._default_campaign_id()
    )
    # not with full rights: it is the user whose rights count
    line_ids = fields.One2many(
        "crm.lead.why.not.line", "wizard_id", compute="_compute_line_ids", store=True, compute_sudo=False
    )
    answer = fields.Char(compute="_compute_line_ids", store=True, compute_sudo=False)

    def _check_allowed(self):
        """Steps and values are for those who may run the campaign."""
        for wizard in self:
            check_manager(wizard.campaign_id)

    def _default_lead_id(self):
        is_lead = self.env.context.get("active_model") == "crm.lead"
        return self.env.context.get("active_id") if is_lead else False

    def _default_campaign_id(self):
        return self.env["lead.distribution.campaign"].search([], limit=1)

    @api.depends("lead_id", "campaign_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [fields.Command.clear()]
            wizard.answer = ""
            if not (wizard.lead_id and wizard.campaign_id):
                continue
            steps = wizard.campaign_id._explain_lead(wizard.lead_id)
            wizard.line_ids = [fields.Command.create(step) for step in steps]
            wizard.answer = wizard._prepare_answer(steps)

    def _prepare_answer(self, steps):
        refused = next((step for step in steps if not step["passes"]), None)
        if refused is None:
            return self.env._("“%s” would take this lead.", self.campaign_id.name)
        if refused["step"] == DROPPED:
            return self.env._("This lead is too old: “%s” would drop it back.", self.campaign_id.name)
        return self.env._(
            "“%(campaign)s” does not take this lead: %(step)s.", campaign=self.campaign_id.name, step=refused["name"]
        )


class CrmLeadWhyNotLine(models.TransientModel):
    _name = "crm.lead.why.not.line"
    _description = "Step of a Campaign for One Lead"

    wizard_id = fields.Many2one("crm.lead.why.not", required=True, ondelete="cascade")
    step = fields.Char()
    name = fields.Char(string="Left out if")
    passes = fields.Boolean()
    value = fields.Char(string="This lead")
