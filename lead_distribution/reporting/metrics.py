"""Whether the distribution does what it is there for: figures of some days against their goals."""

from odoo.fields import Domain

from ..engine.figures import percentage
from ..finding.statuses import get_won_domain
from ..names import AFTERWARDS, HANDED_OUT
from .afterwards import TIMED_ROWS
from .first_touch import get_hours_to_action
from .periods import get_domain
from .totals import APPLIED, OF_APPLIED, get_applied_domain
from .trend import get_change, get_trend

# metric: (goal, whether more is better)
GOALS = {
    "distribution_efficiency": (95.0, True),
    "seconds_per_1000_leads": (300.0, False),
    "error_rate": (1.0, False),
    "workload_spread": (10.0, False),
    "response_time_change": (-50.0, False),
    "conversion_change": (15.0, True),
    "runs_by_hand": (20.0, False),
}
FOUND = ("distribution", "pull")  # kinds of rows: what the rules found; a lead that goes on is found no more
SHARES = Domain("kind", "in", HANDED_OUT)
STAYED = Domain("state", "=", "done") & OF_APPLIED  # what stayed when its run was reverted counts nowhere
DONE = Domain("kind", "in", FOUND) & STAYED


def get_metrics(env, period, campaign=None):
    """Return {metric: {value, goal, met}}; changes are against as many days before.

    A metric without a basis has the value None.

    :param env: with full rights, and the companies of the user
    """
    now, before = (get_domain(env, days, campaign) for days in (period, period.before))
    trend = get_trend(env, period, campaign)
    seconds, count = trend["execution_time_seconds"], trend["total_leads_distributed"]
    values = {
        "distribution_efficiency": trend["distribution_efficiency"] if trend["total_leads_found"] else None,
        "seconds_per_1000_leads": round(seconds / count * 1000, 1) if count else None,
        "error_rate": _get_error_rate(env, now),
        "workload_spread": trend["spread"],
        "response_time_change": get_change(_get_median_hours(env, before), _get_median_hours(env, now)),
        "conversion_change": get_change(_get_conversion(env, before), _get_conversion(env, now)),
        "runs_by_hand": _get_runs_by_hand(env, now),
    }
    return {name: _judge(name, values[name]) for name in GOALS}


def _judge(name, value):
    goal, is_more_better = GOALS[name]
    met = None if value is None else value >= goal if is_more_better else value <= goal
    return {"value": value, "goal": goal, "met": met}


def _get_error_rate(env, domain):
    """Return the leads that could not be written in percent of those that were tried."""
    tried = domain & SHARES & Domain("state", "in", ("done", "failed"))
    states = dict(env["lead.distribution.assignment"]._read_group(tried, ["state"], ["__count"]))
    return percentage(states.get("failed", 0), sum(states.values())) if states else None


def _get_median_hours(env, domain):
    return get_hours_to_action(env, domain & TIMED_ROWS & get_applied_domain(env))["median_hours"]


def _get_runs_by_hand(env, domain):
    """Return the runs that no schedule has started in percent of all; what comes after the hand-out is none."""
    own = domain & APPLIED & Domain("origin", "not in", AFTERWARDS)
    origins = dict(env["lead.distribution.run"]._read_group(own, ["origin"], ["__count"]))
    by_hand = sum(count for origin, count in origins.items() if origin not in ("schedule", "live"))
    return percentage(by_hand, sum(origins.values())) if origins else None


def _get_conversion(env, domain):
    """Return the leads that are won by now in percent of those handed out, None without any."""
    rows = env["lead.distribution.assignment"].with_context(active_test=False)
    total = rows.search_count(domain & DONE)
    return percentage(rows.search_count(domain & DONE & get_won_domain("lead_id.")), total) if total else None
