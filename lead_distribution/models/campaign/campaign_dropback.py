from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...engine.dropback import parse_condition
from ...engine.matching import read_lines
from ...finding import dates
from ...finding.dropback import DroppedLead, SourceRouter
from ...finding.languages import find_named, get_language_envs


class LeadDistributionCampaign(models.Model):
    """Dropback: leads past an age leave the distribution and go to a person for their web source.

    Source: specification 3.6. It comes after do-not-call and the sales filter, before all
    other filters, and also looks at leads beyond the old edge of the window.
    """

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
    dropback_priority_min = fields.Integer(default=1)
    dropback_priority_max = fields.Integer(default=5)
    dropback_required_field_ids = fields.Many2many(
        "ir.model.fields",
        "lead_distribution_campaign_dropback_required_rel",
        "campaign_id",
        "field_id",
        string="Only with these fields",
        domain="[('model', '=', 'crm.lead'), ('store', '=', True)]",
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

    @api.constrains("dropback_source_fields")
    def _check_dropback_source_fields(self):
        leads = self.env["crm.lead"]._fields
        for campaign in self:
            wrong = [
                name
                for name in campaign._get_dropback_source_fields()
                if leads[name].type not in ("char", "selection", "many2one") or not leads[name].store
            ]
            if wrong:
                raise ValidationError(self.env._("These fields hold no web source: %s.", ", ".join(wrong)))

    def _get_threshold_domain(self):
        """Return the leads that are past one of the ages, or None where dropback is off."""
        if not self.use_dropback or not self.dropback_threshold_ids:
            return None
        return Domain.OR(self._get_one_threshold_domain(t) for t in self.dropback_threshold_ids)

    def _get_one_threshold_domain(self, threshold):
        date_field = self.env["crm.lead"]._fields[threshold.date_field_id.name or "source_date"]
        count_back = dates.business_days_before if threshold.business_days else dates.days_before
        first = count_back(self._get_today(), threshold.days)
        conditions = [self._get_condition_domain(line) for line in read_lines(threshold.conditions_text)]
        return Domain.AND([dates.before(date_field, first, self.tz), *conditions])

    def _get_condition_domain(self, line):
        name, operator, value = parse_condition(line)
        name = self.env["crm.lead"]._resolve_field_name(name)
        if operator == "contains":
            return Domain(name, "in", find_named(self.env, self.env["crm.lead"]._fields[name].comodel_name, [value]))
        if name == "priority":
            compare = {
                ">=": lambda p: p >= value, "<=": lambda p: p <= value, ">": lambda p: p > value,
                "<": lambda p: p < value, "=": lambda p: p == value,
            }[operator]  # fmt: skip
            return self.env["crm.lead"]._get_priority_domain(compare)
        return Domain(name, operator, value)

    def _get_dropped_domain(self, too_old):
        """Return the leads that are dropped back; the other old ones are left alone.

        :param too_old: Domain of the leads past an age
        """
        candidates = too_old & self._get_dropback_criteria()
        return candidates & ~self._get_dropback_kept_domain(candidates)

    def _get_dropback_criteria(self):
        """Return the leads that may be dropped back, as far as they are concerned themselves."""
        smallest, largest = self.dropback_priority_min, self.dropback_priority_max
        domain = self.env["crm.lead"]._get_priority_domain(lambda p: smallest <= p <= largest)
        if self.protected_user_ids:  # their leads stay, whatever else holds (reading R30)
            domain &= Domain("holder_id", "not in", self.protected_user_ids.ids)
        domain &= self._get_required_domain(self.dropback_required_field_ids.mapped("name"))
        if self.dropback_exclude_status_ids:
            domain &= Domain("lead_status_id", "not in", self.dropback_exclude_status_ids.ids)
        if self.dropback_exclude_tag_ids:
            domain &= ~Domain("tag_ids", "in", self.dropback_exclude_tag_ids.ids)
        unknown_tags = read_lines(self.dropback_exclude_tags_text)
        if unknown_tags:  # they count as soon as they exist
            domain &= ~Domain("tag_ids", "in", find_named(self.env, "crm.tag", unknown_tags))
        if not self.dropback_override:
            domain &= Domain("holder_id", "=", False)
        if self.dropback_user_ids:
            domain &= Domain("holder_id", "not in", self.dropback_user_ids.ids)
        if not self.dropback_closed:
            domain &= self._get_open_domain()
        return domain

    def _get_dropback_kept_domain(self, old):
        """Return the leads that stay since they are where they would go, or nobody is there to take them.

        :param old: Domain of the leads that may be dropped back otherwise
        """
        takers = {rule.name: self._get_dropback_user(rule) for rule in self.dropback_rule_ids}
        users = self.env["res.users"].union(*takers.values())
        if not users:
            return Domain.TRUE
        if self._get_default_dropback_user():  # somebody takes each lead
            old &= Domain("holder_id", "in", users.ids)
        router = self._get_source_router()
        held = router.list_holders(self._get_type_domain() & Domain("active", "=", True) & old)
        routes = router.route(row[1:] for row in held)
        nobody = self.env["res.users"]
        kept = [row for row in held if takers.get(routes[row[1:]], nobody).id in (False, row[0])]
        return router.keep(kept)

    def _get_dropback_user(self, rule):
        """Return who gets the leads of a rule; where its user is missing or left, the default rule's."""
        return rule.user_id if rule.user_id.active else self._get_default_dropback_user()

    def _get_source_router(self):
        rules = self.dropback_rule_ids
        return SourceRouter(
            self._get_finding_leads(),
            self._get_dropback_source_fields(),
            rules._prepare_source_rules(),
            rules._match_patterns,
            rules.filtered("is_default").name or None,
            get_language_envs(self.env),
        )

    def _get_default_dropback_user(self):
        return self.dropback_rule_ids.filtered(lambda r: r.is_default and r.user_id.active).user_id

    def _get_dropback_source_fields(self):
        """Return the names of the source fields that leads have."""
        resolve = self.env["crm.lead"]._resolve_field_name
        names = [resolve(name) for name in (self.dropback_source_fields or "").split(",")]
        return [name for name in names if name]

    def _plan_dropback(self, candidates):
        """Return where each lead to drop back goes: list of ``DroppedLead``.

        A lead whose rule has no working user goes to the default user, and keeps the name of its rule.
        """
        rules = {rule.name: rule for rule in self.dropback_rule_ids}
        router = self._get_source_router()
        sources, companies = router.read_sources([candidate.id for candidate in candidates])
        routes = router.route(sources.values())
        planned = []
        for candidate in candidates:
            rule = rules.get(routes.get(sources.get(candidate.id)))
            user = self._get_dropback_taker(rule, companies[candidate.id]) if rule else None
            if user and user.id != candidate.holder_id:  # who holds it has it already
                planned.append(DroppedLead(candidate.id, rule, user))
        return planned

    def _get_dropback_taker(self, rule, company_id):
        """Return the user of a rule; who is gone or works for another company gives way to the default rule's.

        :param company_id: of the lead
        """
        needed = {company_id, self.company_id.id} - {None, False}
        for user in (rule.user_id, self._get_default_dropback_user()):
            if user.active and needed <= set(user.company_ids.ids):
                return user
        return self.env["res.users"]
