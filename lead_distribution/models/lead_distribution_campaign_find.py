from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.limits import LAST_YEAR
from .lead_distribution_run import DROPPED


@dataclass
class Found:
    """What a campaign found. ``rows`` and ``to_drop_back`` have the columns of ``_get_candidate_fields``."""

    rows: list = field(default_factory=list)
    excluded: dict = field(default_factory=dict)
    to_drop_back: list = field(default_factory=list)
    sales_by_stage: dict = field(default_factory=dict)
    warnings: list = field(default_factory=list)


class LeadDistributionCampaign(models.Model):
    """Which leads a campaign takes.

    The way of a lead is a list of steps, each with a name and the domain of the leads it
    lets pass. A lead that is not taken has one reason: the first step that refuses it.
    The database walks the steps: one statement counts the reasons of all leads, another
    fetches the candidates, however many leads there are.
    """

    _inherit = "lead.distribution.campaign"

    pool_mode = fields.Selection(
        [("pools", "The pools below"), ("all", "All leads, whoever holds them")],
        string="Takes leads from",
        default="pools",
        required=True,
    )
    pool_ids = fields.One2many(
        "lead.distribution.pool",
        "campaign_id",
        string="Pools",
        copy=True,
        default=lambda self: self._default_pool_ids(),
    )
    use_window = fields.Boolean(
        string="Window",
        default=True,
        help="Only leads whose source date lies in the window.",
    )
    younger_than_days = fields.Integer(
        string="Not older than (days)",
        default=30,
        help="The old edge of the window: a lead of exactly so many days ago is inside.",
    )
    older_than_days = fields.Integer(
        string="Older than (days)",
        default=0,
        help="The new edge of the window: a lead of exactly so many days ago is outside. "
        "0 leaves the leads of today for tomorrow.",
    )
    protect_activities = fields.Boolean(
        string="Respect activities",
        default=True,
        help="Leave alone the leads on which somebody has planned something.",
    )
    activity_days = fields.Integer(
        string="Overdue for more than (days)",
        default=4,
        help="A lead with a planned activity is taken only if its next deadline is more than so many days ago.",
    )
    exclude_without_activity = fields.Boolean(string="Only leads with an activity")
    protected_user_ids = fields.Many2many(
        "res.users",
        "lead_distribution_campaign_protected_rel",
        "campaign_id",
        "user_id",
        string="Protected people",
        context={"active_test": False},
        help="Leads held by these people stay where they are. They may still receive leads.",
    )
    exclude_closed = fields.Boolean(
        string="Leave out closed leads",
        default=True,
        help="Won, lost and cancelled leads are not handed out again.",
    )

    _days_not_negative = models.Constraint(
        "CHECK (older_than_days >= 0 AND younger_than_days >= 0 AND activity_days >= 0)",
        "A number of days cannot be negative.",
    )

    @api.model
    def _default_pool_ids(self):
        """A new campaign takes only what nobody holds."""
        return [fields.Command.create({"holder": "unassigned"})]

    def _get_candidate_fields(self):
        """Return the lead's stored fields that planning needs; those for rules come last."""
        return (
            "id", "user_id", "open_user_id", "closer_id", "team_id", "lead_status_id",
            "source_id", "campaign_id", "priority", "source_date", "name", "type",
            "distribution_campaign_id", "distributed_on", "received_on", *self._get_rule_fields(),
        )  # fmt: skip

    def _get_today(self):
        """Return the date in the campaign's time zone: ages and windows count from it."""
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(pytz.timezone(self.tz or "UTC")).date()

    def _before(self, name, limit):
        """Return the leads whose date lies before a date of the campaign's time zone."""
        if self.env["crm.lead"]._fields[name].type == "datetime":
            midnight = pytz.timezone(self.tz or "UTC").localize(datetime.combine(limit, time()))
            limit = midnight.astimezone(pytz.utc).replace(tzinfo=None)
        return Domain(name, "<", limit)

    def _from(self, name, first):
        """Return the leads whose date is a certain one or later."""
        return Domain(name, "!=", False) & ~self._before(name, first)

    def _get_window(self, options):
        """Return the first and the last date that count; None is an open side.

        Source: specification 3.1. The old edge is inside, the new edge is outside; own
        dates replace the day counts, both included.

        :param options: ``date_from`` and ``date_to``, both included, for one run
        """
        self.ensure_one()
        date_from, date_to = options.get("date_from"), options.get("date_to")
        if date_from or date_to:
            return fields.Date.to_date(date_from) or None, fields.Date.to_date(date_to) or None
        if not self.use_window:
            return None, None
        if self.custom_date_from or self.custom_date_to:
            return self.custom_date_from or None, self.custom_date_to or None
        today = self._get_today()
        return (
            fields.Date.subtract(today, days=self.younger_than_days),
            fields.Date.subtract(today, days=self.older_than_days + 1),
        )

    def _get_base_domain(self, options):
        """Return the leads that are looked at: those of the type, the company and the window.

        With dropback on, also leads beyond the old edge, if they are past an age.
        """
        self.ensure_one()
        domain = self._get_type_domain() & Domain("active", "=", True) & self._get_company_domain()
        if options.get("lead_ids") is not None:
            domain &= Domain("id", "in", list(options["lead_ids"]))
        name = self.window_field_id.name or "source_date"
        first, last = self._get_window(options)
        if first or last:
            domain &= Domain(name, "!=", False)
        if first:
            too_old = self._get_threshold_domain()
            old_edge = self._from(name, first)
            domain &= old_edge if too_old is None else old_edge | too_old
        if last and last.year < LAST_YEAR:
            domain &= self._before(name, last + timedelta(days=1))
        return domain & self._get_weekday_domain(name)

    def _get_company_domain(self):
        """Return the leads of the campaign's company and those of none; without a company, all."""
        if not self.company_id:
            return Domain.TRUE
        return Domain("company_id", "in", [self.company_id.id, False])

    def _get_filter_steps(self, options):
        """Return the steps that follow the window: list of (reason, domain of those that pass).

        Add a step of your own with ``super()`` and ``insert``; its name is a key of the
        run's exclusions. Of the two dropback steps, the first takes out the leads that are
        dropped back, the second the old ones that are left alone.
        """
        self.ensure_one()
        rows = self.filter_ids.filtered("active")._get_steps()
        own = {step: rows.pop(step, None) for step in ("web_source", "campaign", "status", "tags")}
        pools = self.pool_mode == "pools"
        too_old = self._get_threshold_domain()
        dropped = None if too_old is None else ~(too_old & self._get_dropback_criteria())
        protected = self.protected_user_ids
        required = self.required_field_ids.mapped("name")
        steps = [
            ("dnc", self._get_dnc_domain()),
            ("sales", self._get_sales_domain() if self.use_sales_filter else None),
            (DROPPED, dropped),
            ("dropback", None if too_old is None else ~too_old),
            ("web_source", own["web_source"]),
            ("campaign", own["campaign"]),
            ("excluded_user", Domain("holder_id", "not in", protected.ids) if protected else None),
            ("no_holder", self.pool_ids._get_holder_domain() if pools else None),
            ("holder_status", self.pool_ids._get_lead_domain(self._get_today()) if pools else None),
            ("closed", self._get_open_domain() if self.exclude_closed else None),
            ("status", own["status"]),
            ("tags", own["tags"]),
            *rows.items(),
            ("required_fields", self._get_required_domain(required) if required else None),
            ("priority", self._get_priority_domain() if self.use_priority else None),
            ("assigned", Domain("holder_id", "=", False) if self.exclude_assigned else None),
            ("inactive_user", self._get_inactive_holder_domain() if self.exclude_inactive_users else None),
            ("activity", self._get_activity_domain() if self.protect_activities else None),
            ("domain", self._look_by_own_filter()[0]),
        ]
        return [(step, domain) for step, domain in steps if domain is not None and not domain.is_true()]

    def _get_open_domain(self):
        statuses = self.env["crm.lead.status"].with_context(active_test=False)
        closed = statuses.sudo().search([("is_closed", "=", True)])
        return Domain("lead_status_id", "not in", closed.ids)

    def _get_activity_domain(self):
        """A lead passes when its next deadline is long enough ago; any later one protects it.

        Source: specification 3.1, ``activity_date_deadline < today - n`` or missing.
        """
        limit = fields.Date.subtract(self._get_today(), days=self.activity_days)
        # the next deadline is the earliest, so one activity before the limit is enough
        overdue = Domain("activity_ids.date_deadline", "<", limit)
        if self.exclude_without_activity:
            return overdue
        # done activities are archived, and are no deadline
        return overdue | Domain("activity_ids", "not any", [("active", "=", True)])

    def _get_finding_leads(self):
        """Return the leads' model as finding uses it.

        With full rights: what a run does must not depend on who starts it.
        """
        return self.env["crm.lead"].sudo().with_context(active_test=True, tz=self.tz)

    def _find_leads(self, options):
        """Return what the campaign finds now, see ``Found``; a fixed number of queries."""
        self.ensure_one()
        # compiling the statement takes PostgreSQL longer than running it: 1.0 s against 0.13 s
        # for the funnel of a million leads (docs/performance.md)
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        base = self._get_base_domain(options)
        steps = self._get_filter_steps(options)
        found = Found()
        if self.use_sales_filter and not self._can_read_opportunities():
            steps = [(step, domain) for step, domain in steps if step != "sales"]
            found.warnings.append(self.env._("The opportunities could not be read: no lead was left out for them."))
        found.excluded = self._count_exclusions(base, steps)
        found.rows = self._fetch_candidates(Domain.AND([base, *(domain for _step, domain in steps)]))
        reached = base
        for step, domain in steps:
            if step == "sales" and found.excluded.get("sales"):
                found.sales_by_stage = self._count_sales_by_stage(reached)
            if step == DROPPED and found.excluded.pop(DROPPED, 0):
                found.to_drop_back = self._fetch_candidates(reached & ~domain)
            reached &= domain
        found.excluded.pop(DROPPED, None)
        return found

    def _fetch_candidates(self, domain):
        """Return the rows of ``_get_candidate_fields`` of these leads, ordered by id."""
        leads = self._get_finding_leads()
        query = leads._search(domain, order="id")
        if query.is_empty():
            return []
        columns = [leads._field_to_sql(leads._table, name, query) for name in self._get_candidate_fields()]
        return self.env.execute_query(query.select(*columns))

    def _count_exclusions(self, base, steps):
        """Count for each step the leads that it is the first to refuse, in one statement."""
        excluded = {step: 0 for step, _domain in steps}
        funnel = self._get_funnel_sql(base, steps)
        rows = self.env.execute_query(funnel) if funnel else ()
        return {**excluded, **{step: count for step, count in rows if step}}

    def _get_funnel_sql(self, base, steps):
        """Return the statement that counts the leads by the first step that refuses them, or None."""
        leads = self._get_finding_leads()
        query = leads._search(base)
        if query.is_empty() or not steps:
            return None
        branches = [
            # unknown (NULL) is refused, as WHERE would
            SQL("WHEN (%s) IS NOT TRUE THEN %s", self._get_step_sql(leads, domain, query), step)
            for step, domain in steps
        ]
        # those that pass come along as a row without a reason: a condition on the reason would
        # have PostgreSQL work it out twice for each lead
        return SQL(
            "SELECT reason, count(*) FROM (SELECT CASE %s END AS reason FROM %s WHERE %s) AS funnel GROUP BY reason",
            SQL(" ").join(branches),
            query.from_clause,
            query.where_clause,
        )

    @api.model
    def _get_step_sql(self, leads, domain, query):
        """Return the condition of a domain; joins it needs go into the query."""
        return domain.optimize_full(leads)._to_sql(leads, leads._table, query)
