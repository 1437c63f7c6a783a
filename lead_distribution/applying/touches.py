"""What is work on a lead: a change of status or stage, an activity done, a message; not what a run writes.

The first touch of a lead by the person it was handed to is kept in its row of the history.
"""

from datetime import timezone

from odoo import fields
from odoo.fields import Domain

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

    Two queries and a write of each duration, whatever the number of leads.
    """
    if not lead_ids or not users:
        return
    domain = Domain("lead_id", "in", list(lead_ids)) & Domain("user_id", "in", users.ids)
    domain &= Domain("state", "=", "done") & Domain("first_action_on", "=", False)
    history = env["lead.distribution.assignment"].sudo()  # nobody may write it
    rows = history.search(domain).filtered(lambda row: row.lead_id.holder_id == row.user_id)
    # of a lead handed out several times only the last hand-over counts
    latest = rows.browse(max(group, key=lambda row: row.id).id for group in rows.grouped("lead_id").values())
    now = fields.Datetime.now()
    for company, group in latest.grouped("company_id").items():
        calendar = (company or env.company).sudo().resource_calendar_id  # read by nobody but us
        work = _get_work_intervals(calendar, min(group.mapped("applied_on")), now)
        for moment, same in group.grouped("applied_on").items():
            same.write(
                {
                    "first_action_on": now,
                    "hours_to_action": (now - moment).total_seconds() / 3600,
                    "working_hours_to_action": _count_hours(work, moment, now),
                }
            )


def _get_work_intervals(calendar, start, stop):
    """Return [(start, stop)] of the working time between two moments, in naive UTC; None without a schedule."""
    if not calendar:
        return None
    intervals = calendar._work_intervals_batch(_aware(start), _aware(stop))[False]
    return [(_naive(first), _naive(last)) for first, last, _records in intervals]


def _count_hours(work, start, stop):
    """Return the hours of work between two moments; without a schedule every hour counts."""
    if work is None:
        return (stop - start).total_seconds() / 3600
    seconds = sum(max(0, (min(last, stop) - max(first, start)).total_seconds()) for first, last in work)
    return seconds / 3600


def _aware(moment):
    return moment.replace(tzinfo=timezone.utc)


def _naive(moment):
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
