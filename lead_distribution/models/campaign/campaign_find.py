import logging

from odoo import api, fields, models
from odoo.fields import Domain

from ...finding import dates
from ...finding.candidates import Found, fetch_candidates
from ...finding.funnel import get_funnel_sql
from ...finding.guarded_matching import start_budget
from ...names import DROPPED
from ...work.database import TimeLimitReached, compile_nothing, time_limit

_logger = logging.getLogger(__name__)


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

    def _get_today(self):
        """Return the date in the campaign's time zone: ages and windows count from it."""
        return dates.get_today(fields.Datetime.now(), self.tz)

    def _get_day(self, days_ago):
        """Return the date so many days ago in the campaign's time zone."""
        return dates.days_before(self._get_today(), days_ago)

    def _get_window(self, request):
        """Return the first and the last date that count; None is an open side.

        Source: specification 3.1. The old edge is inside, the new edge is outside; own
        dates replace the day counts, both included.

        :param request: see ``PlanRequest``; its dates replace the window
        """
        self.ensure_one()
        date_from, date_to = request.date_from, request.date_to
        if date_from or date_to:
            return fields.Date.to_date(date_from) or None, fields.Date.to_date(date_to) or None
        if not self.use_window:
            return None, None
        if self.custom_date_from or self.custom_date_to:
            return self.custom_date_from or None, self.custom_date_to or None
        return self._get_day(self.younger_than_days), self._get_day(self.older_than_days + 1)

    def _get_base_domain(self, request):
        """Return the leads that are looked at: those of the type, the company and the window.

        With dropback on, also leads beyond the old edge, if they are past an age.
        """
        self.ensure_one()
        domain = self._get_type_domain() & Domain("active", "=", True) & self._get_company_domain()
        if request.lead_ids is not None:
            domain &= Domain("id", "in", list(request.lead_ids))
        date_field = self.env["crm.lead"]._fields[self._get_date_name()]
        first, last = self._get_window(request)
        if first or last:
            domain &= Domain(date_field.name, "!=", False)
        if first:
            too_old = self._get_threshold_domain()
            old_edge = dates.since(date_field, first, self.tz)
            domain &= old_edge if too_old is None else old_edge | too_old
        if last:
            domain &= dates.until(date_field, last, self.tz)
        return domain & self._get_weekday_domain(date_field)

    def _get_company_domain(self):
        """Return the leads of the campaign's company and those of none; without a company, all."""
        if not self.company_id:
            return Domain.TRUE
        return Domain("company_id", "in", [self.company_id.id, False])

    def _get_filter_steps(self, request):
        """Return the steps that follow the window: list of (reason, domain of those that pass).

        Add a step of your own with ``super()`` and ``insert``; its name is a key of the
        run's exclusions. Of the two dropback steps, the first takes out the leads that are
        dropped back, the second the old ones that are left alone.
        """
        self.ensure_one()
        start_budget(self.env.cr)
        rows = self.filter_ids.filtered("active")._get_steps()
        own = {step: rows.pop(step, None) for step in ("web_source", "campaign", "status", "tags")}
        pools = self.pool_mode == "pools"
        too_old = self._get_threshold_domain()
        dropped = None if too_old is None else ~self._get_dropped_domain(too_old)
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
        limit = self._get_day(self.activity_days)
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

    def _find_leads(self, request):
        """Return what the campaign finds now, see ``Found``; a fixed number of queries."""
        self.ensure_one()
        # compiling the statement takes PostgreSQL longer than running it: 1.0 s against 0.13 s
        # for the funnel of a million leads (docs/performance.md)
        compile_nothing(self.env)
        base = self._get_base_domain(request)
        steps = self._get_filter_steps(request)
        if not self.use_sales_filter:
            return self._walk(base, steps)
        problem = self.env._("The opportunities could not be read: no lead was left out for them.")
        try:
            with time_limit(self.env.cr, self.sales_seconds):
                if self._can_read_opportunities():
                    return self._walk(base, steps)
        except TimeLimitReached:
            problem = self.env._(
                "Looking for customers with an opportunity took longer than %s seconds: no lead was left out for them.",
                f"{self.sales_seconds:g}",
            )
            _logger.warning("Lead distribution: campaign %s looked for customers too long", self.id)
        found = self._walk(base, [(step, domain) for step, domain in steps if step != "sales"])
        found.warnings.append(problem)
        return found

    def _walk(self, base, steps):
        """Return what passes the steps, and where the rest stays."""
        found = Found()
        found.excluded = self._count_exclusions(base, steps, found)
        found.candidates = self._fetch_candidates(Domain.AND([base, *(domain for _step, domain in steps)]))
        reached = base
        for step, domain in steps:
            if step == "sales" and found.excluded.get("sales"):
                found.sales_by_stage = self._count_sales_by_stage(reached)
                found.sales_list = self._list_sales(reached) if self.sales_export else []
            if step == DROPPED and found.excluded.pop(DROPPED, 0):
                found.to_drop_back = self._fetch_candidates(reached & ~domain)
            reached &= domain
        found.excluded.pop(DROPPED, None)
        return found

    def _fetch_candidates(self, domain):
        """Return the candidates among these leads, with the facts that the rules ask for."""
        return fetch_candidates(self._get_finding_leads(), domain, self._get_rule_fields())

    def _count_exclusions(self, base, steps, found):
        """Count for each step the leads that it is the first to refuse, in one statement; tell of those unmatched."""
        order = [step for step, _domain in steps]
        marked = self._get_unmatched_sql() if "sales" in order else None
        funnel = self._get_funnel_sql(base, steps, marked)
        rows = self.env.execute_query(funnel) if funnel else ()
        if marked:
            after = set(order[order.index("sales") :])
            unmatched = sum(row[2] for row in rows if not row[0] or row[0] in after)
            found.warnings += self._tell_unmatched(unmatched)
        return {**dict.fromkeys(order, 0), **{row[0]: row[1] for row in rows if row[0]}}

    def _get_funnel_sql(self, base, steps, marked=None):
        """Return the statement that counts the leads by their step, see ``get_funnel_sql``, or None."""
        return get_funnel_sql(self._get_finding_leads(), base, steps, marked)
