from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ..engine.dropback import find_rule, parse_condition
from ..engine.matching import read_lines
from ..tools.limits import LONGEST_DAYS


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
        name = threshold.date_field_id.name or "source_date"
        if threshold.business_days:
            limit = self._get_business_limit(threshold.days)
        else:
            limit = fields.Date.subtract(self._get_today(), days=threshold.days)
        conditions = [self._get_condition_domain(line) for line in read_lines(threshold.conditions_text)]
        return Domain.AND([self._before(name, limit), *conditions])

    def _get_business_limit(self, days):
        """Return the first date from which not more than ``days`` business days have passed.

        Counted are Mondays to Fridays from the date (included) to today (not included), so
        the dates that are too old are those before the one returned.
        """
        weeks, left = divmod(min(days, LONGEST_DAYS * 5 // 7), 5)
        date = self._get_today() - timedelta(weeks=weeks)
        while True:
            earlier = date - timedelta(days=1)
            if earlier.weekday() < 5:
                if not left:
                    return date
                left -= 1
            date = earlier

    def _get_condition_domain(self, line):
        name, operator, value = parse_condition(line)
        name = self.env["crm.lead"]._resolve_field_name(name)
        if operator == "contains":
            return Domain(f"{name}.name", "=ilike", escape_psql(value))
        if name == "priority":
            compare = {
                ">=": lambda p: p >= value, "<=": lambda p: p <= value, ">": lambda p: p > value,
                "<": lambda p: p < value, "=": lambda p: p == value,
            }[operator]  # fmt: skip
            return self.env["crm.lead"]._get_priority_domain(compare)
        return Domain(name, operator, value)

    def _get_dropback_criteria(self):
        """Return the leads that may be dropped back; the other old ones are left alone."""
        smallest, largest = self.dropback_priority_min, self.dropback_priority_max
        domain = self.env["crm.lead"]._get_priority_domain(lambda p: smallest <= p <= largest)
        if self.protected_user_ids:  # their leads stay, whatever else holds (reading R30)
            domain &= Domain("holder_id", "not in", self.protected_user_ids.ids)
        domain &= self._get_required_domain(self.dropback_required_field_ids.mapped("name"))
        if self.dropback_exclude_status_ids:
            domain &= Domain("lead_status_id", "not in", self.dropback_exclude_status_ids.ids)
        if self.dropback_exclude_tag_ids:
            domain &= ~Domain("tag_ids", "in", self.dropback_exclude_tag_ids.ids)
        if not self.dropback_override:
            domain &= Domain("holder_id", "=", False)
        if self.dropback_user_ids:
            domain &= Domain("holder_id", "not in", self.dropback_user_ids.ids)
        if not self._get_default_dropback_user():
            rules_with_user = self.dropback_rule_ids.filtered(lambda r: r.user_id.active)
            if not rules_with_user:
                return Domain.FALSE
        return domain

    def _get_default_dropback_user(self):
        return self.dropback_rule_ids.filtered(lambda r: r.is_default and r.user_id.active).user_id

    def _get_dropback_source_fields(self):
        """Return the names of the source fields that leads have."""
        resolve = self.env["crm.lead"]._resolve_field_name
        names = [resolve(name) for name in (self.dropback_source_fields or "").split(",")]
        return [name for name in names if name]

    def _plan_dropback(self, rows):
        """Return the rule of each lead to drop back: list of (candidate row, rule, user).

        Leads of equal sources are decided once. A lead whose rule has no working user goes to
        the default user, and keeps the name of its rule.
        """
        default = self.dropback_rule_ids.filtered("is_default")
        rules = self.dropback_rule_ids
        by_name = {rule.name: rule for rule in rules}
        source_rules = rules._prepare_source_rules()
        texts = self._get_source_texts([row[0] for row in rows])
        fitting = rules._match_patterns({text for key in texts.values() for text in key if text})
        decided, planned = {}, []
        for row in rows:
            key = texts.get(row[0], ())
            if key not in decided:
                decided[key] = by_name.get(find_rule(source_rules, key, fitting)) or default
            rule = decided[key]
            user = rule.user_id if rule.user_id.active else self._get_default_dropback_user()
            if user:
                planned.append((row, rule, user))
        return planned

    def _get_source_texts(self, lead_ids):
        """Return {lead id: texts of its source fields}, in one query and one for each related model."""
        names = self._get_dropback_source_fields()
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        if not names or not lead_ids:
            return {}
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        leads.flush_model(names)
        rows = self.env.execute_query(SQL("SELECT id, %s FROM crm_lead WHERE id = ANY(%s)", columns, list(lead_ids)))
        labels = []
        for position, name in enumerate(names, 1):
            field = leads._fields[name]
            if field.relational:
                ids = {row[position] for row in rows if row[position]}
                labels.append({r.id: r.display_name for r in self.env[field.comodel_name].sudo().browse(ids)})
            else:
                labels.append(None)
        return {
            row[0]: tuple(
                label.get(value) if label is not None else value for label, value in zip(labels, row[1:], strict=True)
            )
            for row in rows
        }
