"""How many leads people hold."""

from odoo.fields import Domain


def count_workload(env, users, by_status=False):
    """Return how many leads people hold: all unarchived ones of type lead, in one query.

    :param users: whose leads to count
    :return: {user id: number}, or {user id: {status code or None: number}} by status
    """
    domain = Domain("holder_id", "in", users.ids) & Domain("type", "=", "lead")
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


def group_workload(env, users, periods):
    """Return {user id: {"total", "by_status", "by_source", "by_campaign"}} and the count of each period.

    One query, and one for each period.

    :param periods: {name: domain of the leads that count in it}
    """
    # with full rights: numbers, of leads that the reader may not see one by one
    leads = env["crm.lead"].sudo().with_context(active_test=True)
    domain = Domain("holder_id", "in", users.ids) & Domain("type", "=", "lead")
    breakdowns = {"by_status": "lead_status_id", "by_source": "source_id", "by_campaign": "campaign_id"}
    result = {}
    for user, *records, count in leads._read_group(domain, ["holder_id", *breakdowns.values()], ["__count"]):
        load = result.setdefault(user.id, {"total": 0, **{key: {} for key in breakdowns}})
        load["total"] += count
        for key, record in zip(breakdowns, records, strict=True):
            name = record.display_name or env._("None")
            load[key][name] = load[key].get(name, 0) + count
    for period, within in periods.items():
        for user, count in leads._read_group(domain & within, ["holder_id"], ["__count"]):
            result[user.id][period] = count
    return result
