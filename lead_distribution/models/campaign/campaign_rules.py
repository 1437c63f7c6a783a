from odoo import fields, models
from odoo.fields import Domain

from ... import engine
from ...engine.rules import ClassCaps, CompanyMatch, KnownOwner, Preferred, PriorityBands, SkillMatch, TerritoryMatch
from ...finding.scope import get_leads

NOBODY_FITS = [("nobody", "stays"), ("everybody", "goes to anybody")]
SEGMENTS = [
    ("source_id", "Source"),
    ("medium_id", "Medium"),
    ("campaign_id", "Marketing campaign"),
    ("priority", "Priority"),
    ("country_id", "Country"),
]


class LeadDistributionCampaign(models.Model):
    """Who may take which lead, and who is the better match. Source: specification 4.3.

    The engine judges people once for each group of like leads. Here is what its rules need to
    know: some columns of the leads, and what is not a column (tags, class, time zones, known
    owners), each in one query for all leads of a run.
    """

    _inherit = "lead.distribution.campaign"

    use_skills = fields.Boolean(string="By skills", help="Leads with the tag of a skill go to people who have it.")
    skill_ids = fields.One2many("lead.distribution.skill", "campaign_id", string="Skills that leads need", copy=True)
    skill_fallback = fields.Selection(
        NOBODY_FITS, string="If nobody has any of them, the lead", default="nobody", required=True
    )
    use_territory = fields.Boolean(
        string="By territory", help="People with a territory take leads of that place only; those without take all."
    )
    territory_fallback = fields.Selection(
        NOBODY_FITS, string="If it is nobody's territory, the lead", default="nobody", required=True
    )

    def _get_rules(self, lead_ids, members, request):
        """Return the engine's rules for these leads, in the order in which their ranks count.

        Add a rule of your own with ``super()``: an ``engine.Rule``, and ``_get_fact_lookups``
        or ``_get_rule_fields`` if it needs to know more of the leads. Name it in
        ``_describe_rule``.
        """
        rules = self._get_company_rules(members)
        bands = {band: self[f"band_{band}"] for band in ("high", "medium", "low")}
        if set(bands.values()) != {"all_levels"}:
            rules.append(PriorityBands(bands, members.filtered(lambda m: m.level_id.code == "senior").user_id.ids))
        if self.use_known_owner:
            rules.append(KnownOwner(self._find_known_owners(lead_ids, members) if lead_ids else {}))
        if self.use_skills and self.skill_ids:
            rules.append(self._get_skill_rule(members))
        if self.use_territory:
            territories = {m.user_id.id: m._get_territory() for m in members}
            rules.append(TerritoryMatch(territories, self.territory_fallback == "everybody"))
        if self.use_calling_hours:
            rules.append(self._get_calling_rule(members))
        preferences, _problems = members._get_preferences()
        if preferences:
            names = {user_id: key for user_id, (key, _domain) in preferences.items()}
            rules.append(Preferred(self._find_preferred(lead_ids, dict(preferences.values())), names))
        classes = self._get_limited_classes(members)
        if classes:
            rules.append(ClassCaps(classes))
        return rules

    def _get_company_rules(self, members):
        """Return the rule of a campaign of all companies, unless everybody works for all of them.

        In a campaign of one company there is nothing to judge lead by lead: it takes leads of this
        company or of none, and its people work for it.
        """
        if self.company_id:
            return []
        count = self.env["res.company"].sudo().search_count([])
        companies = {m.user_id.id: frozenset(m.user_id.company_ids.ids) for m in members}
        return [] if all(len(own) >= count for own in companies.values()) else [CompanyMatch(companies)]

    def _get_limited_classes(self, members):
        """Return the classes of leads that somebody's limit is about."""
        caps = self.env["lead.distribution.cap"]._find_for(self, members.user_id)
        return {cap._get_class() for cap in caps} - {None}

    def _get_skill_rule(self, members):
        weights = {skill.tag_id.id: skill.weight for skill in self.skill_ids}
        skills = {m.user_id.id: frozenset(m.skill_tag_ids.ids) for m in members}
        return SkillMatch(weights, skills, self.skill_fallback == "everybody")

    def _find_preferred(self, lead_ids, preferences):
        """Return {lead id: keys of the preferences it fits}, one query for each different preference.

        :param preferences: {key: domain}
        """
        found = {}
        leads = get_leads(self)
        for key, domain in preferences.items():
            for lead_id in leads.search(domain & Domain("id", "in", lead_ids))._ids:
                found.setdefault(lead_id, set()).add(key)
        return {lead_id: frozenset(keys) for lead_id, keys in found.items()}

    def _get_rule_book(self, lead_ids, members, request):
        """Return the rule book of a run, or None if everybody may take everything."""
        rules = self._get_rules(lead_ids, members, request)
        return engine.RuleBook(rules) if rules else None

    def _get_rule_fields(self):
        """Return the lead's columns that the rules need beside those of every run."""
        names = [] if self.company_id else ["company_id"]
        if self.use_territory:
            names += ["country_id", "state_id", "zip"]
        if self.use_calling_hours:
            names.append("country_id")
        return [*dict.fromkeys(names), *([self.segment_field] if self._needs_segments() else [])]

    def _get_fact_lookups(self, lead_ids):
        """Return {fact: {lead id: value}} of what the rules need and is not a column."""
        lookups = {}
        if self.use_skills and self.skill_ids:
            lookups["tag_ids"] = self._find_tags(lead_ids)
        if self.use_calling_hours:
            lookups["own_zone"] = self._find_own_zones(lead_ids)
            self.env["res.country"].search_fetch([("code", "!=", False)], ["code"])  # into the cache, all at once
        if self._get_limited_classes(self.member_ids):
            lookups["classification"] = self._find_classes(lead_ids)
        return lookups

    def _get_fact_reader(self, lead_ids):
        """Return a function that makes the facts of a candidate, which rules look at."""
        names = self._get_rule_fields()
        lookups = self._get_fact_lookups(lead_ids)

        def read(candidate):
            facts = candidate.read_facts(names)
            facts.update((name, values.get(candidate.id)) for name, values in lookups.items())
            return self._complete_facts(facts)

        return read

    def _complete_facts(self, facts):
        """Add the facts that follow from others."""
        if self.use_skills:
            facts["tag_ids"] = facts.get("tag_ids") or ()
        if self.use_calling_hours:
            facts["time_zones"] = self._get_time_zones(facts)
        return facts
