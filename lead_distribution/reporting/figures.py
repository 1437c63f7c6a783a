"""The figures of one run: what its page, its reports, the terminal and other programs tell of it."""

from collections import Counter
from typing import NamedTuple

from ..engine.figures import jain_index, percentage, recommend, spread
from ..names import ARMS, COUNTED_STATES, DROPPED, GIVEN, NOT_DROPPED, NOTHING
from ..tools.labels import get_labels
from .words import (
    describe_advice,
    describe_fairness,
    describe_left_over,
    describe_origin,
    describe_settings,
    describe_spread,
)

BREAKDOWNS = {  # key of the figures → (field of the summary, field of an assignment)
    "by_source": ("leads_by_source", "source_id"),
    "by_status": ("leads_by_status", "lead_status_id"),
    "by_campaign": ("leads_by_campaign", "marketing_campaign_id"),
}


class Shares(NamedTuple):
    """How the leads of a run are shared among the people it planned for."""

    people: int  # who received at least one
    average: float  # leads of one of them
    largest: int
    smallest: int
    fairness: float  # Jain's index over all, those with nothing included
    apart: int  # the most anybody received less the fewest, nothing included
    spread: float  # standard deviation of the utilization, in points; of those with a target


def measure_shares(lines):
    """Return the ``Shares`` of tracking lines."""
    counts = lines.mapped("leads_received")
    received = [count for count in counts if count]
    return Shares(
        people=len(received),
        average=average(received),
        largest=max(received, default=0),
        smallest=min(received, default=0),
        fairness=jain_index(counts),
        apart=max(counts, default=0) - min(counts, default=0),
        spread=spread(lines.filtered("target_leads").mapped("utilization")),
    )


def judge_evenness(env, shares):
    """Return how even ``Shares`` are in words, as the run, its reports and the terminal tell it."""
    judged = (describe_fairness(env, shares.fairness, shares.apart), describe_spread(env, shares.spread))
    return [judgement._asdict() for judgement in judged]


def average(counts):
    """Return the mean, 0 of nothing.

    >>> average([1, 2, 2]), average([])
    (1.67, 0)
    """
    return round(sum(counts) / len(counts), 2) if counts else 0


def get_figures(run, step_names, obstacles=()):
    """Return the figures of a run, without its single leads; a fixed number of queries.

    :param run: with full rights
    :param step_names: {code: words} of the filter steps, in their order
    :param obstacles: what is in the way of a plan that found nothing, in words
    """
    shares, people = measure_shares(run.member_line_ids), _describe_people(run.member_line_ids)
    return {
        **_describe_request(run),
        **_count_leads(run),
        "outside": run.outside or {},
        "exclusions": run.exclusions or {},
        "funnel": _get_funnel(run, step_names),
        "left_over": run.left_over or {},
        "left_over_names": {reason: describe_left_over(run.env, reason) for reason in run.left_over or {}},
        "left_out": run.left_out or {},
        "dropback_summary": _get_dropback_summary(run),
        "sales_by_stage": run.sales_by_stage or {},
        "warnings": run.warnings or [],
        "salespeople": people,
        "average_received": shares.average,
        "largest_received": shares.largest,
        "smallest_received": shares.smallest,
        "fairness_index": shares.fairness,
        "spread": shares.spread,
        "evenness": judge_evenness(run.env, shares) if len(people) > 1 and shares.people else [],
        **get_breakdowns(run),
        "recommendations": _list_recommendations(run, people, obstacles),
        "error": run.error or None,
        "execution_time_seconds": round(run.planning_seconds + run.applying_seconds, 2),
    }


def _describe_request(run):
    """Return what was asked, of whom and when."""
    return {
        "run_id": run.id,
        "campaign": run.campaign_id.name,
        "state": run.state,
        "dry_run": run.state in ("planned", "cancelled") and not run.leads_done,
        "origin": run.origin,
        "kind": describe_origin(run),
        "strategy": run.strategy,
        "strategy_name": get_labels(run.campaign_id, "strategy").get(run.strategy),
        "strategy_settings": [*describe_settings(run), *(run.rules_on or [])],
        "seed": run.seed,
        "experiment": _describe_experiment(run),
        "date": run.distribution_date.isoformat() if run.distribution_date else None,
        "date_range": [day.isoformat() if day else None for day in (run.date_from, run.date_to)],
        "window_days": count_days(run.date_from, run.date_to),
    }


def _describe_experiment(run):
    """Return which experiment has dealt the run's leads, and how many each way handed out; None without one."""
    experiment = run.experiment_id
    if not experiment:
        return None
    rows = run.env["lead.distribution.assignment"]
    counts = dict(rows._read_group(get_counted_domain(run), ["arm"], ["__count"]))
    return {"id": experiment.id, "name": experiment.name, **{arm: counts.get(arm, 0) for arm in dict(ARMS)}}


def _count_leads(run):
    tried = run.leads_dropped_back + run.dropback_failed
    return {
        "leads_in_range": run.leads_in_range,
        "leads_beyond": run.leads_beyond,
        "leads_looked_at": run.leads_looked_at,
        "leads_found": run.leads_found,
        "leads_distributed": run.leads_distributed,
        "leads_not_distributed": run.leads_not_distributed,
        "leads_put_back": run.leads_put_back,
        "leads_kept": run.leads_kept,
        "leads_dropped_back": run.leads_dropped_back,
        "dropback_failed": run.dropback_failed,
        "dropback_success_rate": percentage(run.leads_dropped_back, tried) if tried else None,
        "dropback_seconds": round(run.dropback_seconds, 2),
        "efficiency": run.efficiency,
    }


def count_days(first, last):
    """Return how many days a window has, both ends included; None where a side is open.

    >>> from datetime import date
    >>> count_days(date(2024, 1, 1), date(2024, 1, 31)), count_days(None, date(2024, 1, 31))
    (31, None)
    """
    return (last - first).days + 1 if first and last else None


def _get_funnel(run, step_names):
    """Return the steps in their order: what came in, what was refused, what went on."""
    dropped = {DROPPED: run.leads_dropped_back, NOT_DROPPED: run.dropback_failed}
    refused = {
        **(run.outside or {}),
        **(run.exclusions or {}),
        **{code: count for code, count in dropped.items() if count},
    }
    order = {code: number for number, code in enumerate(step_names)}
    remaining = run.leads_looked_at
    funnel = []
    for code in sorted(refused, key=lambda code: order.get(code, len(order))):
        remaining -= refused[code]
        step = {"code": code, "name": step_names.get(code, code), "refused": refused[code], "remaining": remaining}
        funnel.append(step)
    return funnel


def _get_dropback_summary(run):
    """Return how many leads each rule drops back, and to whom."""
    groups = run.env["lead.distribution.assignment"]._read_group(
        get_counted_domain(run, ("dropback",)), ["reason", "user_name"], ["__count"]
    )
    return [{"rule": rule, "user": user, "count": count} for rule, user, count in groups]


def get_counted_domain(run, kinds=GIVEN):
    """Return the assignments of a run that count now: planned ones of a plan, later what was done."""
    return [("run_id", "=", run.id), ("kind", "in", kinds), ("state", "in", COUNTED_STATES[run.state])]


def _describe_people(lines):
    """Return the figures of each person, as everything that tells of a run has them."""
    mean = sum(lines.mapped("leads_received")) / (len(lines) or 1)
    return [
        {
            "user_id": line.user_id.id,
            "name": line.salesperson_name,
            "team": line.team_name or "",
            "level": line.level_code or "",
            "level_name": line.level_name or "",
            "target": line.target_leads,
            "before": line.leads_before_total,
            "utilization_before": percentage(line.leads_before_total, line.target_leads),
            "promised": line.promised,
            "received": line.leads_received,
            "dropped_back": line.leads_dropped_to,
            "given_up": line.leads_distributed_from,
            "after": line.leads_after_total,
            "utilization": line.utilization,
            "deficit": line.deficit,
            "surplus": line.surplus,
            "times_average": round(line.leads_received / mean, 2) if mean else 0,
        }
        for line in lines
    ]


def get_breakdowns(run):
    """Return the leads handed out by source, status before and marketing campaign.

    A run that is not being applied has them in its summary, even when its assignments are not there any more.
    """
    if run.leads_by_source is None or run.state == "applying":
        return count_breakdowns(run)
    return {key: run[field] or {} for key, (field, _name) in BREAKDOWNS.items()}


def count_breakdowns(run):
    """Return the breakdowns as the assignments have them now."""
    rows, domain = run.env["lead.distribution.assignment"], get_counted_domain(run)
    return {key: _add_up(rows._read_group(domain, [name], ["__count"])) for key, (_field, name) in BREAKDOWNS.items()}


def _add_up(groups):
    """Return {name: leads}; several marketing campaigns, or statuses, may have one name."""
    counts = Counter()
    for record, count in groups:
        counts[record.display_name or NOTHING] += count
    return dict(counts)


def _list_recommendations(run, people, obstacles):
    """Return the recommendations in words: of a plan that found nothing, the true reasons."""
    advice = _advise(run, people)
    if not obstacles:
        return [describe_advice(run.env, code) for code in advice]
    rest = [describe_advice(run.env, code) for code in advice if code != "no_leads"]
    return [*obstacles, *rest]


def _advise(run, people):
    return recommend(
        salespeople=people,
        found=run.leads_found,
        distributed=run.leads_distributed,
        in_range=run.leads_in_range + run.leads_beyond,
        dropped_back=run.leads_dropped_back,
        left_over=run.left_over or {},
    )
