# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What other addons and automations make of leads while these are handed out."""

from ..names import AS_LEFT, MOVED, PEOPLE_COLUMNS
from .snapshots import put_back

HELD_BY = ("user_id", "open_user_id", "holder_id")


def is_as_written(row, values):
    """Whether a lead has the people and the status that this row has given it; ``values``: by ``AS_LEFT``."""
    campaign, rule = row.run_id.campaign_id, row.dropback_rule_id
    reset = campaign.status_reset_id
    if row.kind in MOVED:
        reset = reset.browse()
    elif row.kind == "dropback":
        reset = rule.status_id or campaign.dropback_status_id
    statuses = {reset.id or None, (row.before or {}).get("lead_status_id") or None}
    people = {values[name] for name in PEOPLE_COLUMNS}
    return people == {row.user_id.id} and (values["lead_status_id"] or None) in statuses


def find_as_left(rows, leads_of, now):
    """Return {lead id: people and status} of leads that automations have changed.

    With that, nobody has worked on the lead yet. For the parameters see ``note_interference``.
    """
    changed = {}
    for row in rows:
        lead = now.get(leads_of[row.id])
        if lead and not is_as_written(row, lead):
            changed[leads_of[row.id]] = {name: lead[name] for name in AS_LEFT}
    return changed


def note_interference(rows, leads_of, now):
    """Say of rows what was made of their leads while these were written.

    The row says who really has it, so that figures, limits and reverting go by what is true.

    :param leads_of: {row id: lead id}
    :param now: {lead id: columns}, see ``Snapshot.compare``
    :return: the rows of leads that nobody has now
    """
    env, changed = rows.env, {}
    for row in rows:
        lead = now.get(leads_of[row.id])
        holder = lead and (lead["open_user_id"] or lead["user_id"])
        if holder != row.user_id.id or not lead["active"]:
            changed.setdefault((bool(lead), holder, bool(lead and lead["active"])), []).append(row.id)
    lost = rows.browse()
    for (exists, holder, active), ids in changed.items():
        part = rows.browse(ids)
        if exists:  # what a run writes itself is not computed meanwhile
            env.add_to_compute(part.lead_id._fields["holder_id"], part.lead_id)
        if not holder:
            lost += part
        else:  # received once, by this run; not a second time by hand
            part.lead_id.with_context(mail_notrack=True).write({"received_on": part[0].applied_on})
        part.write(_prepare_row_values(env, exists, env["res.users"].browse(holder or []), active))
    return lost


def _prepare_row_values(env, exists, holder, active):
    """Return the values of rows whose leads are not as they were written."""
    _ = env._
    if not exists:
        note = _("Another rule of this database deleted the lead while it was handed out.")
        return {"state": "failed", "applied_on": False, "note": note}
    if not holder:
        note = _("Another rule of this database took the lead away while it was handed out.")
        return {"state": "failed", "applied_on": False, "note": note}
    if not active:
        return {"note": _("Another rule of this database archived the lead while it was handed out.")}
    note = _("Another rule of this database gave the lead to %s while it was handed out.", holder.name)
    return {"user_id": holder.id, "user_name": holder.name, "note": note}


def unmark(leads, written, lost, now):
    """Put back what a run has written on leads that nobody has now, but not who has them.

    :param written: list of (values, leads that they were written on)
    :param lost: see ``Snapshot.compare``
    """
    values_of = {lead.id: values for values, records in written for lead in records}
    kept = {
        lead.id: {
            name: value
            for name, value in lost[lead.id]["columns"].items()
            if name in values_of[lead.id] and name not in HELD_BY and now[lead.id][name] == values_of[lead.id][name]
        }
        for lead in leads
        if lead.id in now
    }
    if kept:
        put_back(leads.browse(kept), kept, {})
