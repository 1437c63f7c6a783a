from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLeadDistribute(models.TransientModel):
    """Distribute the selected leads: choose the campaign, then look at the plan."""

    _name = "crm.lead.distribute"
    _inherit = ["lead.distribution.form"]
    _description = "Distribute Selected Leads"

    campaign_id = fields.Many2one(
        "lead.distribution.campaign",
        required=True,
        default=lambda self: self._default_campaign_id(),
    )
    lead_ids = fields.Many2many(
        "crm.lead", default=lambda self: self._default_lead_ids(), context={"active_test": False}
    )
    lead_count = fields.Integer(compute="_compute_lead_count", string="Number of leads")
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids", string="Members to choose from")
    user_ids = fields.Many2many(
        "res.users",
        "crm_lead_distribute_user_rel",
        "wizard_id",
        "user_id",
        string="Only to",
        domain="[('id', 'in', candidate_ids)]",
        help="Empty: everybody of the campaign who can receive leads.",
    )

    def _default_campaign_id(self):
        return self.env["lead.distribution.campaign"].search([], limit=1)

    def _default_lead_ids(self):
        if self.env.context.get("active_model") != "crm.lead":
            return False
        return [fields.Command.set(self.env.context.get("active_ids", []))]

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        for wizard in self:
            wizard.lead_count = len(wizard.lead_ids)

    @api.depends("campaign_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = wizard.campaign_id.member_ids.filtered("active").user_id

    def action_simulate(self):
        """Plan the distribution of these leads; the filters of the campaign still apply."""
        self.ensure_one()
        if not self.lead_ids:
            raise UserError(self.env._("Select the leads to distribute first."))
        run = self.campaign_id.simulate(lead_ids=self.lead_ids.ids, user_ids=self.user_ids.ids or None)
        run.sudo().origin = "selection"
        return run._get_form_action()
