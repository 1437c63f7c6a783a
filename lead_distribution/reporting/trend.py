"""Some days against as many days before."""

from .periods import get_domain
from .totals import get_days, get_totals, name_anew

STEADY = 5.0  # percent: smaller changes are no trend
COMPARED = ("total_leads_found", "total_leads_distributed", "distribution_efficiency", "salespeople_participated")


def get_trend(env, period, campaign=None):
    """Return the totals of a period, each of its days, and the change against the period before.

    ``change`` is in percent, None where there was nothing before; ``direction`` is that of
    the leads distributed: changes below 5 % are steady.

    :param env: with full rights, and the companies of the user
    """
    domain = get_domain(env, period, campaign)
    now = get_totals(env, domain, campaign)
    before = get_totals(env, get_domain(env, period.before, campaign), campaign)
    change = {key: get_change(before[key], now[key]) for key in COMPARED}
    return {
        "days": period.days,
        "date_range": period.texts,
        **name_anew(env, now),
        "daily": get_days(env, domain),
        "previous_period": {key: before[key] for key in COMPARED},
        "change": change,
        "direction": _get_direction(change["total_leads_distributed"]),
    }


def get_change(before, now):
    """Return the change in percent; None where there was nothing before, or nothing is known.

    >>> get_change(50, 60), get_change(0, 60), get_change(None, 60)
    (20.0, None, None)
    """
    return round((now - before) / before * 100, 1) if before and now is not None else None


def _get_direction(change):
    if change is None or abs(change) < STEADY:
        return "steady"
    return "rising" if change > 0 else "falling"
