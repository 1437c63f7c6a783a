from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.figures import percentage
from ...engine.names import name_key
from ...reporting.periods import read_date, read_period
from ...reporting.words import describe_left_over
from ...tools.limits import is_whole
from ...tools.storable import is_storable

STEADY = 5.0  # percent: smaller changes are no trend
SUMS = ("total_leads_found", "total_leads_distributed", "distribution_efficiency", "salespeople_participated")


class LeadDistributionReport(models.AbstractModel):
    """Reports over runs: a day, a salesperson, a campaign, a trend. Source: specification 8.1, 9.5.

    All of them, and the dashboard, add up the same runs in the same way (``_get_totals``), so
    their numbers agree. Runs count that were carried out: done, or stopped after a part. A
    reverted run counts in none; failed ones are counted by themselves.
    """

    _name = "lead.distribution.report"
    _description = "Distribution Report"

    @api.model
    @api.readonly
    def generate_daily_report(self, date=None, campaign_name=None):
        """Return the report of one day, of one campaign or of all; keys as in section 9.5.2.

        :param date: the day, default today: for each campaign the date in its own time zone
        :param campaign_name: name or id
        """
        day = read_date(date, "date", self.env._)
        campaign = self._find_campaign(campaign_name)
        self._check_manager()
        report = self.sudo()
        domain = report._get_domain(day, day, campaign) if day else report._get_domain_of_today(campaign)
        day = day or report._get_today(campaign)
        return {"date": day.isoformat(), **report._get_totals(domain, campaign)}

    @api.model
    @api.readonly
    def generate_campaign_report(self, campaign_name=None, date_from=None, date_to=None, date_range=None):
        """Return the report of one campaign over a period, both dates included.

        :param date_range: both dates at once; a pair instead of ``date_from`` does the same
        """
        campaign = self._find_campaign(campaign_name)
        self._check_manager()
        first, last = read_period(date_from, date_to, date_range, lambda: self._get_today(campaign), self.env._)
        domain = self._get_domain(first, last, campaign)
        return {
            "date_range": [first.isoformat(), last.isoformat()],
            **self.sudo()._get_totals(domain, campaign),
            "days": self.sudo()._get_days(domain),
        }

    @api.model
    @api.readonly
    def generate_trend_analysis(self, days=30, campaign_name=None):
        """Return the last days against as many days before; today is the last one.

        ``change`` is in percent, None where there was nothing before; ``direction`` is that of
        the leads distributed: changes below 5 % are steady.
        """
        if not isinstance(days, int) or not 1 <= days <= 3660:
            raise ValidationError(self.env._("“days” must be a whole number from 1 to 3660."))
        campaign = self._find_campaign(campaign_name)
        self._check_manager()
        last = self._get_today(campaign)
        first = last - timedelta(days=days - 1)
        report = self.sudo()
        domain = self._get_domain(first, last, campaign)
        now = report._get_totals(domain, campaign)
        earlier = self._get_domain(first - timedelta(days=days), first - timedelta(days=1), campaign)
        before = report._get_totals(earlier, campaign)
        change = {key: self._get_change(before[key], now[key]) for key in SUMS}
        return {
            "days": days,
            "date_range": [first.isoformat(), last.isoformat()],
            **now,
            "daily": report._get_days(domain),
            "previous_period": {key: before[key] for key in SUMS},
            "change": change,
            "direction": self._get_direction(change["total_leads_distributed"]),
        }

    @api.model
    def _get_change(self, before, now):
        """Return the change in percent; None where there was nothing before."""
        return round((now - before) / before * 100, 1) if before else None

    @api.model
    def _get_direction(self, change):
        if change is None or abs(change) < STEADY:
            return "steady"
        return "rising" if change > 0 else "falling"

    @api.model
    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers can see the reports of everybody."))

    @api.model
    def _find_campaign(self, campaign):
        """Return the campaign of a name or an id, archived ones too; nothing for nothing."""
        campaigns = self.env["lead.distribution.campaign"].with_context(active_test=False)
        if not campaign:
            return campaigns.browse()
        key = "id" if is_whole(campaign) else "name"
        is_asked = key == "id" or (isinstance(campaign, str) and is_storable(campaign))
        found = campaigns.search([(key, "=", campaign)], limit=1) if is_asked else campaigns.browse()
        if not found:
            raise ValidationError(self.env._("There is no campaign “%s”.", str(campaign)[:80]))
        return found

    @api.model
    def _get_todays(self, campaign=None):
        """Return {date: campaigns for which it is today}, of one campaign or of all of the user's companies.

        Source: reading R2. Where there is no campaign at all, the date of the user counts.
        """
        campaigns = campaign or self.env["lead.distribution.campaign"].sudo().with_context(
            active_test=False
        ).search_fetch([("company_id", "in", [*self.env.companies.ids, False])], ["tz"])
        return campaigns.grouped(lambda c: c._get_today()) or {fields.Date.context_today(self): campaigns}

    @api.model
    def _get_today(self, campaign=None):
        """Return where a period ends: of several campaigns the latest of their dates, so that no run is missing."""
        return max(self._get_todays(campaign))

    @api.model
    def _get_domain_of_today(self, campaign=None):
        """Return the runs and tracking lines of today, which is another date in another time zone."""
        todays = self._get_todays(campaign)
        if len(todays) == 1:
            return self._get_domain(*todays, *todays, campaign)
        return Domain.OR(
            self._get_domain(day, day) & Domain("campaign_id", "in", campaigns.ids) for day, campaigns in todays.items()
        )

    @api.model
    def _get_domain(self, first, last, campaign=None):
        """Return the runs and tracking lines of a period in the user's companies."""
        domain = Domain("distribution_date", ">=", first) & Domain("distribution_date", "<=", last)
        if campaign:
            return domain & Domain("campaign_id", "=", campaign.id)
        return domain & Domain("company_id", "in", [*self.env.companies.ids, False])

    @api.model
    def _get_totals(self, domain, campaign=None):
        """Add up the runs of a domain; a fixed number of queries."""
        runs = self.env["lead.distribution.run"]
        failed = runs.search_count(domain & Domain("state", "=", "failed"))
        runs = runs.search_fetch(domain & Domain("is_applied", "=", True), [
            "leads_found", "leads_distributed", "leads_not_distributed", "leads_dropped_back", "dropback_failed",
            "execution_seconds",
            "leads_by_source", "leads_by_status", "leads_by_campaign", "leads_by_age", "left_over", "leads_reassigned",
            "fairness_index", "utilization_spread",
        ], order="id")  # fmt: skip
        people = self._get_people(domain)
        received = [person["leads_received"] for person in people if person["leads_received"]]
        found, distributed = sum(runs.mapped("leads_found")), sum(runs.mapped("leads_distributed"))
        left_over = self._add_up(runs, "left_over")
        return {
            "campaign": campaign.name if campaign else None,
            "runs": len(runs),
            "failed_runs": failed,
            "total_leads_found": found,
            "total_leads_distributed": distributed,
            "total_leads_not_distributed": found - distributed,
            "leads_dropped_back": sum(runs.mapped("leads_dropped_back")),
            "dropback_failed": sum(runs.mapped("dropback_failed")),
            "leads_reassigned": sum(runs.mapped("leads_reassigned")),
            "distribution_efficiency": percentage(distributed, found),
            "salespeople_participated": len(received),
            "average_leads_per_salesperson": round(sum(received) / len(received), 2) if received else 0,
            "execution_time_seconds": round(sum(runs.mapped("execution_seconds")), 2),
            "top_recipients": [
                {"user_id": p["id"], "name": p["name"], "leads_received": p["leads_received"]}
                for p in people[:10] if p["leads_received"]
            ],
            "reason_not_distributed": {
                describe_left_over(self.env, r): count for r, count in left_over.items() if count
            },
            "salespeople": people,
            "by_source": self._add_up(runs, "leads_by_source"),
            "by_status": self._add_up(runs, "leads_by_status"),
            "by_campaign": self._add_up(runs, "leads_by_campaign"),
            "by_date_range": {
                "older_than_2_months": 0, "younger_than_6_months": 0, **self._add_up(runs, "leads_by_age"),
            },
            "fairness_index": _mean(runs.filtered("leads_distributed").mapped("fairness_index"), 4),
            "spread": _mean(runs.filtered("leads_distributed").mapped("utilization_spread"), 2),
        }  # fmt: skip

    @api.model
    def _add_up(self, runs, name):
        counts = Counter()
        for run in runs:
            counts.update(run[name] or {})
        return dict(counts)

    @api.model
    def _get_people(self, domain):
        """Return what each person got, most first: before of the first run, after of the last."""
        lines = self.env["lead.distribution.run.member"]
        groups = lines._read_group(
            domain & Domain("run_id.is_applied", "=", True),
            ["user_id", "salesperson_name"],
            ["leads_received:sum", "leads_distributed_from:sum", "id:min", "id:max"],
        )
        merged = {}  # a person who was renamed is one person; deleted ones are known by their names
        for user, name, *values in groups:
            merged.setdefault(user.id or name, []).append(values)
        ids = {line_id for *_rest, low, high in groups for line_id in (low, high)}
        lines.browse(ids).fetch(
            ["user_id", "salesperson_name", "level_name", "target_leads", "leads_before_total", "leads_after_total",
             "utilization"]
        )  # fmt: skip
        people = [self._get_person(parts) for parts in merged.values()]
        return sorted(people, key=lambda person: (-person["leads_received"], name_key(person["name"])))

    @api.model
    def _get_person(self, parts):
        """Return the figures of one person from [(received, given up, id of the first line, of the last)]."""
        lines = self.env["lead.distribution.run.member"]
        first = lines.browse(min(low for _received, _given, low, _high in parts))
        last = lines.browse(max(high for _received, _given, _low, high in parts))
        return {
            "id": last.user_id.id or None,
            "name": last.salesperson_name,
            "level": last.level_name or "",
            "target_leads": last.target_leads,
            "current_leads": first.leads_before_total,
            "leads_received": sum(part[0] for part in parts),
            "leads_given_up": sum(part[1] for part in parts),
            "new_total": last.leads_after_total,
            "utilization": last.utilization,
        }

    @api.model
    def _get_days(self, domain):
        """Return the sums of each day that had a run."""
        groups = self.env["lead.distribution.run"]._read_group(
            domain & Domain("is_applied", "=", True),
            ["distribution_date:day"],
            ["leads_found:sum", "leads_distributed:sum"],
            order="distribution_date:day",
        )
        return [
            {
                "date": day.isoformat(),
                "found": found,
                "distributed": distributed,
                "not_distributed": found - distributed,
                "efficiency": percentage(distributed, found),
            }
            for day, found, distributed in groups
        ]

    @api.model
    def _get_waiting_times(self, domain):
        """Return how long owners took to touch the leads of a domain of assignments; two queries.

        :return: dict with ``count`` (leads handed out), ``touched``, and what ``_get_hours_to_action`` says
        """
        rows = self.env["lead.distribution.assignment"]
        [(count, touched)] = rows._read_group(domain, [], ["__count", "first_action_on:count"])
        return {
            "count": count,
            "touched": touched,
            **self._get_hours_to_action(domain, ("hours", "working_hours")),
        }

    @api.model
    def _get_hours_to_action(self, domain, columns=("hours",)):
        """Return median and 90th percentile of the hours until the first touch; one query.

        :param domain: of assignments that were carried out; those that nobody touched are passed over
        :param columns: which hours to sort; ``hours`` alone comes from an index that has all it needs
        :return: dict with ``median_…`` and ``p90_…`` of each column, None without a touch
        """
        rows = self.env["lead.distribution.assignment"]
        rows.flush_model(["first_action_on", "hours_to_action", "working_hours_to_action"])
        query = rows._search(domain & Domain("first_action_on", "!=", False))
        table = SQL.identifier("lead_distribution_assignment")
        percentiles = [  # both of a column at once: it is sorted once
            SQL("percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY %s.%s)", table,
                SQL.identifier(f"{name}_to_action"))
            for name in columns
        ]  # fmt: skip
        [pairs] = self.env.execute_query(query.select(*percentiles))
        times = {}
        for name, pair in zip(columns, pairs, strict=True):
            for word, value in zip(("median", "p90"), pair or (None, None), strict=True):
                times[f"{word}_{name}"] = value and round(value, 1)
        return times


def _mean(values, digits):
    return round(sum(values) / len(values), digits) if values else None
