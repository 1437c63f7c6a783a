from odoo import api, fields, models
from odoo.exceptions import UserError

from ..following.pull import find_campaigns, pull
from ..models.base.ways import get_ways
from ..models.lead.my_leads import MY_LEADS
from ..tools.actions import with_notice
from ..work.system import as_system

USUAL = 5  # leads that are proposed


class LeadDistributionPull(models.TransientModel):
    """Give me leads: of which campaign, and how many."""

    _name = "lead.distribution.pull"
    _inherit = ["lead.distribution.form", "lead.distribution.typed"]
    _description = "Give Me Leads"

    campaign_id = fields.Many2one(
        "lead.distribution.campaign",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', campaign_ids)]",
        default=lambda self: find_campaigns(self.env)[:1],
    )
    campaign_ids = fields.Many2many(
        "lead.distribution.campaign", compute="_compute_campaign_ids", string="Campaigns to choose from"
    )
    has_choice = fields.Boolean(string="Several campaigns", compute="_compute_campaign_ids")
    count = fields.Integer(
        string="How many", required=True, compute="_compute_count", store=True, readonly=False, precompute=True
    )
    most = fields.Integer(compute="_compute_most")

    @api.depends("campaign_id")
    def _compute_campaign_ids(self):
        campaigns = find_campaigns(self.env)
        self.campaign_ids = campaigns
        self.has_choice = len(campaigns) > 1

    @api.depends("campaign_id")
    def _compute_most(self):
        for wizard in self:
            # a number that everybody hears of who asks for more; the rest of the settings is for managers
            wizard.most = as_system(wizard.campaign_id).pull_at_once

    @api.depends("campaign_id")
    def _compute_count(self):
        for wizard in self:
            wizard.count = min(USUAL, wizard.most or 1)

    @api.model
    def action_ask(self):
        """Return the dialog; where there is nothing to choose, the one lead at once."""
        self.check_access("create")
        campaigns = find_campaigns(self.env)
        if not campaigns:
            raise UserError(self.env._("In none of your campaigns you can take leads."))
        if len(campaigns) == 1 and as_system(campaigns).pull_at_once == 1:
            return self._pull(campaigns, 1)
        return self.env["ir.actions.act_window"]._for_xml_id("lead_distribution.lead_distribution_pull_action")

    def action_pull(self):
        """Take the leads, and show them. Commits."""
        self.ensure_one()
        return self._pull(self.campaign_id, self.count)

    def _pull(self, campaign, count):
        pulled = pull(campaign, count, get_ways)
        if not pulled.leads:
            params = {"type": "warning", "message": pulled.why, "next": {"type": "ir.actions.act_window_close"}}
            return {"type": "ir.actions.client", "tag": "display_notification", "params": params}
        text = (
            self.env._("1 lead is yours now.")
            if len(pulled.leads) == 1
            else self.env._("%s leads are yours now.", len(pulled.leads))
        )
        return with_notice(self._show(pulled.leads), f"{text} {pulled.why}".strip())

    def _show(self, leads):
        """Return the action that shows what came: the lead, or the list of them."""
        if len(leads) == 1:
            return {
                "type": "ir.actions.act_window", "name": leads.name, "res_model": leads._name,
                "res_id": leads.id, "views": [(False, "form")], "target": "current",
            }  # fmt: skip
        action = self.env["ir.actions.act_window"]._for_xml_id(MY_LEADS)
        name = self.env._("Your new leads")
        return {**action, "name": name, "display_name": name, "domain": [("id", "in", leads.ids)], "context": {}}
