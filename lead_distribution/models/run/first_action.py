from datetime import timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

TOUCHES = ("lead_status_id", "stage_id", "type", "lost_reason_id")  # fields that only work changes


class LeadDistributionAssignment(models.Model):
    """When the new owner first touched a lead, and how long that took.

    A touch is a change of status or stage, making it an opportunity or losing it, an activity
    done, or a message, by the person the lead was handed to. Working hours are those of the company's working schedule.
    """

    _inherit = "lead.distribution.assignment"

    first_action_on = fields.Datetime(readonly=True)
    hours_to_action = fields.Float(string="Hours to first action", aggregator="avg", readonly=True)
    working_hours_to_action = fields.Float(string="Working hours to first action", aggregator="avg", readonly=True)

    # holds all that the times over a period need, so that no row is read; runs do not write to it
    _touched_idx = models.Index(
        "(distribution_date) INCLUDE (campaign_id, company_id, run_id, hours_to_action) "
        "WHERE state = 'done' AND kind = 'distribution' AND first_action_on IS NOT NULL"
    )

    is_waiting = fields.Boolean(
        string="Waits for a first touch",
        compute="_compute_is_waiting",
        search="_search_is_waiting",
        help="Nobody has touched the lead since it was handed out, and the same person still holds it.",
    )

    @api.depends("state", "kind", "first_action_on", "lead_id.holder_id", "lead_id.active")
    def _compute_is_waiting(self):
        for row in self:
            is_open = row.state == "done" and row.kind == "distribution" and not row.first_action_on
            lead = row.sudo().lead_id
            row.is_waiting = is_open and lead.active and lead.holder_id == row.user_id

    def _search_is_waiting(self, operator, value):
        if operator != "in":
            return NotImplemented

        def to_sql(model, alias, query):
            model.env["crm.lead"].flush_model(["holder_id", "active"])
            return SQL(
                "EXISTS (SELECT 1 FROM crm_lead WHERE crm_lead.id = %(row)s.lead_id "
                "AND crm_lead.holder_id = %(row)s.user_id AND crm_lead.active)",
                row=SQL.identifier(alias),
            )

        untouched = Domain([("state", "=", "done"), ("kind", "=", "distribution"), ("first_action_on", "=", False)])
        waiting = untouched & Domain.custom(to_sql=to_sql)
        return waiting if True in value else ~waiting

    @api.model
    def _note_first_action(self, lead_ids, users):
        """Remember that these people touched these leads just now, where it is the first time.

        Two queries and a write of each duration, whatever the number of leads.
        """
        if not lead_ids or not users:
            return
        domain = Domain("lead_id", "in", list(lead_ids)) & Domain("user_id", "in", users.ids)
        domain &= Domain("state", "=", "done") & Domain("first_action_on", "=", False)
        rows = self.sudo().search(domain).filtered(lambda row: row.lead_id.holder_id == row.user_id)
        # of a lead handed out several times only the last hand-over counts
        latest = rows.browse(max(group, key=lambda row: row.id).id for group in rows.grouped("lead_id").values())
        now = fields.Datetime.now()
        for company, group in latest.grouped("company_id").items():
            calendar = (company or self.env.company).sudo().resource_calendar_id
            work = _get_work_intervals(calendar, min(group.mapped("applied_on")), now)
            for moment, same in group.grouped("applied_on").items():
                same.write(
                    {
                        "first_action_on": now,
                        "hours_to_action": (now - moment).total_seconds() / 3600,
                        "working_hours_to_action": _count_hours(work, moment, now),
                    }
                )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def write(self, vals):
        """A change of status or stage by the owner is the first touch; what a run writes is not."""
        fields_ = [] if "distributed_on" in vals else [self._fields[name] for name in TOUCHES if name in vals]
        touched = self.filtered(
            lambda lead: any(field.convert_to_write(lead[field.name], lead) != vals[field.name] for field in fields_)
        )
        result = super().write(vals)
        if touched:
            self.env["lead.distribution.assignment"]._note_first_action(touched.ids, self.env.user)
        return result


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        """A message of the owner, or an activity the owner has done, is the first touch."""
        messages = super().create(vals_list)
        touches = messages.filtered(
            lambda m: m.model == "crm.lead" and (m.message_type in ("comment", "email") or m.mail_activity_type_id)
        )
        for author, group in touches.grouped("author_id").items():
            users = author.sudo().user_ids
            self.env["lead.distribution.assignment"]._note_first_action(group.mapped("res_id"), users)
        return messages


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
