"""What is work on a lead: a change of status or stage, an activity done, a message; not what a run writes.

The first touch of a lead by the person it was handed to is kept in its row of the history.
"""

from odoo import fields
from odoo.fields import Domain

from ..finding.statuses import get_outcome
from ..planning.deadlines import Clocks
from ..work.system import as_system
from .due import settle

TOUCHES = ("lead_status_id", "stage_id", "type", "lost_reason_id")  # fields that only work changes


def find_touched(leads, vals):
    """Return the leads on which ``vals`` are going to change what only work changes."""
    given = [leads._fields[name] for name in TOUCHES if name in vals]
    return leads.filtered(
        lambda lead: any(field.convert_to_write(lead[field.name], lead) != vals[field.name] for field in given)
    )


def note_work(leads):
    """Remember that the leads were worked on just now; as no change of the lead itself."""
    if leads:
        # whoever works on a lead by an activity or a message need not be allowed to write it
        leads.sudo().with_context(mail_notrack=True).last_worked_on = fields.Datetime.now()


def group_by_outcome(leads):
    """Return {"won", "lost" or None: leads} by their lead statuses."""
    return leads.sudo().grouped(lambda lead: get_outcome(lead.lead_status_id))  # the same for everybody


def find_closed(groups):
    """Return [(moment or False, leads)] of leads that a new lead status has just won or lost, or opened again.

    :param groups: the leads by what they were before, see ``group_by_outcome``
    """
    return [
        (fields.Datetime.now() if outcome else False, same)
        for before, leads in groups.items()
        for outcome, same in group_by_outcome(leads).items()
        if outcome != before
    ]


def note_closing_of_new(env, vals_list):
    """Put into values of new leads since when their lead status closes them: since now."""
    statuses = env["crm.lead.status"].sudo().browse({vals.get("lead_status_id") or 0 for vals in vals_list} - {0})
    closing = {status.id for status in statuses if get_outcome(status)}
    for vals in vals_list:
        if vals.get("lead_status_id") in closing:
            vals["status_closed_on"] = fields.Datetime.now()


def note_messages(messages):
    """Remember the work that new messages are, or tell of: activities done, and what the holder or owner writes."""
    on_leads = messages.filtered(
        lambda m: m.model == "crm.lead" and (m.message_type in ("comment", "email") or m.mail_activity_type_id)
    )
    if not on_leads:
        return
    leads = messages.env["crm.lead"].sudo()  # of other people, too
    for author, group in on_leads.grouped("author_id").items():
        users = author.sudo().user_ids  # who may write a message need not see users
        note_first_action(messages.env, group.mapped("res_id"), users)
    done = on_leads.filtered("mail_activity_type_id")
    note_work(leads.browse(done.mapped("res_id")).exists())
    for author, group in (on_leads - done).grouped("author_id").items():
        written_on = leads.browse(group.mapped("res_id")).exists()
        note_work(written_on.filtered(lambda lead, author=author: author in (lead.holder_id | lead.user_id).partner_id))


def note_first_action(env, lead_ids, users):
    """Remember that these people touched these leads just now, where it is the first time.

    A fixed number of queries for each campaign, and a write of each duration, whatever the number of leads.
    """
    if not lead_ids or not users:
        return
    domain = Domain("lead_id", "in", list(lead_ids)) & Domain("user_id", "in", users.ids)
    domain &= Domain("state", "=", "done") & Domain("first_action_on", "=", False)
    history = env["lead.distribution.assignment"].sudo()  # nobody may write it
    rows = history.search(domain).filtered(lambda row: row.lead_id.holder_id == row.user_id)
    # of a lead handed out several times only the last hand-over counts
    latest = rows.browse(max(group, key=lambda row: row.id).id for group in rows.grouped("lead_id").values())
    if not latest:
        return
    now = fields.Datetime.now()
    (rows - latest).write({"first_action_on": now})  # nobody waits there any more; their times count for nobody
    for campaign, group in latest.grouped("campaign_id").items():
        clocks = Clocks(as_system(campaign), group.user_id, min(group.mapped("applied_on")), now)
        for (moment, user), same in group.grouped(lambda row: (row.applied_on, row.user_id)).items():
            same.write(
                {
                    "first_action_on": now,
                    "hours_to_action": (now - moment).total_seconds() / 3600,
                    "working_hours_to_action": clocks.count_hours(user.id, moment, now),
                }
            )
    if due := latest.filtered("checkpoint"):
        settle(env, due.ids, now)
