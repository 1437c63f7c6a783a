from odoo import api, fields, models

from ...following.declinable import find_given, look_at_leads
from ...following.decline import decline
from ...work.system import as_system
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
        mine = self._origin.filtered(lambda lead: lead.holder_id == self.env.user and lead.active and lead.is_open)
        known = as_system(mine)  # salespeople do not read campaigns
        known = known.filtered(lambda lead: lead.distribution_campaign_id.decline_mode not in (False, "off"))
        given = find_given(known.filtered(lambda lead: lead.distributed_on == lead.received_on))  # not by hand since
        for lead in self:
            lead.can_decline = lead._origin.id in given

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
