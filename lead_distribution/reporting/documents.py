# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Lays the data of a report out as a document: words for the keys, tables for the lists, bars for the numbers."""

from ..engine.names import name_key
from ..work.leaving import describe_maker, get_maker
from .afterwards import is_empty
from .experiment_report import lay_out_experiment
from .readable import Readable, list_days
from .words import describe_fairness, describe_spread
from .writers import Chart, Document, Table

CHARTED_DAYS = 120  # of longer periods only the days with a run are drawn


def lay_out(kind, data, env):
    """Return the document of a report.

    :param kind: ``run``, ``daily``, ``salesperson``, ``campaign``, ``trend`` or ``experiment``
    :param data: what the method of that report returns
    :param env: with the language of the reader
    """
    words = Readable(env)
    if kind == "experiment":
        document = lay_out_experiment(data, words, env._)
    else:
        title, subtitle, facts, tables = LAYOUTS[kind](data, words, env._)
        document = Document(title, subtitle, facts, tables, data, words.number)
    document.maker, document.made = get_maker(env), describe_maker(env)
    document.lang = (env.lang or "en_US").partition("@")[0].replace("_", "-")
    return document


def _daily(data, words, _):
    return (
        _("Leads handed out on %s", words.day(data["date"])),
        data["campaign"] or _("All campaigns"),
        [*_totals(data, words, _), *_afterwards_facts(data["after_the_hand_out"], _)],
        [
            _people(data, data["salespeople"], words, _),
            *_afterwards_tables(data["after_the_hand_out"], words, _),
            *_breakdowns(data, words, _),
        ],
    )


def _campaign(data, words, _):
    return (
        _("Campaign report: %s", data["campaign"] or _("All campaigns")),
        words.period(data["date_range"]),
        [*_totals(data, words, _), *_afterwards_facts(data["after_the_hand_out"], _)],
        [
            _days(data["days"], data["date_range"], words, _),
            _people(data, data["salespeople"], words, _),
            *_afterwards_tables(data["after_the_hand_out"], words, _),
            *_breakdowns(data, words, _),
        ],
    )


def _trend(data, words, _):
    before = data["previous_period"]
    names = {
        "total_leads_found": _("Leads found"),
        "total_leads_distributed": _("Leads handed out"),
        "distribution_efficiency": _("Efficiency (%)"),
        "salespeople_participated": _("Salespeople"),
    }
    rows = [[name, before[key], data[key], data["change"][key]] for key, name in names.items()]
    directions = {"rising": _("Rising"), "falling": _("Falling"), "steady": _("Steady")}
    campaign, days = data["campaign"] or _("All campaigns"), data["days"]
    return (
        _("Trend of one day") if days == 1 else _("Trend of %s days", days),
        f"{campaign}, {words.period(data['date_range'])}",
        [*_totals(data, words, _), (_("Direction"), directions[data["direction"]])],
        [
            _days(data["daily"], data["date_range"], words, _),
            Table(_("Against the period before"), [_("Figure"), _("Before"), _("Now"), _("Change (%)")], rows),
        ],
    )


def _salesperson(data, words, _):
    facts = [
        (_("Leads received"), data["total_leads_received"]),
        (_("Leads a day"), data["average_leads_per_day"]),
        (_("Given up"), data["leads_given_up"]),
        (_("Touched so far"), data["leads_touched"]),
        (_("Median hours to first action"), data["median_hours_to_first_action"]),
        (_("Median working hours to first action"), data["median_working_hours_to_first_action"]),
        *_afterwards_facts(data["after_the_hand_out"], _),
        (_("Efficiency of the runs (%)"), data["distribution_efficiency"]),
        (_("Open leads now"), data["open_leads"]),
        (_("Leads held now, whatever their status"), data["current_leads"]["total"]),
    ]
    trend = [[words.day(day["date"]), day["received"], day["utilization"]] for day in data["days"]]
    received = [(_("Received"), {day["date"]: day["received"] for day in data["days"]})]
    now = data["current_leads"]
    by_month = {words.month(month): count for month, count in now["by_month"].items()}
    return (
        _("Salesperson report: %s", data["name"]),
        words.period(data["date_range"]),
        facts,
        [
            Table(
                _("By day"), [_("Day"), _("Received"), _("Utilization (%)")], trend, bars=(1,),
                chart=_chart(received, data["date_range"], words),
            ),
            _counts(_("Status of these leads now"), words.statuses(data["lead_status_distribution"]), _),
            _counts(_("Leads held now, by source"), words.without(now["by_source"], _("No source")), _),
            _counts(_("Leads held now, by month"), by_month, _, is_sorted=True),
        ],
    )  # fmt: skip


def _afterwards_facts(figures, _):
    """Return what became of leads after they were handed out; what nothing is known of has no line."""
    if is_empty(figures):
        return []
    names = {
        "kept_in_time": _("Kept in time (%)"),
        "deadlines_missed": _("Deadlines missed"),
        "late_now": _("Late now"),
        "due_today": _("Due today"),
        "median_working_hours_to_first_action": _("Working hours to first action, median"),
        "p90_working_hours_to_first_action": _("Working hours to first action, 90 %"),
        "taken_back": _("Taken back"),
        "declined": _("Declined"),
        "decline_rate": _("Declined (%)"),
        "pulled": _("Pulled"),
        "covered": _("Covered"),
        "back_from_cover": _("Back from cover"),
        "handed_over": _("Handed over"),
        "changed_hands_often_rate": _("Changed hands more than twice (%)"),
    }
    return [(name, figures[key]) for key, name in names.items() if figures.get(key) is not None]


def _afterwards_tables(figures, words, _):
    """Return tables of who kept deadlines, where, and why leads were declined."""
    tables = []
    people = [
        [person["name"], *(person[key] for key in ("deadlines_kept", "deadlines_missed", "kept_in_time", "late_now",
                                                   "declined", "taken_back"))]
        for person in figures["salespeople"]
    ]  # fmt: skip
    header = [_("Kept"), _("Missed"), _("Kept in time (%)"), _("Late now"), _("Declined"), _("Taken back")]
    if people:
        tables.append(Table(_("After the hand-out"), [_("Salesperson"), *header], people))
    groups = [(_("Kept in time, by source"), _("Source"), figures["sources"])]
    if len(figures["campaigns"]) > 1:
        groups.insert(0, (_("Kept in time, by campaign"), _("Campaign"), figures["campaigns"]))
    for title, name, rows in groups:
        cells = [[row["name"], row["deadlines_kept"], row["deadlines_missed"], row["kept_in_time"]] for row in rows]
        if cells:
            tables.append(Table(title, [name, *header[:3]], cells))
    if figures["decline_reasons"]:
        tables.append(_counts(_("Why declined"), words.without(figures["decline_reasons"], _("No reason")), _))
    return tables


def _run(data, words, _):
    summary, leads = data["distribution_summary"], data["lead_characteristics"]
    facts = [
        (_("State"), words.state(data["state"])),
        (_("Window"), words.period(data["date_range"])),
        (_("Strategy"), words.strategy(data["strategy"])),
        (_("Leads found"), summary["total_leads_found"]),
        (_("Leads handed out"), summary["total_leads_distributed"]),
        (_("Leads left over"), summary["leads_not_distributed"]),
        (_("Why left over"), summary["reason_not_distributed"]),
        (_("Efficiency (%)"), summary["distribution_efficiency"]),
        *_dropback_facts(data["dropback_summary"], _),
        (_("Seconds it took"), data["execution_time_seconds"]),
    ]
    tables = [_people(data, data["salesperson_summary"], words, _)]
    if data["dropback_summary"]["by_rule"]:
        rows = [[row["rule"], row["user"], row["count"]] for row in data["dropback_summary"]["by_rule"]]
        tables.append(Table(_("Dropped back"), [_("Dropback rule"), _("To"), _("Leads")], rows, bars=(2,)))
    if "analytics" in data:
        received = [person["leads_received"] for person in data["salesperson_summary"]]
        apart = max(received, default=0) - min(received, default=0)
        facts += _judge(data["analytics"], words, apart)
        tables += _breakdowns(leads, words, _)
        tables.append(_counts(_("Refused by step"), data["analytics"]["refused"], _))
    when = ", ".join(filter(None, (words.day(data["date"]), data["kind"])))
    return _("Report of a run: %s", data["campaign"]), when, facts, tables


def _judge(figures, words, apart=None):
    """Return how even shares and load are, of figures that may not know it."""
    judged = (
        describe_fairness(words.env, figures["fairness_index"], apart),
        describe_spread(words.env, figures["spread"]),
    )
    return [(judgement.label, judgement.text) for judgement in judged if judgement]


def _dropback_facts(summary, _):
    facts = [(_("Dropped back"), summary["leads_dropped_back"]), (_("Not dropped back"), summary["dropback_failed"])]
    if summary["success_rate"] is not None:
        facts += [
            (_("Dropback success (%)"), summary["success_rate"]),
            (_("Seconds for dropback"), summary["seconds"]),
        ]
    return facts


def _totals(data, words, _):
    return [
        (_("Runs"), data["runs"]),
        (_("Failed runs"), data["failed_runs"]),
        *_reverted(data["reverted"], _),
        (_("Leads found"), data["total_leads_found"]),
        (_("Leads handed out"), data["total_leads_distributed"]),
        (_("Leads left over"), data["total_leads_not_distributed"]),
        (_("Dropped back"), data["leads_dropped_back"]),
        (_("Not dropped back"), data["dropback_failed"]),
        (_("Efficiency (%)"), data["distribution_efficiency"]),
        (_("Salespeople who received"), data["salespeople_participated"]),
        (_("Leads a salesperson"), data["average_leads_per_salesperson"]),
        *_judge(data, words),
        (_("Seconds it took"), data["execution_time_seconds"]),
    ]


def _reverted(sums, _):
    """Return the line of runs that were reverted, where there are some."""
    if not sums["runs"]:
        return []
    what = _("%(back)s put back, %(kept)s kept", back=sums["leads_put_back"], kept=sums["leads_kept"])
    return [(_("Reverted runs"), _("%(count)s: %(what)s", count=sums["runs"], what=what))]


def _people(data, people, words, _):
    columns = {
        "name": _("Salesperson"),
        "level": _("Level"),
        "target_leads": _("Target"),
        "current_leads": _("Before"),
        "leads_received": _("Received"),
        "leads_dropped_back": _("Dropped back to"),
        "leads_given_up": _("Given up"),
        "leads_otherwise": _("Otherwise"),  # between the runs: by hand, by another campaign, put back
        "new_total": _("After"),
        "utilization": _("Utilization (%)"),
    }
    rare = ("leads_dropped_back", "leads_otherwise")
    shown = {key: name for key, name in columns.items() if key not in rare or any(person[key] for person in people)}
    levels = words.levels(people, data["campaign"])
    rows = [
        [levels.get(person["level"], person["level"]) if key == "level" else person[key] for key in shown]
        for person in people
    ]
    return Table(_("Salespeople"), list(shown.values()), rows, bars=(list(shown).index("leads_received"),))


def _days(days, period, words, _):
    header = [_("Day"), _("Found"), _("Handed out"), _("Left over"), _("Efficiency (%)")]
    keys = ("found", "distributed", "not_distributed", "efficiency")
    rows = [[words.day(day["date"]), *(day[key] for key in keys)] for day in days]
    series = [
        (_("Handed out"), {day["date"]: day["distributed"] for day in days}),
        (_("Left over"), {day["date"]: day["not_distributed"] for day in days}),
    ]
    return Table(_("By day"), header, rows, bars=(2, 3), chart=_chart(series, period, words))


def _chart(series, period, words):
    """Return the chart of each day of a period; of a long one, of the days with a run.

    :param series: (name, {ISO date: number}) each
    """
    days = list_days(period)
    if len(days) > CHARTED_DAYS:
        days = [day for day in days if any(day.isoformat() in numbers for _name, numbers in series)]
    rows = [(name, [numbers.get(day.isoformat(), 0) for day in days]) for name, numbers in series]
    return Chart([words.short_day(day) for day in days], rows)


def _breakdowns(data, words, _):
    ages = data["by_date_range"]
    tables = [
        (_("By source"), words.without(data["by_source"], _("No source"))),
        (_("By status before"), words.without(data["by_status"], _("No status"))),
        (_("By marketing campaign"), words.without(data["by_campaign"], _("No marketing campaign"))),
        (_("By age"), {
            _("Older than 2 months"): ages["older_than_2_months"],
            _("Younger than 6 months"): ages["younger_than_6_months"],
        }),
        (_("Why left over"), data.get("reason_not_distributed") or {}),
    ]  # fmt: skip
    return [_counts(title, counts, _) for title, counts in tables if counts]


def _counts(title, counts, _, *, is_sorted=False):
    """Return a table of counts, the largest first.

    :param is_sorted: the counts are in their order already
    """
    rows = counts.items() if is_sorted else sorted(counts.items(), key=lambda pair: (-pair[1], name_key(pair[0])))
    return Table(title, [title, _("Leads")], [list(row) for row in rows], bars=(1,))


LAYOUTS = {"run": _run, "daily": _daily, "salesperson": _salesperson, "campaign": _campaign, "trend": _trend}
