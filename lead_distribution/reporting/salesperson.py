"""The report of one salesperson over a period."""

from odoo.fields import Domain

from ..engine.figures import percentage
from ..finding.scope import list_types
from ..names import GIVEN
from .afterwards import get_own_afterwards
from .first_touch import get_waiting_times
from .periods import get_company_domain, get_domain
from .totals import OF_APPLIED, get_efficiency

# what stayed when its run was reverted counts nowhere, as in all sums
RECEIVED = Domain("state", "=", "done") & Domain("kind", "in", GIVEN) & OF_APPLIED


def get_salesperson_report(user, period):
    """Return what a person got in a period and what became of it.

    The average is over all days of the period; the efficiency is that of the runs the person took part in;
    ``lead_status_distribution`` tells the statuses that the leads received have now.
    What came after the hand-out is told as in the reports of everybody, see ``afterwards``.

    :param user: with full rights, and the companies of the reader
    """
    env = user.env
    own = get_domain(env, period) & Domain("user_id", "=", user.id)
    days = _get_days(env, own)
    received = sum(day["received"] for day in days)
    times = get_waiting_times(env, own & RECEIVED)
    return {
        "user_id": user.id,
        "name": user.name,
        "date_range": period.texts,
        "total_leads_received": received,
        "average_leads_per_day": round(received / period.days, 1),
        "utilization_trend": [day["utilization"] for day in days],
        "distribution_efficiency": _get_efficiency_of_runs(env, own),
        "lead_status_distribution": _get_statuses_now(env, own),
        "leads_given_up": sum(day["given_up"] for day in days),
        "leads_touched": times["touched"],
        "median_hours_to_first_action": times["median_hours"],
        "median_working_hours_to_first_action": times["median_working_hours"],
        "after_the_hand_out": get_own_afterwards(user, get_domain(env, period), times),
        "days": days,
        "open_leads": env["crm.lead"].search_count(_get_held_domain(user) & Domain("is_open", "=", True)),
        "current_leads": _get_leads_now(user),
    }


def _get_days(env, own):
    """Return received, given up and the utilization after the last runs of each day.

    Of several campaigns the leads count once and the targets add up, as in the reports of everybody.
    """
    lines = env["lead.distribution.run.member"]
    groups = lines._read_group(
        own & OF_APPLIED,
        ["distribution_date:day", "campaign_id"],
        ["leads_received:sum", "leads_distributed_from:sum", "id:max"],
        order="distribution_date:day",
    )
    lines.browse(last for *_rest, last in groups).fetch(["leads_after_total", "target_leads"])
    by_day = {}
    for day, _campaign, *part in groups:
        by_day.setdefault(day, []).append(part)
    return [_describe_day(day, lines, *zip(*parts, strict=True)) for day, parts in by_day.items()]


def _describe_day(day, lines, received, given_up, lasts):
    """Return the figures of one day.

    :param received: and ``given_up``: leads, of each campaign
    :param lasts: ids of the last tracking line of each campaign
    """
    lasts = lines.browse(sorted(lasts))
    return {
        "date": day.isoformat(),
        "received": sum(received),
        "given_up": sum(given_up),
        "utilization": percentage(lasts[-1].leads_after_total, sum(lasts.mapped("target_leads")), 1),
    }


def _get_efficiency_of_runs(env, own):
    lines = env["lead.distribution.run.member"]._search(own & OF_APPLIED)
    return get_efficiency(env["lead.distribution.run"].search([("member_line_ids", "in", lines)], order="id"))


def _get_statuses_now(env, own):
    """Return {status code: leads}, of the leads received, as they are now."""
    groups = env["lead.distribution.assignment"]._read_group(own & RECEIVED, ["lead_id.lead_status_id"], ["__count"])
    return {status.code or "none": count for status, count in groups}


def find_own_members(user):
    """Return what a person is in campaigns of the companies that are chosen; those that are archived are over.

    :param user: with full rights, and the companies of the reader
    """
    own = Domain("user_id", "=", user.id) & Domain("campaign_id.active", "=", True) & get_company_domain(user.env)
    return user.env["lead.distribution.member"].search(own)


def _get_held_domain(user):
    campaigns = find_own_members(user).campaign_id
    held = Domain("holder_id", "=", user.id) & Domain("type", "in", list_types(campaigns))
    return held & get_company_domain(user.env)


def _get_leads_now(user):
    """Return how many leads a person holds now, by status, source and age; three queries."""
    env, leads, held = user.env, user.env["crm.lead"], _get_held_domain(user)
    statuses = leads._read_group(held, ["lead_status_id"], ["__count"])
    sources = leads._read_group(held, ["source_id"], ["__count"])
    months = leads._read_group(held, ["source_date:month"], ["__count"], order="source_date:month")
    return {
        "total": sum(count for _status, count in statuses),
        "by_status": {status.code or "none": count for status, count in statuses},
        "by_source": {source.name or env._("None"): count for source, count in sources},
        "by_month": {month.strftime("%Y-%m") if month else "none": count for month, count in months},
    }
