from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.dropback import parse_condition
from ...engine.matching import read_lines, read_patterns
from ...finding.choosable import LIST, NUMBER, find_choosable, get_choices, refuse_unfit
from ...finding.guarded_matching import explain_broken, get_budget
from ...finding.lead_fields import resolve_field_name
from ...tools.codes import fold_name


class LeadDistributionDropbackRule(models.Model):
    """Where leads that got too old go, by their web source.

    EVALUATION: for each source field with a value, first the exact names of all rules in
    their order, then their patterns; else the default rule. Case never matters.
    """

    _name = "lead.distribution.dropback.rule"
    _description = "Dropback Rule"
    _inherit = ["lead.distribution.typed", "lead.distribution.part"]
    _order = "sequence, id"
    _check_company_auto = True

    campaign_id = fields.Many2one("lead.distribution.campaign", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, help="The campaign these web sources belong to, e.g. Voice.")
    is_default = fields.Boolean(string="Default", help="Takes the leads that no other rule fits.")
    sources_text = fields.Text(string="Web sources", help="Whole names, one a line.")
    patterns_text = fields.Text(string="Patterns", help="Regular expressions from the start of the name, one a line.")
    user_id = fields.Many2one(
        "res.users", string="Goes to", domain="[('share', '=', False)]", ondelete="restrict",
        help="Empty or archived: the user of the default rule.",
    )  # fmt: skip
    team_id = fields.Many2one(
        "crm.team", string="Sales team", check_company=True, help="Empty: the lead keeps its team."
    )
    status_id = fields.Many2one("crm.lead.status", string="Status", help="Empty: the campaign's dropback status.")
    priority = fields.Selection(
        [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High")], help="Empty: the priority stays as it is."
    )

    _name_unique = models.UniqueIndex("(campaign_id, name)", "This campaign has a rule of this name already.")

    @api.constrains("name", "campaign_id")
    def _check_names(self):
        """A name is a key, whatever its case, blanks and underscores."""
        for campaign in self.campaign_id:
            names = {}
            if not all(rule.name.strip() for rule in campaign.dropback_rule_ids):
                raise ValidationError(self.env._("A dropback rule needs a name that can be seen."))
            for rule in campaign.dropback_rule_ids:
                other = names.setdefault(fold_name(rule.name), rule)
                if other != rule:
                    text = self.env._(
                        "“%(one)s” and “%(other)s” are the same name: case, blanks and underscores do not count.",
                        one=other.name, other=rule.name,
                    )  # fmt: skip
                    raise ValidationError(text)

    @api.constrains("patterns_text")
    def _check_patterns(self):
        patterns = [line for rule in self for line in read_patterns(rule.patterns_text)]
        problems = set(explain_broken(patterns, get_budget(self.env.cr), self.env._).values())
        if problems:
            raise ValidationError("\n".join(problems))

    @api.constrains("is_default", "campaign_id")
    def _check_one_default(self):
        for campaign in self.campaign_id:
            if len(campaign.dropback_rule_ids.filtered("is_default")) > 1:
                raise ValidationError(self.env._("“%s” has more than one default rule.", campaign.name))


class LeadDistributionDropbackThreshold(models.Model):
    """An age past which leads drop back; any one threshold is enough."""

    _name = "lead.distribution.dropback.threshold"
    _description = "Dropback Age"
    _inherit = ["lead.distribution.typed", "lead.distribution.part"]
    _order = "sequence, id"

    campaign_id = fields.Many2one("lead.distribution.campaign", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char()
    days = fields.Integer(string="Older than (days)", default=30, required=True)
    business_days = fields.Boolean(
        string="Mondays to Fridays", help="Count only these, from the date on; holidays count."
    )
    date_field_id = fields.Many2one(
        "ir.model.fields",
        string="Counts from",
        ondelete="set null",
        domain=get_choices("date_field_id"),
        help="Empty: the source date.",
    )
    conditions_text = fields.Text(
        string="Only if",
        help="One a line, all must hold: priority >= 3, or tag_ids contains 'vip'. "
        "Priorities are counted from 1, which is Odoo's Low.",
    )

    _days_not_negative = models.Constraint("CHECK (days >= 0)", "A number of days cannot be negative.")

    @api.constrains("date_field_id")
    def _check_date_field(self):
        refuse_unfit(self, ["date_field_id"])

    @api.constrains("conditions_text")
    def _check_conditions(self):
        problems = []
        for line in (line for threshold in self for line in read_lines(threshold.conditions_text)):
            try:
                name, operator, _value = parse_condition(line)
            except ValueError:
                problems.append(
                    self.env._(
                        "“%s” is no condition. Write it like: priority >= 3, or: tag_ids contains 'vip'.",
                        line,
                    )
                )
                continue
            name = resolve_field_name(self.env, name)
            if not name or not find_choosable(self.env, name, LIST if operator == "contains" else NUMBER):
                problems.append(self.env._("“%(line)s”: leads have no such field.", line=line))
        if problems:
            raise ValidationError("\n".join(problems))
