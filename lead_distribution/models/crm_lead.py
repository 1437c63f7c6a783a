from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import OrderedSet

from ..tools.limits import LAST_YEAR

# the names of the specification for fields of the lead (readings, R9)
FIELD_NAMES = {
    "email": "email_from",
    "status": "lead_status_id",
    "web_source": "source_id",
    "web_source_id": "source_id",
    "tags": "tag_ids",
}
# A Domain in the form that Odoo optimizes to, so it is optimized once, not for each lead of a plan that is stored
NOT_PLANNED = Domain("state", "not in", OrderedSet(["planned"]))


class CrmLead(models.Model):
    _inherit = "crm.lead"

    lead_status_id = fields.Many2one(
        "crm.lead.status",
        string="Lead status",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="How far the work on the lead is. Campaigns choose leads by it.",
    )
    source_date = fields.Date(
        default=fields.Date.context_today,
        index=True,
        help="When the lead came in. Campaigns choose leads by their age from this date.",
    )
    open_user_id = fields.Many2one(
        "res.users",
        string="Opener",
        index="btree_not_null",
        help="Who works on the lead now. Without an opener, it is the salesperson.",
    )
    closer_id = fields.Many2one("res.users", help="Who is to close the deal.")
    holder_id = fields.Many2one(
        "res.users",
        compute="_compute_holder_id",
        store=True,
        index=True,
        help="The opener, or, without one, the salesperson.",
    )
    distribution_campaign_id = fields.Many2one(
        "lead.distribution.campaign",
        string="Distributed by",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    distributed_on = fields.Datetime(readonly=True, copy=False)
    assignment_ids = fields.One2many(
        "lead.distribution.assignment",
        "lead_id",
        string="Distribution history",
        domain=NOT_PLANNED,
        readonly=True,
    )

    @api.depends("open_user_id", "user_id")
    def _compute_holder_id(self):
        for lead in self:
            lead.holder_id = lead.open_user_id or lead.user_id

    def write(self, vals):
        """A lead that is given to somebody else by hand takes its opener along.

        Otherwise the person who opened it would go on counting as its holder.
        """
        if "lead_status_id" in vals and "distributed_on" not in vals:
            self._note_status_change(vals["lead_status_id"])
        if "user_id" not in vals or "open_user_id" in vals:
            return super().write(vals)
        followed = self.filtered(lambda lead: lead.open_user_id and lead.open_user_id == lead.user_id)
        if followed:  # first, since afterwards the lead may be out of the writer's sight
            super(CrmLead, followed).write({"open_user_id": vals["user_id"]})
        return super().write(vals)  # all at once, as Odoo computes dates for the whole batch

    def _note_status_change(self, status_id):
        """A status that a person changes is work; what a run resets is not."""
        self.filtered(lambda lead: lead.lead_status_id.id != status_id)._note_work()

    @api.model
    def _resolve_field_name(self, name):
        """Return the lead's field for a name as the specification or Odoo has it, or None."""
        name = FIELD_NAMES.get(name.strip(), name.strip())
        return name if name in self._fields else None

    @api.model
    def _get_priority_domain(self, accepts):
        """Return the leads whose priority is accepted.

        :param accepts: called with 1 (Odoo's Low) to 4 (Very High), as the specification
            counts; a missing priority is the lowest (reading R8)
        """
        domain = Domain("priority", "in", [str(p - 1) for p in range(1, 5) if accepts(p)])
        return domain | Domain("priority", "=", False) if accepts(1) else domain

    @api.model
    def _get_workload(self, users, by_status=False):
        """Return how many leads people hold: all unarchived ones of type lead, in one query.

        :param users: whose leads to count
        :return: {user id: number}, or {user id: {status code or None: number}} by status
        """
        domain = Domain("holder_id", "in", users.ids) & Domain("type", "=", "lead")
        groupby = ["holder_id", "lead_status_id"] if by_status else ["holder_id"]
        groups = self.sudo().with_context(active_test=True)._read_group(domain, groupby, ["__count"])
        if not by_status:
            return {user.id: count for user, count in groups}
        workload = {user.id: {} for user in users}
        for user, status, count in groups:
            workload[user.id][status.code or None] = count
        return workload

    @api.model
    def _get_workload_groups(self, users, window, date_name="source_date"):
        """Return {user id: {"total", "in_window", "by_status", "by_source"}}; two queries.

        :param window: (first, last) date, both included; None is an open side
        """
        leads = self.sudo().with_context(active_test=True)
        domain = Domain("holder_id", "in", users.ids) & Domain("type", "=", "lead")
        result = {}
        for user, status, source, count in leads._read_group(
            domain, ["holder_id", "lead_status_id", "source_id"], ["__count"]
        ):
            load = result.setdefault(user.id, {"total": 0, "in_window": 0, "by_status": {}, "by_source": {}})
            load["total"] += count
            for key, record in (("by_status", status), ("by_source", source)):
                name = record.name or self.env._("None")
                load[key][name] = load[key].get(name, 0) + count
        first, last = window
        if first:
            domain &= Domain(date_name, ">=", first)
        if last and last.year < LAST_YEAR:
            domain &= Domain(date_name, "<", fields.Date.add(last, days=1))
        for user, count in leads._read_group(domain, ["holder_id"], ["__count"]):
            result[user.id]["in_window"] = count
        return result
