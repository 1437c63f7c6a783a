# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
from collections import Counter
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...engine.figures import percentage
from ...work.database import compile_nothing

PERIODS = (7, 30, 90, 365)
BARS = 30  # people or sources in one chart
CLASSES = ("fresh", "urgent", "stale")
APPLIED = ("is_applied", "=", True)


class LeadDistributionDashboard(models.AbstractModel):
    """What the dashboard shows: for managers everybody's numbers, for salespeople their own.

    One call answers everything, with a fixed number of queries. Sums come from the reports,
    so they are the same. Each number has the records behind it in ``open``: a model and a
    domain, or the method of a run that returns an action.
    """

    _name = "lead.distribution.dashboard"
    _description = "Distribution Dashboard"

    @api.model
    @api.readonly
    def get_data(self, campaign_id=None, days=30):
        """Return the dashboard of the user.

        :param campaign_id: only this campaign; default all of the user's companies
        :param days: length of the period that ends today, and of the one before
        """
        if days not in PERIODS:
            raise ValidationError(self.env._("The period is one of %s days.", ", ".join(map(str, PERIODS))))
        self.env["lead.distribution.assignment"].check_access("read")
        compile_nothing(self.env)
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            return self._get_own_data(days)
        campaign = self.env["lead.distribution.report"]._find_campaign(campaign_id)
        return self._get_manager_data(campaign, days)

    @api.model
    def _get_period(self, days, campaign=None):
        """Return (first, last) of the period, which ends as those of the reports, and of the one before."""
        last = self.env["lead.distribution.report"]._get_today(campaign)
        first = last - timedelta(days=days - 1)
        return (first, last), (first - timedelta(days=days), first - timedelta(days=1))

    @api.model
    def _get_manager_data(self, campaign, days):
        report = self.env["lead.distribution.report"].sudo()
        period, earlier = self._get_period(days, campaign)
        domain, domain_before = (report._get_domain(*dates, campaign) for dates in (period, earlier))
        now, before = report._get_totals(domain, campaign), report._get_totals(domain_before, campaign)
        carried_out = Domain("state", "=", "done") & Domain("run_id.is_applied", "=", True)
        rows = carried_out & Domain("kind", "=", "distribution")
        times, times_before = (report._get_hours_to_action(dates & rows) for dates in (domain, domain_before))
        load = self.sudo()._get_load(campaign)
        last_runs = self.sudo()._get_last_runs(campaign)
        campaigns = self.env["lead.distribution.campaign"].search_fetch([], ["name"])
        return {
            "kind": "manager",
            "campaigns": [{"id": record.id, "name": record.name} for record in campaigns],
            "campaign_id": campaign.id or False,
            "days": days,
            "periods": list(PERIODS),
            "date_range": [day.isoformat() for day in period],
            "figures": self._get_figures(domain, now, before, times, times_before, load),
            "per_day": self._fill_days(
                report._get_days(domain), period, "lead.distribution.run", domain & Domain(*APPLIED)
            ),
            "utilization": load["people"],
            "sources": self._get_sources(now["by_source"], domain & rows),
            "aging": load["aging"],
            **self.sudo()._get_last_run_data(last_runs),
            "attention": [
                *self._tell_failed_imports(campaign),
                *self.sudo()._get_attention(domain, last_runs, load),
            ],
        }

    @api.model
    def _get_figures(self, domain, now, before, times, times_before, load):
        _ = self.env._
        # leads that stayed when their run was reverted count nowhere, as in the reports
        done = domain & Domain("state", "=", "done") & Domain("run_id.is_applied", "=", True)
        rows = "lead.distribution.assignment"
        shares = done & Domain("kind", "=", "distribution")
        runs = self._open("lead.distribution.run", domain & Domain(*APPLIED), _("Runs"))
        handed_out = self._open(rows, shares, _("Handed out"))
        touched = self._open(rows, shares & Domain("first_action_on", "!=", False), _("Touched leads"))
        dropped = self._open(rows, done & Domain("kind", "=", "dropback"), _("Dropped back"))
        moved = self._open(rows, shares & Domain("previous_user_id", "!=", False), _("Held by somebody before"))
        share, share_before = (
            percentage(sums["leads_reassigned"], sums["total_leads_distributed"], 1) for sums in (now, before)
        )
        return [
            self._figure("found", _("Leads found"), now, before, "total_leads_found", runs),
            self._figure("distributed", _("Handed out"), now, before, "total_leads_distributed", handed_out, "up"),
            self._figure("efficiency", _("Efficiency"), now, before, "distribution_efficiency", runs, "up", "percent"),
            {
                "key": "unassigned", "label": _("Nobody's leads now"), "value": load["unassigned"], "format": "integer",
                "change": None, "better": "down", "open": load["open_unassigned"],
            },
            self._figure("dropback", _("Dropped back"), now, before, "leads_dropped_back", dropped, "down"),
            self._figure("median", _("Hours to first action, median"), times, times_before, "median_hours",
                         touched, "down", "hours"),
            self._figure("p90", _("Hours to first action, 90 %"), times, times_before, "p90_hours", touched,
                         "down", "hours"),
            self._figure("reassigned", _("Held by others before"), {"share": share}, {"share": share_before}, "share",
                         moved, None, "percent"),
            self._figure("fairness", _("Fairness of shares"), now, before, "fairness_index", runs, "up", "decimal"),
            self._figure("spread", _("Spread of utilization"), now, before, "spread", runs, "down", "decimal"),
        ]  # fmt: skip

    @api.model
    def _figure(self, key, label, now, before, name, records, better=None, format_name="integer"):
        """Return one figure with its change against the period before, in percent."""
        change = None
        if now[name] is not None and before[name] is not None:
            change = self.env["lead.distribution.report"]._get_change(before[name], now[name])
        return {
            "key": key, "label": label, "value": now[name], "format": format_name,
            "change": change, "better": better, "open": records,
        }  # fmt: skip

    @api.model
    def _open(self, model, domain, name):
        """Return what the client needs to open records: every number has them."""
        leaves = [
            leaf if isinstance(leaf, str) else [leaf[0], leaf[1], _to_value(leaf[2])] for leaf in Domain(domain)
        ]  # fmt: skip
        return {"model": model, "domain": leaves, "name": name}

    @api.model
    def _fill_days(self, found_days, period, model, domain):
        """Return every day of the period, those without a run with zeros; long periods by week.

        :param model: whose records of the ``domain`` and the day a bar opens
        """
        by_day = {day["date"]: day for day in found_days}
        first, last = period
        step = 7 if (last - first).days > 100 else 1
        bars = []
        for offset in range(0, (last - first).days + 1, step):
            start = first + timedelta(days=offset)
            dates = [start + timedelta(days=n) for n in range(step)]
            known = [by_day[day.isoformat()] for day in dates if day.isoformat() in by_day]
            between = Domain("distribution_date", ">=", start) & Domain("distribution_date", "<=", dates[-1])
            bars.append(
                {
                    "date": start.isoformat(),
                    "distributed": sum(day["distributed"] for day in known),
                    "left": sum(day["not_distributed"] for day in known),
                    "open": self._open(model, domain & between, start.isoformat()),
                }
            )
        return bars

    @api.model
    def _get_sources(self, counts, domain):
        none = self.env._("None")
        most = Counter(counts).most_common(10)
        return [
            {
                "name": name,
                "count": count,
                "open": self._open(
                    "lead.distribution.assignment",
                    domain & (Domain("source_id", "=", False) if name == none else Domain("source_id.name", "=", name)),
                    name,
                ),
            }
            for name, count in most
        ]

    @api.model
    def _get_load(self, campaign):
        """Return who holds how many leads, how old they are, and what nobody holds; one pass over the leads."""
        _ = self.env._
        companies = Domain("company_id", "in", [*self.env.companies.ids, False])
        domain = Domain("type", "=", "lead") & companies
        groups = self.env["crm.lead"]._read_group(
            domain, ["holder_id", "classification"], ["__count"], order="__count DESC"
        )
        members = self._get_members(campaign)
        held = Counter()
        aging = {name: {"held": 0, "nobody": 0} for name in CLASSES}
        people = set(members.user_id.ids)
        for user, name, count in groups:
            held[user.id] += count
            if name in aging and (not user or user.id in people):
                aging[name]["held" if user else "nobody"] += count
        names = dict(self.env["crm.lead"]._fields["classification"]._description_selection(self.env))
        return {
            "people": self._get_utilization(members, held)[:BARS],
            "unassigned": held[False],
            "open_unassigned": self._open("crm.lead", domain & Domain("holder_id", "=", False), _("Nobody's leads")),
            "aging": [
                {
                    "name": names[name],
                    **counts,
                    "open": self._open(
                        "crm.lead",
                        domain & Domain("classification", "=", name)
                        & Domain("holder_id", "in", [*sorted(people), False]),
                        names[name],
                    ),
                }
                for name, counts in aging.items()
            ],
        }  # fmt: skip

    @api.model
    def _get_members(self, campaign):
        """Return the members of a campaign, or of all of the user's companies, who can log in."""
        companies = Domain("company_id", "in", [*self.env.companies.ids, False])
        members = self.env["lead.distribution.member"].search_fetch(
            Domain("campaign_id", "=", campaign.id) if campaign else companies,
            ["user_id", "level_id", "has_own_target", "own_target", "campaign_id"],
        )
        return members.filtered(lambda m: m.user_id.active)

    @api.model
    def _get_utilization(self, members, held):
        """Return leads now and target of each person; of several campaigns the targets add up."""
        targets = Counter()
        for member in members:
            targets[member.user_id] += member.target_leads
        people = [
            {
                "user_id": user.id,
                "name": user.name,
                "leads": held[user.id],
                "target": target,
                "utilization": percentage(held[user.id], target, 1),
                "open": self._open("crm.lead", [("holder_id", "=", user.id), ("type", "=", "lead")], user.name),
            }
            for user, target in targets.items()
        ]
        return sorted(people, key=lambda person: -person["utilization"])


def _to_value(value):
    """Return the value of a condition as JSON has it."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat(sep=" ") if hasattr(value, "hour") else value.isoformat()
    return [_to_value(item) for item in value]
