from datetime import date

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


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
        help="A lead with a planned activity is taken only if its next deadline is more than "
        "so many days ago.",
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

    @api.model
    def _get_candidate_fields(self):
        """Return the names of the lead's fields that planning needs; all stored columns."""
        return (
            "id", "user_id", "open_user_id", "closer_id", "team_id", "lead_status_id",
            "source_id", "campaign_id", "priority", "source_date", "name",
        )  # fmt: skip

    def _get_today(self):
        """Return the date in the campaign's time zone: ages and windows count from it."""
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(pytz.timezone(self.tz or "UTC")).date()

    def _get_window(self, options):
        """Return the first and the last source date that count; None is an open side.

        Source: specification 3.1. The old edge is inside, the new edge is outside.

        :param options: ``date_from`` and ``date_to``, both inclusive, replace the day counts
        """
        self.ensure_one()
        date_from, date_to = options.get("date_from"), options.get("date_to")
        if date_from or date_to:
            return fields.Date.to_date(date_from) or None, fields.Date.to_date(date_to) or None
        if not self.use_window:
            return None, None
        today = self._get_today()
        return (
            fields.Date.subtract(today, days=self.younger_than_days),
            fields.Date.subtract(today, days=self.older_than_days + 1),
        )

    def _get_base_domain(self, options):
        """Return the leads that are looked at: those of the type, the company and the window."""
        self.ensure_one()
        domain = Domain("type", "=", "lead") & Domain("active", "=", True)
        if self.company_id:
            domain &= Domain("company_id", "in", [self.company_id.id, False])
        if options.get("lead_ids") is not None:
            domain &= Domain("id", "in", list(options["lead_ids"]))
        first, last = self._get_window(options)
        if first or last:
            domain &= Domain("source_date", ">=", first or date.min)
            domain &= Domain("source_date", "<=", last or date.max)
        return domain

    def _get_filter_steps(self, options):
        """Return the steps that follow the window: list of (reason, domain of those that pass).

        Add a step of your own with ``super()`` and ``insert``; its name is a key of the
        run's exclusions.
        """
        self.ensure_one()
        steps = []
        if self.protected_user_ids:
            steps.append(("excluded_user", Domain("holder_id", "not in", self.protected_user_ids.ids)))
        if self.pool_mode == "pools":
            steps.append(("no_holder", self.pool_ids._get_holder_domain()))
            steps.append(("holder_status", self.pool_ids._get_lead_domain(self._get_today())))
        if self.exclude_closed:
            steps.append(("closed", self._get_open_domain()))
        if self.protect_activities:
            steps.append(("activity", self._get_activity_domain()))
        return steps

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
        return overdue | Domain("activity_ids", "=", False)

    def _find_leads(self, options):
        """Return the candidates and the funnel.

        :return: (rows of ``_get_candidate_fields`` ordered by id, {reason: number of leads})
        """
        self.ensure_one()
        # found with full rights: what a run does must not depend on who starts it
        leads = self.env["crm.lead"].sudo().with_context(active_test=True)
        base = self._get_base_domain(options)
        steps = self._get_filter_steps(options)
        excluded = self._count_exclusions(leads, base, steps)
        query = leads._search(Domain.AND([base, *(domain for _reason, domain in steps)]), order="id")
        if query.is_empty():
            return [], excluded
        columns = [leads._field_to_sql(leads._table, name, query) for name in self._get_candidate_fields()]
        return self.env.execute_query(query.select(*columns)), excluded

    @api.model
    def _count_exclusions(self, leads, base, steps):
        """Count for each step the leads that it is the first to refuse, in one statement."""
        excluded = {reason: 0 for reason, _domain in steps}
        query = leads._search(base)
        if query.is_empty() or not steps:
            return excluded
        branches = []
        for reason, domain in steps:
            passes = domain.optimize_full(leads)._to_sql(leads, leads._table, query)
            # unknown (NULL) is refused, as WHERE would
            branches.append(SQL("WHEN (%s) IS NOT TRUE THEN %s", passes, reason))
        reason = SQL("CASE %s END", SQL(" ").join(branches))
        rows = self.env.execute_query(
            SQL(
                "SELECT reason, count(*) FROM (SELECT %s AS reason FROM %s WHERE %s) AS funnel "
                "WHERE reason IS NOT NULL GROUP BY reason",
                reason,
                query.from_clause,
                query.where_clause,
            )
        )
        return {**excluded, **dict(rows)}
