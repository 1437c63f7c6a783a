from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...finding.choosable import SOURCE, find_choosable, get_choices, refuse_unfit
from ...finding.dropback import list_source_fields


class LeadDistributionCampaign(models.Model):
    """Dropback: leads past an age leave the distribution and go to a person for their web source."""

    _inherit = "lead.distribution.campaign"

    use_dropback = fields.Boolean(string="Drop back old leads")
    dropback_threshold_ids = fields.One2many(
        "lead.distribution.dropback.threshold", "campaign_id", string="Ages", copy=True
    )
    dropback_rule_ids = fields.One2many(
        "lead.distribution.dropback.rule", "campaign_id", string="Dropback rules", copy=True
    )
    dropback_source_fields = fields.Char(
        string="Web source is in",
        default="source_id",
        help="Technical names of the lead's fields, the first one first, e.g. source_id, medium_id.",
    )
    dropback_update_status = fields.Boolean(string="Set the status", default=True)
    dropback_status_id = fields.Many2one("crm.lead.status", string="Dropback status")
    dropback_override = fields.Boolean(
        string="Also leads somebody holds", default=True, help="Otherwise these are left alone."
    )
    dropback_preserve_team = fields.Boolean(string="Keep the team")
    dropback_closed = fields.Boolean(
        string="Also closed leads", help="Otherwise won, lost and cancelled leads are left alone."
    )
    dropback_export = fields.Boolean(
        string="List them in a file", help="Each run gets a file with the leads that dropped back, for managers."
    )
    dropback_priority_min = fields.Integer(default=1, string="Dropback: priority from")
    dropback_priority_max = fields.Integer(default=5, string="Dropback: priority up to")
    dropback_required_field_ids = fields.Many2many(
        "ir.model.fields",
        "lead_distribution_campaign_dropback_required_rel",
        "campaign_id",
        "field_id",
        string="Only with these fields",
        domain=get_choices("dropback_required_field_ids"),
    )
    dropback_exclude_status_ids = fields.Many2many(
        "crm.lead.status",
        "lead_distribution_campaign_dropback_status_rel",
        "campaign_id",
        "status_id",
        string="Not with these statuses",
    )
    dropback_exclude_tag_ids = fields.Many2many(
        "crm.tag",
        "lead_distribution_campaign_dropback_tag_rel",
        "campaign_id",
        "tag_id",
        string="Not with these tags",
    )
    dropback_exclude_tags_text = fields.Text(
        string="Not with these tags, by name", help="Tags that did not exist when the configuration was loaded."
    )
    dropback_user_ids = fields.Many2many(
        "res.users",
        "lead_distribution_campaign_dropback_user_rel",
        "campaign_id",
        "user_id",
        string="Not those held by",
        context={"active_test": False},
    )

    @api.constrains("dropback_priority_min", "dropback_priority_max")
    def _check_dropback_priorities(self):
        """As for the priorities of the campaign; no constraint of the database, which may hold others from before."""
        for campaign in self:
            if not 1 <= campaign.dropback_priority_min <= campaign.dropback_priority_max <= 5:
                text = self.env._("Priorities go from 1 to 5, and the smallest cannot be above the largest.")
                raise ValidationError(text)

    @api.constrains("dropback_required_field_ids")
    def _check_dropback_required_fields(self):
        refuse_unfit(self, ["dropback_required_field_ids"])

    @api.constrains("dropback_source_fields")
    def _check_dropback_source_fields(self):
        for campaign in self:
            wrong = [name for name in list_source_fields(campaign) if not find_choosable(self.env, name, SOURCE)]
            if wrong:
                raise ValidationError(self.env._("These fields hold no web source: %s.", ", ".join(wrong)))
