from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...engine.zones import pick_zone
from ...finding import dates
from ...finding.content import has_content
from ...finding.own_filter import OwnFilter
from ...finding.typed_filter import FilterRefused, Moment
from ...names import DNC_STATUSES, DNC_TAGS, PRESETS


class LeadDistributionCampaign(models.Model):
    """Do not call, the rows of filters, and the remaining rules of section 3.4."""

    _inherit = "lead.distribution.campaign"

    filter_ids = fields.One2many(
        "lead.distribution.filter",
        "campaign_id",
        string="Filters",
        domain=[("purpose", "=", "filter")],
        copy=True,
    )
    use_dnc = fields.Boolean(
        string="Never hand out do-not-call leads",
        default=True,
        help="Checked before everything that hands a lead to anybody, dropback included.",
    )
    dnc_by_category = fields.Boolean(
        string="Statuses of the category “Do not call”",
        default=True,
    )
    dnc_filter_ids = fields.One2many(
        "lead.distribution.filter",
        "campaign_id",
        string="Do-not-call rows",
        domain=[("purpose", "=", "dnc")],
        copy=True,
        default=lambda self: self._default_dnc_filter_ids(),
    )
    dnc_email_blacklist = fields.Boolean(string="Odoo's e-mail blacklist", default=True)
    dnc_phone_blacklist = fields.Boolean(string="Odoo's phone blacklist", default=True)

    window_preset = fields.Selection(
        [
            ("current_30_day", "Last 30 days"),
            ("extended_60_day", "Last 60 days"),
            ("stale_lead_recovery", "Stale leads: 60 to 180 days ago"),
            ("custom_range", "Own range"),
        ],
        string="Window preset",
        compute="_compute_window_preset",
        inverse="_inverse_window_preset",
    )
    window_field_id = fields.Many2one(
        "ir.model.fields",
        string="Age counts from",
        ondelete="cascade",
        domain="[('model', '=', 'crm.lead'), ('ttype', 'in', ('date', 'datetime')), ('store', '=', True)]",
        help="Empty: the source date.",
    )
    custom_date_from = fields.Date(string="From", help="Replaces the number of days; included.")
    custom_date_to = fields.Date(string="To", help="Replaces the number of days; included.")
    exclude_weekends = fields.Boolean(string="Leave out leads of Saturdays and Sundays")
    exclude_holidays = fields.Boolean(
        string="Leave out leads of public holidays",
        help="The public holidays of the company's working calendar.",
    )
    lead_type = fields.Selection(
        [("lead", "Leads"), ("opportunity", "Opportunities"), ("both", "Leads and opportunities")],
        string="Takes",
        default=lambda self: self._default_lead_type(),
        required=True,
    )
    use_priority = fields.Boolean(string="Only some priorities")
    priority_min = fields.Integer(
        default=1, help="1 is Odoo's Low, 2 Medium, 3 High, 4 Very High; 5 does not occur in Odoo."
    )
    priority_max = fields.Integer(default=5, help="Included, as the smallest one.")
    required_field_ids = fields.Many2many(
        "ir.model.fields",
        "lead_distribution_campaign_required_rel",
        "campaign_id",
        "field_id",
        string="Required fields",
        domain="[('model', '=', 'crm.lead'), ('store', '=', True)]",
        help="A lead without a value in one of these fields is not taken; blanks are no value.",
    )
    exclude_assigned = fields.Boolean(string="Only leads nobody holds")
    exclude_inactive_users = fields.Boolean(string="Leave out leads of inactive people")
    own_domain = fields.Char(string="Own filter", default="[]")
    own_domain_user_id = fields.Many2one(
        "res.users",
        string="Own filter written by",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The filter is looked at with the rights of this person, whoever starts a run.",
    )

    _priority_range = models.Constraint(
        "CHECK (priority_min BETWEEN 1 AND 5 AND priority_max BETWEEN priority_min AND 5)",
        "Priorities go from 1 to 5, and the smallest cannot be above the largest.",
    )

    @api.model
    def _default_lead_type(self):
        """Databases without the leads feature have opportunities only."""
        uses_leads = self.env.ref("crm.group_use_lead") in self.env.ref("base.group_user").sudo().all_implied_ids
        if self.env.su or uses_leads or self.env["crm.lead"].sudo().search_count([("type", "=", "lead")], limit=1):
            return "lead"
        return "opportunity"

    @api.model
    def _default_dnc_filter_ids(self):
        get_field = self.env["ir.model.fields"]._get
        shared = {"purpose": "dnc", "kind": "exclude", "mode": "exact"}
        rows = (("lead_status_id", DNC_STATUSES), ("tag_ids", DNC_TAGS))
        return [
            Command.create({**shared, "field_id": get_field("crm.lead", name).id, "values_text": "\n".join(values)})
            for name, values in rows
        ]

    @api.depends("older_than_days", "younger_than_days", "custom_date_from", "custom_date_to")
    def _compute_window_preset(self):
        names = {days: name for name, days in PRESETS.items()}
        for campaign in self:
            days = (campaign.older_than_days, campaign.younger_than_days)
            is_custom = campaign.custom_date_from or campaign.custom_date_to
            campaign.window_preset = "custom_range" if is_custom else names.get(days, "custom_range")

    def _inverse_window_preset(self):
        for campaign in self.filtered(lambda c: c.window_preset in PRESETS):
            older, younger = PRESETS[campaign.window_preset]
            campaign.write(
                {
                    "older_than_days": older,
                    "younger_than_days": younger,
                    "custom_date_from": False,
                    "custom_date_to": False,
                }
            )

    @api.onchange("window_preset")
    def _onchange_window_preset(self):
        if self.window_preset in PRESETS:
            self.older_than_days, self.younger_than_days = PRESETS[self.window_preset]
            self.custom_date_from = self.custom_date_to = False

    @api.constrains("custom_date_from", "custom_date_to")
    def _check_custom_dates(self):
        for campaign in self:
            first, last = campaign.custom_date_from, campaign.custom_date_to
            if first and last and first > last:
                raise ValidationError(self.env._("The window of “%s” ends before it starts.", campaign.name))

    @api.onchange("own_domain")
    def _onchange_own_domain(self):
        self.own_domain_user_id = self.env.user  # as it will be once it is saved

    @api.constrains("own_domain")
    def _check_own_domain(self):
        for campaign in self.filtered("own_domain"):
            try:
                campaign._get_own_filter().check()
            except FilterRefused as error:
                raise ValidationError(
                    self.env._(
                        "The own filter of “%(campaign)s” does not work: %(error)s.",
                        campaign=campaign.name,
                        error=error,
                    )
                ) from error

    @api.model
    def _get_filterable_fields(self):
        """Return {model: names of fields} that own filters and preferences may ask for besides the usual ones.

        Meant to be extended: ``{**super()._get_filterable_fields(), "x.product": {"category"}}``.
        """
        return {}

    def _get_moment(self):
        """Return now as typed filters count from it: in the campaign's time zone."""
        return Moment(fields.Datetime.now(), pick_zone(self.tz))

    def _get_own_filter(self):
        more = self._get_filterable_fields()
        return OwnFilter(self.own_domain, self.own_domain_user_id, self._get_moment(), more=more)

    def _look_by_own_filter(self):
        """Return the leads that pass the own filter, and why none do if it cannot be used, see ``OwnFilter.look``."""
        return self._get_own_filter().look(self.company_id)

    def _get_type_domain(self):
        types = ["lead", "opportunity"] if self.lead_type == "both" else [self.lead_type]
        return Domain("type", "in", types)

    def _get_dnc_domain(self):
        """Return the leads that may be called, or None where the rule is off."""
        if not self.use_dnc:
            return None
        domain = Domain.TRUE
        for row in self.dnc_filter_ids.filtered(lambda r: r.active and not r._is_empty()):
            domain &= ~row._get_match_domain()
        if self.dnc_by_category:
            statuses = self.env["crm.lead.status"].sudo().with_context(active_test=False)
            blocked = statuses.search([("category", "=", "do_not_call")])
            domain &= Domain("lead_status_id", "not in", blocked.ids)
        for wanted, column, table, value in (
            (self.dnc_email_blacklist, "email_normalized", "mail_blacklist", "email"),
            (self.dnc_phone_blacklist, "phone_sanitized", "phone_blacklist", "number"),
        ):
            if wanted:
                domain &= self._not_in_blacklist(column, table, value)
        return domain

    @api.model
    def _not_in_blacklist(self, column, table, value):
        """Return the leads whose e-mail or phone is on no active line of a blacklist.

        Not by NOT IN: of a list too long for PostgreSQL's working memory that reads the whole list for each lead.
        """

        def to_sql(model, alias, query):
            return SQL(
                "NOT EXISTS (SELECT FROM %(table)s WHERE %(table)s.active AND %(table)s.%(value)s = %(mine)s)",
                mine=model._field_to_sql(alias, column, query),
                value=SQL.identifier(value),
                table=SQL.identifier(table),
            )

        return Domain.custom(to_sql=to_sql)

    def _get_priority_domain(self):
        smallest, largest = self.priority_min, self.priority_max
        return self.env["crm.lead"]._get_priority_domain(lambda p: smallest <= p <= largest)

    @api.model
    def _get_required_domain(self, names):
        """Return the leads that have a value in all of these fields; blanks are none."""
        return Domain.AND(has_content(self.env["crm.lead"]._fields[name]) for name in names)

    def _get_inactive_holder_domain(self):
        """Return the leads whose holder is neither an archived user nor an inactive member."""
        _working, gone = self._get_holders()
        users = self.env["res.users"].sudo().with_context(active_test=False)
        gone |= users.search([("active", "=", False)])
        return Domain("holder_id", "not in", gone.ids)

    def _get_weekday_domain(self, date_field):
        """Return the leads whose date is no Saturday, Sunday or public holiday, as wanted; no date is none of these."""
        name, unwanted = date_field.name, []
        if self.exclude_weekends:
            unwanted.append(Domain(f"{name}.day_of_week", "in", [0, 6]))
        for first, last in self._get_public_holidays() if self.exclude_holidays else ():
            unwanted.append(dates.since(date_field, first, self.tz) & dates.until(date_field, last, self.tz))
        return Domain(name, "=", False) | ~Domain.OR(unwanted) if unwanted else Domain.TRUE

    def _get_public_holidays(self):
        """Return the public holidays of the company's calendar: (first, last) date, in the zone of their calendar."""
        company = self.company_id or self.env.company
        calendar = company.sudo().resource_calendar_id
        leaves = self.env["resource.calendar.leaves"].sudo().search(
            [
                ("resource_id", "=", False),
                ("company_id", "in", (company.id, False)),
                ("calendar_id", "in", (calendar.id, False)),
            ]
        )  # fmt: skip
        return [
            dates.touched_days(leave.date_from, leave.date_to, leave.calendar_id.tz or calendar.tz or self.tz)
            for leave in leaves
        ]
