from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.names import name_key
from ...names import MANAGERS

BREAKDOWNS = {
    "by_source": "leads_by_source",
    "by_status": "leads_by_status",
    "by_campaign": "leads_by_campaign",
}


class LeadDistributionRun(models.Model):
    """The summary of a run, kept with it. Source: specification 9.2, table ``lead_distribution_summary``.

    Filled when the plan is stored and again when the run is closed, by a fixed number of
    queries; it outlives the single assignments, which may be removed after a time.
    """

    _inherit = "lead.distribution.run"

    salespeople_eligible = fields.Integer(string="Eligible salespeople", groups=MANAGERS)
    salespeople_received = fields.Integer(string="Salespeople who received", groups=MANAGERS)
    average_received = fields.Float(string="Average received", digits=(16, 2), aggregator="avg", groups=MANAGERS)
    largest_received = fields.Integer(string="Most received", aggregator="max", groups=MANAGERS)
    smallest_received = fields.Integer(string="Fewest received", aggregator="min", groups=MANAGERS)
    leads_reassigned = fields.Integer(
        string="Reassigned", help="Leads handed out that somebody else held before.", groups=MANAGERS
    )
    leads_by_source = fields.Json(help="Source → leads handed out.", groups=MANAGERS)
    leads_by_status = fields.Json(help="Status before → leads handed out.", groups=MANAGERS)
    leads_by_campaign = fields.Json(help="Marketing campaign → leads handed out.", groups=MANAGERS)
    leads_by_age = fields.Json(
        help="Leads handed out whose source date is older than 2, younger than 6 months.", groups=MANAGERS
    )
    excluded_users = fields.Json(
        help="Names of protected people, and of those who receive nothing by name.", groups=MANAGERS
    )
    fairness_index = fields.Float(string="Fairness (Jain)", digits=(16, 4), aggregator="avg", groups=MANAGERS)
    utilization_spread = fields.Float(string="Spread (points)", digits=(16, 2), aggregator="avg", groups=MANAGERS)
    is_applied = fields.Boolean(
        compute="_compute_is_applied",
        store=True,
        help="The run has handed out leads, or has looked and found nothing to hand out. Reports count these runs.",
    )

    _applied_date_idx = models.Index("(distribution_date, campaign_id) WHERE is_applied")

    @api.depends("state", "leads_done")
    def _compute_is_applied(self):
        for run in self:
            run.is_applied = run.state == "done" or (run.state == "cancelled" and run.leads_done > 0)

    def _store_plan(self, plan, members, dropped=()):
        result = super()._store_plan(plan, members, dropped)
        self._update_summary()
        return result

    def _update_summary(self):
        """Fill the summary from the run's assignments and tracking lines."""
        self.ensure_one()
        lines = self.member_line_ids
        received = [count for count in lines.mapped("leads_received") if count]
        counts = self._count_characteristics()
        self.write(
            {
                "salespeople_eligible": len(lines),
                "salespeople_received": len(received),
                "average_received": round(sum(received) / len(received), 2) if received else 0,
                "largest_received": max(received, default=0),
                "smallest_received": min(received, default=0),
                "leads_reassigned": self._count_reassigned(),
                "leads_by_age": self._count_ages(),
                "excluded_users": self._get_excluded_names(),
                **{field: counts[key] for key, field in BREAKDOWNS.items()},
            }
        )
        figures = self._get_figures()
        self.write({"fairness_index": figures["fairness_index"], "utilization_spread": figures["spread"]})

    def _count_characteristics(self):
        """Return the breakdowns as the assignments have them now."""
        return super()._get_characteristics()

    def _get_characteristics(self):
        """Return the breakdowns of the summary, which are there when the assignments are not any more."""
        if self.leads_by_source is None or self.state == "applying":
            return self._count_characteristics()
        return {key: self[field] or {} for key, field in BREAKDOWNS.items()}

    def _get_counted_domain(self):
        return [
            ("run_id", "=", self.id), ("kind", "=", "distribution"), ("state", "in", self._get_counted_states()),
        ]  # fmt: skip

    def _count_reassigned(self):
        rows = self.env["lead.distribution.assignment"]
        return rows.search_count([*self._get_counted_domain(), ("previous_user_id", "!=", False)])

    def _count_ages(self):
        """Count the leads older than 2 and younger than 6 months; section 8.1, ``by_date_range``."""
        day = self.distribution_date or self.campaign_id._get_today()
        self.env["crm.lead"].flush_model(["source_date"])
        query = self.env["lead.distribution.assignment"]._search(self._get_counted_domain())
        lead = query.make_alias("lead_distribution_assignment", "lead")
        query.add_join(
            "JOIN", lead, "crm_lead", SQL("lead_distribution_assignment.lead_id = %s", SQL.identifier(lead, "id"))
        )
        date = SQL.identifier(lead, "source_date")
        [(older, younger)] = self.env.execute_query(
            query.select(
                SQL("count(*) FILTER (WHERE %s < %s)", date, day - relativedelta(months=2)),
                SQL("count(*) FILTER (WHERE %s > %s)", date, day - relativedelta(months=6)),
            )
        )
        return {"older_than_2_months": older, "younger_than_6_months": younger}

    def _get_excluded_names(self):
        campaign = self.campaign_id.with_context(active_test=False)
        names = {*campaign.protected_user_ids.mapped("name"), *campaign.excluded_receiver_ids.mapped("name")}
        return sorted(names, key=name_key)
