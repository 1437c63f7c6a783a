# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
from odoo import api, models


class LeadDistributionCampaign(models.Model):
    _inherit = "lead.distribution.campaign"

    @api.model
    def _describe_rule(self, name):
        """Return a rule of the line-up in words. Meant to be extended."""
        _ = self.env._
        return {
            "priority": _("level by priority of the lead"),
            "company": _("company of the lead"),
            "known_owner": _("knows the customer"),
            "skills": _("skills"),
            "territory": _("territory"),
            "calling_hours": _("time zone"),
            "preferred": _("prefers such leads"),
            "class_limit": _("limit of the class"),
            "holder": _("has it already"),
            "full": _("is full"),
        }.get(name, name)
