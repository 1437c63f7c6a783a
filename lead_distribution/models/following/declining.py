from odoo import api, fields, models

from ...following.declinable import look_at_leads
from ...following.decline import decline
from ..base.ways import get_ways


class CrmLead(models.Model):
    """Leads that their holder gives back."""

    _inherit = "crm.lead"

    can_decline = fields.Boolean(
        string="Can be declined", compute="_compute_can_decline", help="By you: it came to you from a campaign."
    )

    @api.depends("holder_id", "active", "is_open", "distributed_on", "received_on", "distribution_campaign_id")
    @api.depends_context("uid")
    def _compute_can_decline(self):
        for lead in self:
            campaign = lead.sudo().distribution_campaign_id  # salespeople do not read campaigns
            lead.can_decline = (
                campaign.decline_mode not in (False, "off")
                and lead.holder_id == self.env.user
                and (lead.active and lead.is_open)
                and lead.distributed_on == lead.received_on  # not given by hand since
            )

    def action_ask_decline(self):
        """Ask why; then the next one gets the leads, or the responsible decides.

        :raise UserError: with all that is in the way, in words
        """
        look_at_leads(self)
        return self.env["crm.lead.decline"]._open(self)

    def action_decline(self, reason):
        """Give leads back that one has: the next one gets them, or the responsible decides. Commits.

        :param reason: text, or the id of one of the campaign's reasons
        :raise UserError: with all that is in the way, in words
        """
        decline(self, reason, get_ways)
        return True
