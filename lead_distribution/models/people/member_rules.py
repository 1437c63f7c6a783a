from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...finding.typed_filter import FilterRefused
from ...planning.preferences import make_filter


class LeadDistributionMember(models.Model):
    """What a member is good at, where they work, and which leads they prefer."""

    _inherit = "lead.distribution.member"

    skill_tag_ids = fields.Many2many(
        "crm.tag",
        "lead_distribution_member_skill_rel",
        "member_id",
        "tag_id",
        string="Skills",
        help="Counts if the campaign hands out leads by skills.",
    )
    country_ids = fields.Many2many(
        "res.country", "lead_distribution_member_country_rel", "member_id", "country_id", string="Countries"
    )
    state_ids = fields.Many2many(
        "res.country.state", "lead_distribution_member_state_rel", "member_id", "state_id", string="States"
    )
    zip_patterns = fields.Char(
        string="Postal codes",
        help="With * and ?, separated by commas, such as 10*, 20???. Without territory: everywhere.",
    )
    preferred_domain = fields.Char(
        string="Prefers", help="Leads that fit go to this person first, as long as there is room; then to everybody."
    )
    preferred_domain_user_id = fields.Many2one(
        "res.users",
        string="Preference written by",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The filter is looked at with the rights of this person.",
    )

    @api.onchange("preferred_domain")
    def _onchange_preferred_domain(self):
        self.preferred_domain_user_id = self.env.user  # as it will be once it is saved

    @api.constrains("preferred_domain")
    def _check_preferred_domain(self):
        for member in self.filtered("preferred_domain"):
            campaign = member.campaign_id
            preference = make_filter(member, campaign._get_filterable_fields())
            try:
                preference.check()
            except FilterRefused as error:
                raise ValidationError(
                    self.env._(
                        "The leads that %(name)s prefers: this filter does not work: %(error)s.",
                        name=member.user_id.name,
                        error=error,
                    )
                ) from error
