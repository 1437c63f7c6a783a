"""How many leads people hold: all of them, which targets are compared with, and the open ones.

*Held* are the unarchived leads of somebody, whatever their status. That is the load: strategies, targets, runs,
comparisons and the dashboard count it here. *Open* are those of them that are still work, see
``statuses.get_work_domain``.
"""

from collections import Counter

from odoo import fields
from odoo.fields import Domain

from ..engine.figures import percentage
from ..finding import dates
from ..finding.scope import get_today, get_type_domain, list_types
from ..finding.statuses import get_work_domain
from ..finding.window import get_date_field, get_window
from ..work.system import as_system
from .request import PlanRequest

LEADS = Domain("type", "=", "lead")
BREAKDOWNS = {"by_status": "lead_status_id", "by_source": "source_id", "by_campaign": "campaign_id"}


def count_workload(env, users, by_status=False, types=("lead",)):
    """Return how many leads people hold: all unarchived ones of these types, in one query.

    :param users: whose leads to count
    :return: {user id: number}, or {user id: {status code or None: number}} by status
    """
    domain = Domain("holder_id", "in", users.ids) & Domain("type", "in", types)
    groupby = ["holder_id", "lead_status_id"] if by_status else ["holder_id"]
    # with full rights: a number, of leads that the reader may not see one by one
    leads = env["crm.lead"].sudo().with_context(active_test=True)
    groups = leads._read_group(domain, groupby, ["__count"])
    if not by_status:
        return {user.id: count for user, count in groups}
    workload = {user.id: {} for user in users}
    for user, status, count in groups:
        workload[user.id][status.code or None] = count
    return workload


def get_nobodys_domain(campaigns):
    """Return the open leads that nobody has, of the types that these campaigns take, of whatever company."""
    types = Domain("type", "in", list_types(campaigns))
    return types & Domain("is_open", "=", True) & Domain("holder_id", "=", False)


def count_loads(members, only_open=False):
    """Return {member: leads held of the types that its campaign takes}, in one query.

    :param only_open: leave out the leads that are nobody's work any more
    """
    held = count_held(members.env, members.user_id, only_open)
    types = {campaign: list_types(campaign) for campaign in members.campaign_id}
    return {member: held.add(member.user_id, types.get(member.campaign_id, ("lead",))) for member in members}


class Held(Counter):
    """Leads held, by user id and type."""

    def add(self, user, types):
        """Return how many of these types a person holds."""
        return sum(self[user.id, name] for name in types)


def count_held(env, users, only_open=False):
    """Return the ``Held`` of people, in one query.

    :param only_open: leave out the leads that are nobody's work any more
    """
    domain = Domain("holder_id", "in", users.ids)
    if only_open:
        domain &= get_work_domain(env)
    # with full rights: a number, of leads that the reader may not see one by one
    leads = env["crm.lead"].sudo().with_context(active_test=True)
    groups = leads._read_group(domain, ["holder_id", "type"], ["__count"])
    return Held({(user.id, lead_type): count for user, lead_type, count in groups})


def describe_workload(campaign):
    """Return how many leads each member holds, in a fixed number of queries, see ``campaign.get_workload``."""
    members = campaign.with_context(active_test=False).member_ids
    today = get_today(campaign)
    periods = {
        "in_window": get_window(campaign, PlanRequest()),
        "this_month": (today.replace(day=1), today),
        "last_30_days": (fields.Date.subtract(today, days=30), today),
    }
    domains = {name: _get_date_domain(campaign, *period) for name, period in periods.items()}
    groups = group_workload(campaign.env, members.user_id, domains, get_type_domain(campaign))
    return [_describe_member(member, groups.get(member.user_id.id, {}), periods) for member in members]


def group_workload(env, users, periods, of_types=LEADS):
    """Return {user id: {"total", "by_status", "by_source", "by_campaign"}} and the count of each period.

    One query, and one for each period.

    :param periods: {name: domain of the leads that count in it}
    :param of_types: domain of the types that count
    """
    leads = as_system(env["crm.lead"]).with_context(active_test=True)
    domain = Domain("holder_id", "in", users.ids) & of_types
    result = {}
    for user, *records, count in leads._read_group(domain, ["holder_id", *BREAKDOWNS.values()], ["__count"]):
        load = result.setdefault(user.id, {"total": 0, **{key: {} for key in BREAKDOWNS}})
        load["total"] += count
        for key, record in zip(BREAKDOWNS, records, strict=True):
            name = record.display_name or env._("None")
            load[key][name] = load[key].get(name, 0) + count
    for period, within in periods.items():
        for user, count in leads._read_group(domain & within, ["holder_id"], ["__count"]):
            result[user.id][period] = count
    return result


def _get_date_domain(campaign, first, last):
    """Return the leads whose date lies between two dates, both included; None is an open side."""
    field, domain = get_date_field(campaign), Domain.TRUE
    if first:
        domain &= dates.since(field, first, campaign.tz)
    if last:
        domain &= dates.until(field, last, campaign.tz)
    return domain


def _describe_member(member, groups, periods):
    total, target = groups.get("total", 0), member.target_leads
    return {
        "user_id": member.user_id.id,
        "name": member.user_id.name,
        "target": target,
        "total": total,
        "utilization": percentage(total, target),
        "deficit": max(0, target - total),
        **{period: groups.get(period, 0) for period in periods},
        **{key: groups.get(key, {}) for key in BREAKDOWNS},
    }
