"""Has somebody worked on a lead since it was handed out? Then it is not put back."""

from datetime import datetime

from odoo import SUPERUSER_ID
from odoo.fields import Domain

from ..names import AS_LEFT
from ..planning.kept import get_reason
from .interference import is_as_written

# why a lead is not put back
DELETED, TALKED_ABOUT, CLOSED, HANDED_ON, WORKED_ON = "deleted", "talked_about", "closed", "handed_on", "worked_on"
LEFT = "left"  # key of what a row keeps: people and status as automations, or the system, have left them


class Since:
    """What happened to some leads after they were handed out; five queries, whatever their number.

    :param rows: assignments that were carried out
    :param leads: theirs, those that exist
    """

    def __init__(self, rows, leads):
        self.env = rows.env
        self.talked_about = find_talked_about(rows, leads)
        self.last_writes = find_last_writes(leads)
        writers = {user_id for _moment, user_id in self.last_writes.values() if user_id} - {SUPERUSER_ID}
        self.writers = self.env["res.users"].browse(writers).exists()

    def judge(self, row):
        """Return why the lead of a row stays with its new owner, as one of the words below; or nothing."""
        lead = row.lead_id
        if not lead:
            return DELETED
        if lead.id in self.talked_about:
            return TALKED_ABOUT
        if not lead.active or lead.type != (row.before or {}).get("type", "lead"):
            return CLOSED
        if lead.distributed_on != row.applied_on:
            return HANDED_ON
        return WORKED_ON if self._is_worked_on(lead, row) else None

    def is_worked_on(self, row):
        """Whether somebody changed the lead of a row, whatever else keeps it with its new owner."""
        lead = row.lead_id
        return bool(lead) and lead.distributed_on == row.applied_on and self._is_worked_on(lead, row)

    def explain(self, row):
        """Return the same in words, as what follows "because"; or nothing."""
        env, why = self.env, self.judge(row)
        if why == DELETED:
            # its row says what became of it: into which lead it was merged, say
            return get_reason(env, row.note) or env._("the lead was deleted.")
        if why == WORKED_ON:
            return self._name_work(row.lead_id, row)
        return {
            TALKED_ABOUT: env._("there are new messages or activities on the lead."),
            CLOSED: env._("the lead was closed or made an opportunity."),
            HANDED_ON: env._("the lead was handed out once more since."),
        }.get(why)

    def _is_worked_on(self, lead, row):
        """Whether a person changed the lead, or anybody what the run has written on it.

        Odoo's own scheduled actions (enrichment, scoring) write on leads, too; that is no work.
        """
        kept, values = row.before or {}, {name: lead[name].id or None for name in AS_LEFT}
        if kept.get(WORKED_ON):  # before the system wrote on it
            return True
        if values != kept[LEFT] if LEFT in kept else not is_as_written(row, values):
            return True
        return self._find_writer(lead, row) is not None

    def _find_writer(self, lead, row):
        """Return the id of the person who has written on the lead since; None where nobody has."""
        moment, user_id = self.last_writes[lead.id]
        return user_id if moment > row.applied_on and user_id != SUPERUSER_ID else None

    def _name_work(self, lead, row):
        writer_id = self._find_writer(lead, row)
        if writer_id in self.writers.ids:
            name = self.writers.browse(writer_id).with_prefetch(self.writers.ids).name
            return self.env._("%s has worked on the lead since.", name)
        return self.env._("somebody has worked on the lead since.")


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
