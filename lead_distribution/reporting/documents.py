# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Lays the data of a report out as a document: words for the keys, tables for the lists."""

from ..engine.names import name_key
from .writers import Document, Table


def lay_out(kind, data, _):
    """Return the document of a report.

    :param kind: ``run``, ``daily``, ``salesperson``, ``campaign`` or ``trend``
    :param data: what the method of that report returns
    :param _: translates a text; terms are filled in by name
    """
    return LAYOUTS[kind](data, _)


def _daily(data, _):
    return Document(
        _("Distribution of %s", data["date"]),
        data["campaign"] or _("All campaigns"),
        _totals(data, _),
        [_people(data["salespeople"], _), *_breakdowns(data, _)],
        data,
    )


def _campaign(data, _):
    return Document(
        _("Campaign report: %s", data["campaign"] or _("All campaigns")),
        _period(data),
        _totals(data, _),
        [_days(data["days"], _), _people(data["salespeople"], _), *_breakdowns(data, _)],
        data,
    )


def _trend(data, _):
    before = data["previous_period"]
    names = {
        "total_leads_found": _("Leads found"),
        "total_leads_distributed": _("Leads distributed"),
        "distribution_efficiency": _("Efficiency (%)"),
        "salespeople_participated": _("Salespeople"),
    }
    rows = [[name, before[key], data[key], data["change"][key]] for key, name in names.items()]
    directions = {"rising": _("Rising"), "falling": _("Falling"), "steady": _("Steady")}
    return Document(
        _("Trend of %s days", data["days"]),
        f"{data['campaign'] or _('All campaigns')}, {_period(data)}",
        [*_totals(data, _), (_("Direction"), directions[data["direction"]])],
        [
            Table(_("Against the period before"), [_("Figure"), _("Before"), _("Now"), _("Change (%)")], rows),
            _days(data["daily"], _),
        ],
        data,
    )


def _salesperson(data, _):
    facts = [
        (_("Leads received"), data["total_leads_received"]),
        (_("Leads a day"), data["average_leads_per_day"]),
        (_("Given up"), data["leads_given_up"]),
        (_("Touched so far"), data["leads_touched"]),
        (_("Median hours to first action"), data["median_hours_to_first_action"]),
        (_("Median working hours to first action"), data["median_working_hours_to_first_action"]),
        (_("Efficiency of the runs (%)"), data["distribution_efficiency"]),
        (_("Open leads now"), data["open_leads"]),
        (_("Leads held now, whatever their status"), data["current_leads"]["total"]),
    ]
    trend = [[day["date"], day["received"], day["utilization"]] for day in data["days"]]
    return Document(
        _("Salesperson report: %s", data["name"]),
        _period(data),
        facts,
        [
            Table(_("By day"), [_("Day"), _("Received"), _("Utilization (%)")], trend),
            _counts(_("Status of these leads now"), data["lead_status_distribution"], _),
            _counts(_("Leads held now, by source"), data["current_leads"]["by_source"], _),
            _counts(_("Leads held now, by month"), data["current_leads"]["by_month"], _),
        ],
        data,
    )


def _run(data, _):
    summary, leads = data["distribution_summary"], data["lead_characteristics"]
    facts = [
        (_("State"), data["state"]),
        (_("Window"), " – ".join(day or "…" for day in data["date_range"])),
        (_("Strategy"), data["strategy"]),
        (_("Leads found"), summary["total_leads_found"]),
        (_("Leads distributed"), summary["total_leads_distributed"]),
        (_("Leads left over"), summary["leads_not_distributed"]),
        (_("Why left over"), summary["reason_not_distributed"]),
        (_("Efficiency (%)"), summary["distribution_efficiency"]),
        *_dropback_facts(data["dropback_summary"], _),
        (_("Seconds"), data["execution_time_seconds"]),
    ]
    tables = [_people(data["salesperson_summary"], _)]
    if data["dropback_summary"]["by_rule"]:
        rows = [[row["rule"], row["user"], row["count"]] for row in data["dropback_summary"]["by_rule"]]
        tables.append(Table(_("Dropped back"), [_("Dropback rule"), _("To"), _("Leads")], rows))
    if "analytics" in data:
        facts += [
            (_("Fairness of the shares (Jain)"), data["analytics"]["fairness_index"]),
            (_("Spread of utilization (points)"), data["analytics"]["spread"]),
        ]
        tables += _breakdowns(leads, _)
        tables.append(_counts(_("Refused by step"), data["analytics"]["refused"], _))
    return Document(_("Distribution report: %s", data["campaign"]), data["date"] or "", facts, tables, data)


def _dropback_facts(summary, _):
    facts = [(_("Dropped back"), summary["leads_dropped_back"]), (_("Not dropped back"), summary["dropback_failed"])]
    if summary["success_rate"] is not None:
        facts += [
            (_("Dropback success (%)"), summary["success_rate"]),
            (_("Seconds for dropback"), summary["seconds"]),
        ]
    return facts


def _period(data):
    return " – ".join(data["date_range"])


def _totals(data, _):
    return [
        (_("Runs"), data["runs"]),
        (_("Failed runs"), data["failed_runs"]),
        *_reverted(data["reverted"], _),
        (_("Leads found"), data["total_leads_found"]),
        (_("Leads distributed"), data["total_leads_distributed"]),
        (_("Leads left over"), data["total_leads_not_distributed"]),
        (_("Dropped back"), data["leads_dropped_back"]),
        (_("Not dropped back"), data["dropback_failed"]),
        (_("Efficiency (%)"), data["distribution_efficiency"]),
        (_("Salespeople who received"), data["salespeople_participated"]),
        (_("Leads a salesperson"), data["average_leads_per_salesperson"]),
        (_("Seconds"), data["execution_time_seconds"]),
    ]


def _reverted(sums, _):
    """Return the line of runs that were reverted, where there are some."""
    if not sums["runs"]:
        return []
    what = _("%(back)s put back, %(kept)s kept", back=sums["leads_put_back"], kept=sums["leads_kept"])
    return [(_("Reverted runs"), _("%(count)s: %(what)s", count=sums["runs"], what=what))]


def _people(people, _):
    header = [
        _("Salesperson"), _("Level"), _("Target"), _("Before"), _("Received"), _("Given up"), _("After"),
        _("Utilization (%)"),
    ]  # fmt: skip
    keys = (
        "name", "level", "target_leads", "current_leads", "leads_received", "leads_given_up", "new_total",
        "utilization",
    )  # fmt: skip
    return Table(_("Salespeople"), header, [[person[key] for key in keys] for person in people])


def _days(days, _):
    header = [_("Day"), _("Found"), _("Distributed"), _("Left"), _("Efficiency (%)")]
    keys = ("date", "found", "distributed", "not_distributed", "efficiency")
    return Table(_("By day"), header, [[day[key] for key in keys] for day in days])


def _breakdowns(data, _):
    tables = [
        (_("By source"), data["by_source"]),
        (_("By status before"), data["by_status"]),
        (_("By marketing campaign"), data["by_campaign"]),
        (_("By age"), {
            _("Older than 2 months"): data["by_date_range"]["older_than_2_months"],
            _("Younger than 6 months"): data["by_date_range"]["younger_than_6_months"],
        }),
        (_("Why left over"), data.get("reason_not_distributed") or {}),
    ]  # fmt: skip
    return [_counts(title, counts, _) for title, counts in tables if counts]


def _counts(title, counts, _):
    rows = sorted(counts.items(), key=lambda pair: (-pair[1], name_key(pair[0])))
    return Table(title, [title, _("Leads")], [list(row) for row in rows])


LAYOUTS = {"run": _run, "daily": _daily, "salesperson": _salesperson, "campaign": _campaign, "trend": _trend}
