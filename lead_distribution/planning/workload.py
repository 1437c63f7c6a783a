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
