from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ...engine.figures import percentage
from ...reporting.periods import read_period
from ...tools.limits import is_whole


class LeadDistributionReport(models.AbstractModel):
    """The report of one salesperson over a period. Source: specification 9.5."""

    _inherit = "lead.distribution.report"

    @api.model
    @api.readonly
    def generate_salesperson_report(self, user_id=None, date_from=None, date_to=None, date_range=None):
        """Return what a person got in a period and what became of it; keys as in section 9.5.2.

        Salespeople may ask for their own report, managers for everybody's. The average is over
        all days of the period; the efficiency is that of the runs the person took part in;
        ``lead_status_distribution`` tells the statuses that the leads received have now.

        :param date_range: both dates at once; a pair instead of ``date_from`` does the same
        """
        first, last = read_period(date_from, date_to, date_range, self._get_today, self.env._)
        self.env["lead.distribution.run.member"].check_access("read")
        user = self.env["res.users"].with_context(active_test=False)
        if not user_id or is_whole(user_id):
            user = user.search([("id", "=", user_id or self.env.uid)])  # of the user's companies
        if not user:
            raise ValidationError(self.env._("There is no user with the id %s.", str(user_id)[:40]))
        if user != self.env.user and not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("You can only see your own report."))
        domain = self._get_domain(first, last)
        return self.sudo()._get_salesperson_data(user.sudo(), first, last, domain)

    @api.model
    def _get_salesperson_data(self, user, first, last, domain):
        days = self._get_salesperson_days(user, domain)
        received = sum(day["received"] for day in days)
        own = domain & Domain("user_id", "=", user.id)
        times = self._get_waiting_times(own & Domain("state", "=", "done") & Domain("kind", "=", "distribution"))
        return {
            "user_id": user.id,
            "name": user.name,
            "date_range": [first.isoformat(), last.isoformat()],
            "total_leads_received": received,
            "average_leads_per_day": round(received / ((last - first).days + 1), 1),
            "utilization_trend": [day["utilization"] for day in days],
            "distribution_efficiency": self._get_efficiency_of_runs(own),
            "lead_status_distribution": self._get_statuses_now(own),
            "leads_given_up": sum(day["given_up"] for day in days),
            "leads_touched": times["touched"],
            "median_hours_to_first_action": times["median_hours"],
            "median_working_hours_to_first_action": times["median_working_hours"],
            "days": days,
            "current_leads": self._get_leads_now(user),
        }

    @api.model
    def _get_leads_now(self, user):
        """Return how many leads a person holds now, by status, source and age (section 2.5); three queries."""
        leads = self.env["crm.lead"]
        held = Domain("holder_id", "=", user.id) & Domain("type", "=", "lead")
        held &= Domain("company_id", "in", [*self.env.companies.ids, False])
        statuses = leads._read_group(held, ["lead_status_id"], ["__count"])
        sources = leads._read_group(held, ["source_id"], ["__count"])
        months = leads._read_group(held, ["source_date:month"], ["__count"], order="source_date:month")
        return {
            "total": sum(count for _status, count in statuses),
            "by_status": {status.code or "none": count for status, count in statuses},
            "by_source": {source.name or self.env._("None"): count for source, count in sources},
            "by_month": {month.strftime("%Y-%m") if month else "none": count for month, count in months},
        }

    @api.model
    def _get_salesperson_days(self, user, domain):
        """Return received, given up and the utilization after the last run of each day."""
        lines = self.env["lead.distribution.run.member"]
        groups = lines._read_group(
            domain & Domain("user_id", "=", user.id) & Domain("run_id.is_applied", "=", True),
            ["distribution_date:day"],
            ["leads_received:sum", "leads_distributed_from:sum", "id:max"],
            order="distribution_date:day",
        )
        lines.browse(last for *_rest, last in groups).fetch(["utilization"])
        return [
            {
                "date": day.isoformat(),
                "received": received,
                "given_up": given_up,
                "utilization": round(lines.browse(last).utilization, 1),
            }
            for day, received, given_up, last in groups
        ]

    @api.model
    def _get_efficiency_of_runs(self, own):
        lines = self.env["lead.distribution.run.member"]._search(own & Domain("run_id.is_applied", "=", True))
        [(found, distributed)] = self.env["lead.distribution.run"]._read_group(
            [("member_line_ids", "in", lines)], [], ["leads_found:sum", "leads_distributed:sum"]
        )
        return percentage(distributed or 0, found or 0)

    @api.model
    def _get_statuses_now(self, own):
        """Return {status code: leads}, of the leads received, as they are now."""
        rows = self.env["lead.distribution.assignment"]
        received = own & Domain("state", "=", "done") & Domain("kind", "=", "distribution")
        groups = rows._read_group(
            received & Domain("run_id.is_applied", "=", True), ["lead_id.lead_status_id"], ["__count"]
        )
        return {status.code or "none": count for status, count in groups}
