from collections import Counter
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ...engine.figures import percentage
from ...planning.workload import count_workload

# section 16: (metric, goal, whether more is better); None: only the change counts
GOALS = {
    "distribution_efficiency": (95.0, True),
    "seconds_per_1000_leads": (300.0, False),
    "error_rate": (1.0, False),
    "workload_spread": (10.0, False),
    "response_time_change": (-50.0, False),
    "conversion_change": (15.0, True),
    "runs_by_hand": (20.0, False),
}


class LeadDistributionReport(models.AbstractModel):
    """Analytics and success metrics. Source: specification 8.2, 16."""

    _inherit = "lead.distribution.report"

    @api.model
    @api.readonly
    def calculate_distribution_efficiency(self, days=30, campaign_name=None):
        """Return the leads handed out in percent of those found, over the last days."""
        return self.generate_trend_analysis(days, campaign_name)["distribution_efficiency"]

    @api.model
    @api.readonly
    def analyze_salesperson_utilization(self, campaign_name=None):
        """Return {name: leads held now in percent of the target} of the active members."""
        campaign = self._find_campaign(campaign_name)
        self._check_manager()
        dashboard = self.env["lead.distribution.dashboard"].sudo()
        members = dashboard._get_members(campaign)
        held = Counter(count_workload(self.env, members.user_id))
        return {person["name"]: person["utilization"] for person in dashboard._get_utilization(members, held)}

    @api.model
    @api.readonly
    def track_distribution_trends(self, days=30, campaign_name=None):
        """Return the trend; see ``generate_trend_analysis``."""
        return self.generate_trend_analysis(days, campaign_name)

    @api.model
    @api.readonly
    def generate_performance_metrics(self, days=30, campaign_name=None):
        """Return the success metrics of section 16 over the last days: {metric: {value, goal, met}}.

        Changes are against as many days before; a metric without a basis has the value None.
        The satisfaction of users is none of them: software cannot measure it.
        """
        trend = self.generate_trend_analysis(days, campaign_name)
        campaign = self._find_campaign(campaign_name)
        last = self._get_today(campaign)
        first = last - timedelta(days=days - 1)
        now = self._get_domain(first, last, campaign)
        before = self._get_domain(first - timedelta(days=days), first - timedelta(days=1), campaign)
        report = self.sudo()
        seconds, count = trend["execution_time_seconds"], trend["total_leads_distributed"]
        values = {
            "distribution_efficiency": trend["distribution_efficiency"],
            "seconds_per_1000_leads": round(seconds / count * 1000, 1) if count else None,
            "workload_spread": trend["spread"],
            **report._get_outcome_metrics(now, before),
        }
        return {name: self._judge(name, values[name]) for name in GOALS}

    @api.model
    def _judge(self, name, value):
        goal, is_more_better = GOALS[name]
        met = None if value is None else value >= goal if is_more_better else value <= goal
        return {"value": value, "goal": goal, "met": met}

    @api.model
    def _get_outcome_metrics(self, now, before):
        """Return errors, response time, conversion and runs by hand."""
        shares = Domain("kind", "=", "distribution")
        done = shares & Domain("state", "=", "done")
        rows, runs = self.env["lead.distribution.assignment"], self.env["lead.distribution.run"]
        tried = now & shares & Domain("state", "in", ("done", "failed"))
        states = dict(rows._read_group(tried, ["state"], ["__count"]))
        times = [self._get_hours_to_action(domain & done)["median_hours"] for domain in (now, before)]
        won = [self._get_conversion(domain & done) for domain in (now, before)]
        origins = dict(runs._read_group(now & Domain("is_applied", "=", True), ["origin"], ["__count"]))
        by_hand = sum(count for origin, count in origins.items() if origin != "schedule")
        failed = states.get("failed", 0)
        return {
            "error_rate": percentage(failed, sum(states.values())) if states else None,
            "response_time_change": self._get_change(times[1], times[0]) if None not in times else None,
            "conversion_change": self._get_change(won[1], won[0]) if None not in won else None,
            "runs_by_hand": percentage(by_hand, sum(origins.values())) if origins else None,
        }

    @api.model
    def _get_conversion(self, domain):
        """Return the leads that are won by now in percent of those handed out, None without any.

        Won is a lead status of the category won, or an opportunity won in Odoo.
        """
        rows = self.env["lead.distribution.assignment"].with_context(active_test=False)
        total = rows.search_count(domain)
        won = Domain("lead_id.lead_status_id.category", "=", "won") | Domain("lead_id.won_status", "=", "won")
        return percentage(rows.search_count(domain & won), total) if total else None
