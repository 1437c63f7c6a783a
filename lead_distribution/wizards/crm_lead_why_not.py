from odoo import api, fields, models

from ..finding.explain import explain_campaigns
from ..names import DROPPED
from ..planning.request import PlanRequest
from ..work.rights import check_manager
from ..work.system import as_system


class CrmLeadWhyNot(models.TransientModel):
    """Why not this lead? What each campaign says of it, and every step of one of them, the rule beside the value."""

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
    campaign_line_ids = fields.One2many(
        "crm.lead.why.not.campaign",
        "wizard_id",
        compute="_compute_campaign_line_ids",
        store=True,
        compute_sudo=False,
    )
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

    @api.depends("lead_id")
    def _compute_campaign_line_ids(self):
        for wizard in self:
            answers = wizard._ask_campaigns() if wizard.lead_id else ()
            lines = [fields.Command.create(wizard._prepare_campaign_line(answer)) for answer in answers]
            wizard.campaign_line_ids = [fields.Command.clear(), *lines]

    def _ask_campaigns(self):
        """Return what each campaign that the user may run says of the lead, see ``explain_campaigns``."""
        self.lead_id.check_access("read")
        campaigns = self.env["lead.distribution.campaign"].search([("active", "=", True)])
        campaigns = campaigns.filtered(lambda campaign: campaign.has_access("write"))
        check_manager(campaigns)
        request = PlanRequest()
        asked = [(campaign, campaign._get_filter_steps(request)) for campaign in as_system(campaigns)]
        return explain_campaigns(as_system(self.lead_id._origin), request, asked)

    def _prepare_campaign_line(self, answer):
        line = {name: answer.get(name) for name in ("step", "rule", "value")}
        name = answer["problem"] or answer.get("name") or self.env._("Takes it")
        takes = not (answer["step"] or answer["problem"])
        return {**line, "campaign_id": answer["campaign"].id, "takes": takes, "name": name}

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
            "“%(campaign)s” does not take this lead: %(step)s. It takes: %(rule)s. This lead: %(value)s.",
            campaign=self.campaign_id.name, step=refused["name"], rule=refused["rule"], value=refused["value"],
        )  # fmt: skip


class CrmLeadWhyNotCampaign(models.TransientModel):
    _name = "crm.lead.why.not.campaign"
    _inherit = "lead.distribution.offered"
    _description = "What a Campaign Says of One Lead"

    wizard_id = fields.Many2one("crm.lead.why.not", required=True, ondelete="cascade")
    campaign_id = fields.Many2one("lead.distribution.campaign", ondelete="cascade")
    takes = fields.Boolean(string="Takes it")
    step = fields.Char()
    name = fields.Char(string="Answer")
    rule = fields.Char(string="The campaign takes")
    value = fields.Char(string="This lead")


class CrmLeadWhyNotLine(models.TransientModel):
    _name = "crm.lead.why.not.line"
    _inherit = "lead.distribution.offered"
    _description = "Step of a Campaign for One Lead"

    wizard_id = fields.Many2one("crm.lead.why.not", required=True, ondelete="cascade")
    step = fields.Char()
    name = fields.Char(string="Reason to leave out")
    passes = fields.Boolean()
    rule = fields.Char(string="The campaign takes")
    value = fields.Char(string="This lead")
