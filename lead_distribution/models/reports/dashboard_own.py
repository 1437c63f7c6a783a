# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
from odoo import api, models
from odoo.fields import Domain

from ...engine.figures import percentage
from .dashboard import CLASSES, PERIODS

LISTED = 10


class LeadDistributionDashboard(models.AbstractModel):
    """The dashboard of a salesperson: my new leads, my load, my numbers; nobody else's."""

    _inherit = "lead.distribution.dashboard"

    @api.model
    def _get_own_data(self, days):
        # full rights: every domain below names the user, and own targets hang on levels of the campaign
        me, own = self.env.user, self.sudo()
        report = own.env["lead.distribution.report"]
        period, earlier = self._get_period(days)
        mine = Domain("user_id", "=", me.id)
        now, before = (report._get_domain(*dates) & mine for dates in (period, earlier))
        done = Domain("state", "=", "done") & Domain("kind", "=", "distribution")
        times, times_before = (report._get_waiting_times(domain & done) for domain in (now, before))
        load = own._get_own_load(me)
        return {
            "kind": "salesperson",
            "campaigns": [],
            "campaign_id": False,
            "days": days,
            "periods": list(PERIODS),
            "date_range": [day.isoformat() for day in period],
            "figures": own._get_own_figures(now & done, times, times_before, load),
            "per_day": own._get_own_days(now & done, period),
            "new_leads": own._get_new_leads(mine),
            "load": load["campaigns"],
            "aging": load["aging"],
            "attention": own._get_own_attention(mine),
        }

    @api.model
    def _get_own_figures(self, domain, times, before, load):
        _ = self.env._
        rows = "lead.distribution.assignment"
        received = self._open(rows, domain, _("My new leads"))
        waits = domain & Domain("is_waiting", "=", True)
        waiting = self._open(rows, waits, _("Not touched yet"))
        touched = self._open(rows, domain & Domain("first_action_on", "!=", False), _("Touched leads"))
        untouched = self.env[rows].search_count(waits)
        return [
            {"key": "load", "label": _("My leads now"), "value": load["total"], "format": "integer", "change": None,
             "better": None, "open": load["open"]},
            self._figure("received", _("Received"), times, before, "count", received),
            {"key": "waiting", "label": _("Not touched yet"), "value": untouched, "format": "integer", "change": None,
             "better": "down", "open": waiting},
            self._figure("median", _("Hours to first action, median"), times, before, "median_hours", touched,
                         "down", "hours"),
            self._figure("median_working", _("Working hours to first action"), times, before,
                         "median_working_hours", touched, "down", "hours"),
        ]  # fmt: skip

    @api.model
    def _get_own_days(self, domain, period):
        groups = self.env["lead.distribution.assignment"]._read_group(
            domain, ["distribution_date:day"], ["__count"], order="distribution_date:day"
        )
        days = [{"date": day.isoformat(), "distributed": count, "not_distributed": 0} for day, count in groups]
        return self._fill_days(days, period, "lead.distribution.assignment", domain)

    @api.model
    def _get_new_leads(self, mine):
        """Return the newest leads that wait for a first touch."""
        rows = self.env["lead.distribution.assignment"].search_fetch(
            mine & Domain("is_waiting", "=", True),
            ["lead_id", "lead_name", "campaign_id", "source_id", "distribution_date"],
            limit=LISTED, order="id desc",
        )  # fmt: skip
        return [
            {
                "id": row.lead_id.id,
                "name": row.lead_name or f"#{row.lead_id.id}",
                "campaign": row.campaign_id.name,
                "source": row.source_id.name or "",
                "date": row.distribution_date and row.distribution_date.isoformat(),
            }
            for row in rows
        ]

    @api.model
    def _get_own_load(self, me):
        domain = Domain("holder_id", "=", me.id) & Domain("type", "=", "lead")
        groups = self.env["crm.lead"]._read_group(domain, ["classification"], ["__count"])
        counts = dict(groups)
        total = sum(counts.values())
        names = dict(self.env["crm.lead"]._fields["classification"]._description_selection(self.env))
        members = self.env["lead.distribution.member"].search([("user_id", "=", me.id)])
        return {
            "total": total,
            "open": self._open("crm.lead", domain, self.env._("My leads")),
            "aging": [
                {
                    "name": names[name],
                    "held": counts.get(name, 0),
                    "nobody": 0,
                    "open": self._open("crm.lead", domain & Domain("classification", "=", name), names[name]),
                }
                for name in CLASSES
            ],
            "campaigns": [
                {
                    "name": member.campaign_id.name,
                    "leads": total,
                    "target": member.target_leads,
                    "utilization": percentage(total, member.target_leads, 1),
                }
                for member in members
            ],
        }

    @api.model
    def _get_own_attention(self, mine):
        """Return what waits for this salesperson."""
        _ = self.env._
        untouched = mine & self._get_untouched_domain()
        count = self.env["lead.distribution.assignment"].search_count(untouched)
        items = []
        if count:
            items.append(
                {
                    "level": "warning",
                    "text": _("Leads that wait for your first touch for a day or more: %s", count),
                    "open": self._open("lead.distribution.assignment", untouched, _("Not touched yet")),
                }
            )
        return items
