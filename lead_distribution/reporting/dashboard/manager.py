# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What a manager sees on the dashboard: everybody's numbers, with a fixed number of queries.

Sums come from the reports, so they are the same. Each number has the records behind it in ``open``:
a model and a domain, or the method of a run that returns an action.
"""

from collections import Counter

from odoo.fields import Domain

from ...engine.figures import percentage
from ...names import AFTERWARDS, GIVEN, NOTHING
from ..afterwards import get_afterwards, get_timed_domain, get_working_hours
from ..deadlines import ENDED, get_due_domain, get_taken_over_domain
from ..figures import get_counted_domain
from ..periods import get_company_domain, get_domain
from ..totals import APPLIED, OF_APPLIED, get_days, get_totals
from ..words import describe_fairness, describe_spread
from .afterwards import show_afterwards, show_deadlines
from .opening import open_assignments, open_record, open_records
from .parts import PERIODS, fill_days, show_figure

RUNS = "lead.distribution.run"
SOURCES = 10  # in one chart
DONE = Domain("state", "=", "done") & OF_APPLIED  # what stayed when its run was reverted counts nowhere
SHARES = DONE & Domain("kind", "in", GIVEN)


def get_dashboard(env, campaign, period, load, *, has_deadlines=False):
    """Return the dashboard of a period, without its last run and without what needs attention.

    :param env: with full rights, and the companies of the user
    :param campaign: only this one; nothing for all
    :param load: see ``get_load``
    :param has_deadlines: whether a campaign sets any
    """
    domain, domain_before = (get_domain(env, days, campaign) for days in (period, period.before))
    now, before = get_totals(env, domain, campaign), get_totals(env, domain_before, campaign)
    hours, due = get_working_hours(env, domain), get_due_domain(env, campaign)
    also_kept = period.domain & get_taken_over_domain(env, campaign)
    after = get_afterwards(env, domain, now["by_origin"], due, also_kept=also_kept, hours=hours, by=("user_id",))
    ended = (domain | also_kept) & DONE & ENDED
    return {
        "kind": "manager",
        "campaign_id": campaign.id or False,
        "days": period.days,
        "periods": list(PERIODS),
        "date_range": period.texts,
        "figures": [
            *_show_sums(env._, domain, now, before),
            _show_unassigned(env._, load),
            _show_dropback(env._, domain, now, before),
            *_show_times(env, domain, hours, get_working_hours(env, domain_before)),
            *_show_fairness(env, domain, now, before),
            *show_deadlines(env, ended, after, due, is_shown=has_deadlines),
        ],
        "afterwards": show_afterwards(env, domain, ended, after, due, is_shown=has_deadlines),
        "per_day": fill_days(get_days(env, domain), period, RUNS, domain & APPLIED),
        "utilization": load["people"],
        "sources": _show_sources(env._, now["by_source"], domain & SHARES),
        "aging": load["aging"],
    }


def _show_sums(_, domain, now, before):
    def show(key, label, name, opened, **how):
        return show_figure(key, label, now[name], opened, before=before[name], **how)

    runs = open_records(RUNS, domain & APPLIED, _("Runs"))
    shares = open_assignments(domain & SHARES, _("Handed out"))
    return [
        show("found", _("Leads found"), "total_leads_found", runs),
        show("distributed", _("Handed out"), "total_leads_distributed", shares, better="up"),
        show("efficiency", _("Efficiency"), "distribution_efficiency", runs, better="up", format_name="percent"),
    ]


def _show_unassigned(_, load):
    return show_figure(
        "unassigned", _("Nobody's open leads"), load["unassigned"], load["open_unassigned"], better="down"
    )


def _show_dropback(_, domain, now, before):
    rows = open_assignments(domain & DONE & Domain("kind", "=", "dropback"), _("Dropped back"))
    count, count_before = now["leads_dropped_back"], before["leads_dropped_back"]
    return show_figure("dropback", _("Dropped back"), count, rows, before=count_before, better="down")


def _show_times(env, domain, now, before):
    _ = env._
    touched = domain & get_timed_domain() & Domain("first_action_on", "!=", False)
    touched = open_assignments(touched, _("Touched leads"))
    names = {"median": _("Working hours to first action, median"), "p90": _("Working hours to first action, 90 %")}
    return [
        show_figure(
            key, label, now[f"{key}_working_hours"], touched,
            before=before[f"{key}_working_hours"], better="down", format_name="hours",
        )
        for key, label in names.items()
    ]  # fmt: skip


def _show_fairness(env, domain, now, before):
    _ = env._
    runs = open_records(RUNS, domain & APPLIED, _("Runs"))
    moved = open_assignments(domain & SHARES & Domain("previous_user_id", "!=", False), _("Somebody had it before"))
    share, share_before = (
        percentage(sums["leads_reassigned"], sums["total_leads_distributed"], 1) for sums in (now, before)
    )
    fairness, spread = ((now[name], before[name]) for name in ("fairness_index", "spread"))
    return [
        show_figure(
            "reassigned", _("Others had it before"), share, moved, before=share_before, format_name="percent"
        ),
        show_figure(
            "fairness", _("Shares received"), fairness[0], runs,
            before=fairness[1], better="up", format_name="decimal", judged=describe_fairness(env, fairness[0]),
        ),
        show_figure(
            "spread", _("Load against target"), spread[0], runs,
            before=spread[1], better="down", format_name="decimal", judged=describe_spread(env, spread[0]),
        ),
    ]  # fmt: skip


def _show_sources(_, counts, domain):
    bars = []
    for source, count in Counter(counts).most_common(SOURCES):
        none = source == NOTHING
        own = Domain("source_id", "=", False) if none else Domain("source_id.name", "=", source)
        name = _("None") if none else source
        bars.append({"name": name, "count": count, "open": open_assignments(domain & own, name)})
    return bars


def get_last_runs(env, campaign):
    """Return the last run of each campaign that chose leads, plans left out, the newest first; two queries.

    One that was stopped half-way is one, too: what it handed out counts in all sums.
    """
    runs = env[RUNS]
    domain = Domain("state", "not in", ("planned", "cancelled")) | APPLIED
    domain &= Domain("origin", "not in", AFTERWARDS)
    domain &= Domain("campaign_id", "=", campaign.id) if campaign else get_company_domain(env)
    ids = [run_id for _campaign, run_id in runs._read_group(domain, ["campaign_id"], ["id:max"])]
    return runs.browse(sorted(ids, reverse=True))


def choose_shown_run(runs):
    """Return the newest of these runs that was carried out.

    Imports bring leads instead of choosing some: they have no funnel, and come last; before them live runs, of which
    one begins each day and may still be empty.
    """
    applied = runs.filtered("is_applied")
    chosen = applied.filtered(lambda run: run.origin != "import")
    return (chosen.filtered(lambda run: run.origin != "live") or chosen or applied)[:1]


def show_run(run, figures):
    """Return funnel and shares of a run.

    :param run: nothing where there is none
    :param figures: of the run, see ``get_figures``
    """
    if not run:
        return {"last_run": None, "funnel": [], "shares": []}
    _ = run.env._
    looked_at = {"name": _("Looked at"), "count": figures["leads_looked_at"], "code": None}
    steps = [
        {"name": step["name"], "count": step["remaining"], "refused": step["refused"], "code": step["code"]}
        for step in figures["funnel"]
    ]
    handed_out = {"name": _("Handed out"), "count": figures["leads_distributed"], "code": None}
    return {
        "last_run": {"id": run.id, "name": run.name, "date": figures["date"], "open": open_record(run)},
        "funnel": [looked_at, *steps, handed_out],
        "shares": [_show_share(run, person) for person in figures["salespeople"]],
    }


def _show_share(run, person):
    """Return received against promised: the share that the strategy promises, of what was handed out."""
    rows = Domain(get_counted_domain(run)) & Domain("user_id", "=", person["user_id"])
    return {
        "name": person["name"],
        "received": person["received"],
        "promised": round(person["promised"], 1),
        "open": open_assignments(rows, person["name"]),
    }
