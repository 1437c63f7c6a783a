from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ..engine.rules import Territory


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

    def _get_territory(self):
        """Return the engine's territory of one member."""
        self.ensure_one()
        patterns = (self.zip_patterns or "").split(",")
        zips = tuple(pattern.replace(" ", "").upper() for pattern in patterns if pattern.strip())
        return Territory(frozenset(self.country_ids.ids), frozenset(self.state_ids.ids), zips)

    def _get_preference(self):
        """Return the domain of the leads a member prefers, or None."""
        self.ensure_one()
        domain = safe_eval(self.preferred_domain or "[]", {"uid": self.user_id.id})
        return Domain(domain) if domain else None

    def _find_preferences(self):
        """Return ({member: domain of the leads it prefers}, {name: problem}).

        A filter that worked once may not work any more, when a field or an addon is gone: it is
        passed over, so that one person does not keep everybody from leads.
        """
        leads = self.env["crm.lead"].sudo()
        preferences, problems = {}, {}
        for member in self.filtered("preferred_domain"):
            try:
                preference = member._get_preference()
                if preference:
                    preference.validate(leads)
                    leads._search(preference)
                    preferences[member] = preference
            except Exception as error:  # whatever a text may do
                problems[member.user_id.name] = str(error)
        return preferences, problems

    @api.constrains("preferred_domain")
    def _check_preferred_domain(self):
        for member in self:
            try:
                preference = member._get_preference()
                if preference:
                    self.env["crm.lead"]._search(preference)
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The leads that %(name)s prefers: this filter does not work: %(error)s",
                        name=member.user_id.name,
                        error=error,
                    )
                ) from error
