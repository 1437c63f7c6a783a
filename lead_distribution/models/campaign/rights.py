from odoo import models
from odoo.exceptions import AccessError

from ...tools.companies import may_cross_companies


class LeadDistributionCampaign(models.Model):
    """Who reads what of a campaign: its settings and what is written on it are for managers."""

    _inherit = "lead.distribution.campaign"

    # enough to name it in their history
    _open_to_salespeople = frozenset(
        {"name", "display_name", "active", "sequence", "color", "description", "company_id"}
    )

    def _check_access(self, operation):
        """A campaign of all companies is configured by people who work for all of them."""
        refused = super()._check_access(operation)
        if refused or self.env.su or operation not in ("write", "unlink"):
            return refused
        shared = self.filtered(lambda campaign: not campaign.sudo().company_id)  # whoever may not read it, too
        if not shared or may_cross_companies(self.env):
            return None
        return shared, lambda: AccessError(
            self.env._("A campaign of all companies can only be changed by somebody who works for all of them.")
        )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Failures, findings and changes are for those who may change the campaign."""
        if message_operation == "read":
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Who follows a campaign reads along: that takes the right to change it, for oneself, too."""
        self.check_access("write")
        return super().message_subscribe(partner_ids, subtype_ids)
