"""Has somebody worked on a lead since it was handed out? Then it is not put back."""

from datetime import datetime

from odoo import SUPERUSER_ID
from odoo.fields import Domain

from ..names import AS_LEFT
from .interference import is_as_written


class Since:
    """What happened to some leads after they were handed out; three queries, whatever their number.

    :param rows: assignments that were carried out
    :param leads: theirs, those that exist
    """

    def __init__(self, rows, leads):
        self.env = rows.env
        self.talked_about = find_talked_about(rows, leads)
        self.last_writes = find_last_writes(leads)

    def explain(self, row):
        """Return why the lead of a row stays with its new owner, or nothing."""
        lead, env = row.lead_id, self.env
        if not lead:
            return _explain_gone(row)
        if lead.id in self.talked_about:
            return env._("Not put back: there are new messages or activities on the lead.")
        if not lead.active or lead.type != (row.before or {}).get("type", "lead"):
            return env._("Not put back: the lead was closed or made an opportunity.")
        if lead.distributed_on != row.applied_on:
            return env._("Not put back: the lead was handed out once more since.")
        if self._is_worked_on(lead, row):
            return env._("Not put back: somebody has worked on the lead since.")
        return None

    def _is_worked_on(self, lead, row):
        """Whether a person changed the lead, or anybody what the run has written on it.

        Odoo's own scheduled actions (enrichment, scoring) write on leads, too; that is no work.
        """
        values = {name: lead[name].id or None for name in AS_LEFT}
        if values != row.before["left"] if "left" in (row.before or {}) else not is_as_written(row, values):
            return True
        moment, user_id = self.last_writes[lead.id]
        return moment > row.applied_on and user_id != SUPERUSER_ID


def _explain_gone(row):
    """Return that a lead is gone, with what its row says of that: into which lead it was merged, say."""
    env = row.env
    if not row.note:
        return env._("Not put back: the lead was deleted.")
    said_before = row.note.startswith(env._("Not put back: %s", ""))
    return row.note if said_before else env._("Not put back: %s", row.note)


def find_last_writes(leads):
    """Return {lead id: (when, by whom)} of the last write that was no reverting of ours; one query.

    A run that handed the lead out later and was reverted kept what the last write before it was.
    """
    rows = leads.env["lead.distribution.assignment"].search_fetch(
        [("lead_id", "in", leads.ids), ("reverted_on", "!=", False)], ["lead_id", "reverted_on", "before"]
    )
    undone = {(row.lead_id.id, row.reverted_on): (row.before or {}).get("touched") for row in rows}
    last = {}
    for lead in leads:
        moment, user_id = lead.write_date, lead.write_uid.id
        while touched := undone.pop((lead.id, moment), None):
            moment, user_id = datetime.fromisoformat(touched[0]), touched[1]
        last[lead.id] = (moment, user_id)
    return last


def find_talked_about(rows, leads):
    """Return the ids of leads with messages, mails or activities later than the assignment."""
    since = min(rows.mapped("applied_on"), default=None)
    if since is None:
        return set()
    by_people = Domain("message_type", "in", ("comment", "email", "sms", "whatsapp"))
    by_people |= Domain("mail_activity_type_id", "!=", False)
    on_leads = Domain("model", "=", "crm.lead") & Domain("res_id", "in", leads.ids) & Domain("date", ">", since)
    messages = rows.env["mail.message"]._read_group(on_leads & by_people, ["res_id"], ["date:max"])
    planned = Domain("res_model", "=", "crm.lead") & Domain("res_id", "in", leads.ids)
    activities = rows.env["mail.activity"].with_context(active_test=False)
    latest = {}
    for lead_id, moment in [
        *messages,
        *activities._read_group(planned & Domain("create_date", ">", since), ["res_id"], ["create_date:max"]),
    ]:
        latest[lead_id] = max(moment, latest.get(lead_id, moment))
    return {row.lead_id.id for row in rows if latest.get(row.lead_id.id, row.applied_on) > row.applied_on}
