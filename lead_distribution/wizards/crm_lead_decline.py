from odoo import api, fields, models

from ..following.declinable import count_room, describe_next, describe_room, list_choice
from ..tools.actions import with_notice
from ..work.system import as_system

MY_LEADS = "lead_distribution.lead_distribution_new_leads_action"


class CrmLeadDecline(models.TransientModel):
    """Gives leads back: why."""

    _name = "crm.lead.decline"
    _inherit = ["lead.distribution.form", "lead.distribution.typed"]
    _description = "Decline Leads"

    lead_ids = fields.Many2many("crm.lead", string="Leads", required=True, context={"active_test": False})
    choice_ids = fields.Many2many(
        "lead.distribution.decline.reason", compute="_compute_choice_ids", string="Reasons to choose from"
    )
    reason_id = fields.Many2one(
        "lead.distribution.decline.reason", string="Why", domain="[('id', 'in', choice_ids)]", ondelete="cascade"
    )
    reason = fields.Char()
    notice = fields.Char(compute="_compute_notice", string="What comes then")
    is_opened = fields.Boolean(
        string="Asked for on the lead", readonly=True, help="It was asked for on the form of the lead."
    )

    @api.depends("lead_ids")
    def _compute_choice_ids(self):
        """The reasons that all campaigns concerned have, of those that have any."""
        for wizard in self:
            choices = [list_choice(campaign) for campaign in wizard._get_campaigns()]
            choices = [choice for choice in choices if choice]
            common = choices[0] if choices else wizard.reason_id.browse()
            for choice in choices[1:]:
                common &= choice
            wizard.choice_ids = common.ids

    @api.depends("lead_ids")
    @api.depends_context("lang", "uid")
    def _compute_notice(self):
        for wizard in self:
            texts = [wizard._describe(campaign) for campaign in wizard._get_campaigns()]
            wizard.notice = " ".join(dict.fromkeys(filter(None, texts)))

    def _get_campaigns(self):
        return as_system(self.lead_ids).distribution_campaign_id

    def _describe(self, campaign):
        room = count_room(campaign, self.env.user)
        left = describe_room(self.env, campaign, room) if room is not None else ""
        return f"{describe_next(self.env, campaign)} {left}".strip()

    @api.model
    def _open(self, leads):
        """Return the action that asks why these leads are given back."""
        wizard = self.create(
            {"lead_ids": leads.ids, "is_opened": self.env.context.get("lead_distribution_opened") is True}
        )
        name = as_system(leads).name if len(leads) == 1 else self.env._("%s leads", len(leads))
        return wizard._get_form_action(self.env._("Decline: %s", name))

    def action_give_back(self):
        """Give the leads back, and go on: with the own leads, or in the list it came from."""
        self.ensure_one()
        count = len(self.lead_ids)
        # in words: campaigns without reasons to choose from take any text
        self.lead_ids.action_decline(self.reason_id.name or self.reason or "")
        text = self.env._("1 lead declined.") if count == 1 else self.env._("%s leads declined.", count)
        if self.is_opened:
            action = self.env["ir.actions.act_window"]._for_xml_id(MY_LEADS)
            return with_notice({**action, "target": "main"}, text)
        close = {"type": "ir.actions.act_window_close"}
        params = {"type": "info", "message": text, "next": close}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}
