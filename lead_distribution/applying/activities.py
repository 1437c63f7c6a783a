"""What somebody has planned on leads goes along when the leads go to others, and comes back with them."""

import json

from odoo.fields import Domain
from odoo.tools import SQL, groupby

from ..work.system import as_system


def find_planned(users, leads):
    """Return what these people have planned on leads and not done yet, archived people's, too."""
    domain = Domain("res_model", "=", "crm.lead") & Domain("res_id", "in", leads.ids)
    return as_system(users.env["mail.activity"]).search(domain & Domain("user_id", "in", users.ids), order="id")


def move_along(run, rows):
    """Give what the leaver of a run has planned on its leads to who has the leads now; the rows keep what it was.

    A write for each receiver, and nothing at all in runs in which activities stay where they are.

    :param rows: done just now
    """
    if not run.moves_activities or not rows:
        return
    row_of = {row.lead_id.id: row for row in rows}
    planned = find_planned(run.leaver_id, rows.lead_id)
    _give(planned, lambda activity: row_of[activity.res_id].user_id)
    ids_of = {row_of[lead_id].id: [a.id for a in group] for lead_id, group in groupby(planned, lambda a: a.res_id)}
    if ids_of:
        rows.flush_recordset(["before"])
        rows.env.cr.execute(
            SQL(
                "UPDATE lead_distribution_assignment a SET before = coalesce(a.before, '{}') || k.kept "
                "FROM unnest(%s, %s::jsonb[]) AS k(id, kept) WHERE a.id = k.id",
                list(ids_of),
                [json.dumps({"activities": ids}) for ids in ids_of.values()],
            )
        )
        rows.invalidate_recordset(["before"], flush=False)


def move_back(run, rows):
    """Give back what went along with leads that are put back, if it is still to be done and with the same person."""
    if not run.leaver_id:
        return
    receiver_of = {i: row.user_id for row in rows for i in (row.before or {}).get("activities", ())}
    if receiver_of:
        planned = as_system(run.env["mail.activity"]).search([("id", "in", list(receiver_of))])
        same = planned.filtered(lambda activity: activity.user_id == receiver_of[activity.id])
        _give(same, lambda activity: run.leaver_id)


def _give(activities, find_user):
    """Assign activities; nobody is told of each one."""
    for user, group in groupby(activities, find_user):
        same = activities.browse(activity.id for activity in group)
        same.with_context(mail_activity_quick_update=True).write({"user_id": user.id})
