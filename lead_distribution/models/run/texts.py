# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
from odoo import api, models

from ...names import DROPPED, NOT_DROPPED

# reasons of the specification's steps, in their order (readings, R3)
STEPS = (
    "type", "date", "dnc", "sales", DROPPED, NOT_DROPPED, "dropback", "web_source", "campaign", "excluded_user",
    "no_holder", "holder_status", "closed", "status", "tags", "required_fields", "priority",
    "assigned", "inactive_user", "activity", "domain",
)  # fmt: skip


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

    @api.model
    def _get_step_names(self):
        """Return {reason: words} of the filter steps, in the order of the steps."""
        _ = self.env._
        words = {
            "type": _("Not a lead"),
            "date": _("Outside the window"),
            "dnc": _("Do not call"),
            "sales": _("Customer with an opportunity"),
            DROPPED: _("Too old, dropped back"),
            NOT_DROPPED: _("Too old, could not be dropped back"),
            "dropback": _("Too old, left alone"),
            "web_source": _("Web source not matched"),
            "campaign": _("Marketing campaign not matched"),
            "excluded_user": _("Held by protected people"),
            "no_holder": _("Holder in no pool"),
            "holder_status": _("Status or age not in the holder's pool"),
            "closed": _("Closed"),
            "status": _("Status not matched"),
            "tags": _("Tags"),
            "required_fields": _("Missing required fields"),
            "priority": _("Priority outside the range"),
            "assigned": _("Already assigned"),
            "inactive_user": _("Held by inactive people"),
            "activity": _("Activity planned or recent"),
            "domain": _("Own filter"),
        }
        groups = self.env["lead.distribution.filter"].sudo()._read_group([], ["field_id"])
        others = [field for [field] in groups]
        return {
            **{step: words[step] for step in STEPS},
            **{field.name: _("%s not matched", field.field_description) for field in others},
        }
