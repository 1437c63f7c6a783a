from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.rules import Territory
from ...finding.own_filter import OwnFilter
from ...finding.scope import get_moment
from ...finding.typed_filter import FilterRefused


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

    def _get_territory(self):
        """Return the engine's territory of one member."""
        self.ensure_one()
        patterns = (self.zip_patterns or "").split(",")
        zips = tuple(pattern.replace(" ", "").upper() for pattern in patterns if pattern.strip())
        return Territory(frozenset(self.country_ids.ids), frozenset(self.state_ids.ids), zips)

    def _get_own_filter(self):
        """Return the filter of the leads a member prefers; ``uid`` in it means the member."""
        self.ensure_one()
        campaign = self.campaign_id
        return OwnFilter(
            self.preferred_domain,
            self.preferred_domain_user_id,
            get_moment(campaign),
            uid=self.user_id.id,
            more=campaign._get_filterable_fields(),
        )

    def _get_preferences(self):
        """Return {user id: (key, domain)} of those who prefer some leads, and {user id: why a preference is not used}.

        Preferences with the same key are the same.
        """
        preferences, problems = {}, {}
        for member in self.filtered("preferred_domain"):
            preference = member._get_own_filter()
            domain, problem = preference.look(member.campaign_id.company_id)
            if problem:
                problems[member.user_id.id] = problem
            elif not domain.is_true():
                preferences[member.user_id.id] = (preference.get_key(), domain)
        return preferences, problems

    @api.onchange("preferred_domain")
    def _onchange_preferred_domain(self):
        self.preferred_domain_user_id = self.env.user  # as it will be once it is saved

    @api.constrains("preferred_domain")
    def _check_preferred_domain(self):
        for member in self.filtered("preferred_domain"):
            try:
                member._get_own_filter().check()
            except FilterRefused as error:
                raise ValidationError(
                    self.env._(
                        "The leads that %(name)s prefers: this filter does not work: %(error)s.",
                        name=member.user_id.name,
                        error=error,
                    )
                ) from error
