from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import OrderedSet

from ...applying.due import DEADLINE, end_of_leads, follow_change, is_watched
from ...applying.history import note_in_history
from ...applying.touches import (
    find_closed,
    find_touched,
    group_by_outcome,
    note_closing_of_new,
    note_first_action,
    note_work,
)
from ...finding.customers import DIGITS_INDEX, UNREADABLE_INDEX
from ...finding.statuses import merge_statuses
from ...following.by_hand import (
    find_gifts,
    find_gifts_of_new,
    find_receiving,
    is_for_somebody,
    is_import_of_files,
    note_gifts,
)
from ...following.merging import merging_for, take_over, take_over_closing
from ...live.queue import may_free, note_change, note_freed, note_new
from ...planning.merged import say_merged
from ...work.inside import get_inside

# A Domain in the form that Odoo optimizes to, so it is optimized once, not for each lead of a plan that is stored
NOT_PLANNED = Domain("state", "not in", OrderedSet(["planned"]))


# they say who was given a lead, when and by what, and how it was worked on
WRITTEN_BY_CODE = (
    "holder_id", "distribution_campaign_id", "distributed_on", "received_on", "import_batch_id", "last_worked_on",
    "status_closed_on", "classification", "is_open", "is_worked", "waits_for_me", "assignment_ids", "due_on",
    "can_decline",
)  # fmt: skip
# What decides whose workload a lead counts in
WORKLOAD_FIELDS = {"user_id", "open_user_id", "holder_id", "active", "type", "lead_status_id"}


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "lead.distribution.guard"]
    _written_by_code = frozenset(WRITTEN_BY_CODE)

    lead_status_id = fields.Many2one(
        "crm.lead.status",
        string="Lead status",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="How far the work on the lead is. Campaigns choose leads by it.",
    )
    status_closed_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When its lead status won or lost the lead. Empty: its lead status does not close it.",
        string="Closed by its lead status on",
    )
    source_date = fields.Date(
        default=fields.Date.context_today,
        index=True,
        help="When the lead came in. Campaigns choose leads by their age from this date.",
        string="Came in on",
    )
    open_user_id = fields.Many2one(
        "res.users",
        string="Opener",
        index="btree_not_null",
        help="Who works on the lead now. Without an opener, it is the salesperson.",
    )
    closer_id = fields.Many2one("res.users", help="Who is to close the deal.", string="Closer")
    holder_id = fields.Many2one(
        "res.users",
        string="Current salesperson",
        compute="_compute_holder_id",
        store=True,
        copy=False,
        index=True,
        help="The opener, or, without one, the salesperson.",
    )
    distribution_campaign_id = fields.Many2one(
        "lead.distribution.campaign",
        string="Handed out by",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    distributed_on = fields.Datetime(readonly=True, copy=False, string="Handed out on")
    received_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the present salesperson got the lead, by whatever way.",
        string="With this salesperson since",
    )
    due_on = fields.Datetime(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="By when the present salesperson has something to do with the lead. Empty: nothing is due.",
        string="Due",
    )
    assignment_ids = fields.One2many(
        "lead.distribution.assignment",
        "lead_id",
        string="Distribution history",
        domain=NOT_PLANNED,
        readonly=True,
        copy=False,
    )

    # what customers are looked up by: e-mails that Odoo cannot read, which are few, and phones
    _unreadable_email_idx = models.Index(UNREADABLE_INDEX)
    _opportunity_digits_idx = models.Index(DIGITS_INDEX)
    # what people were given by hand, for limits: the few leads that they have not from the last hand-out
    _given_idx = models.Index("(holder_id, received_on) WHERE received_on IS DISTINCT FROM distributed_on")

    @api.depends("open_user_id", "user_id")
    def _compute_holder_id(self):
        for lead in self:
            lead.holder_id = lead.open_user_id or lead.user_id

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        note_gifts(self.env, find_gifts_of_new(leads, vals_list))
        self._forget_workload()
        note_new(leads)
        return leads

    def _prepare_create_values(self, vals_list):
        """Odoo has checked by now what the caller may give; the moment is ours. Old data was not received just now."""
        now = fields.Datetime.now()
        if not is_import_of_files(self.env):
            vals_list = [
                {"received_on": now, **vals} if is_for_somebody(self.env, vals) else vals for vals in vals_list
            ]
        prepared = super()._prepare_create_values(vals_list)
        note_closing_of_new(self.env, prepared)  # afterwards, as its status may be a default
        return prepared

    def write(self, vals):
        """A lead that is given to somebody by hand was received, takes its opener along, and may be worked on.

        What a run writes says so itself (``distributed_on``, ``received_on``, ``open_user_id``).
        """
        gifts = find_gifts(self, vals)  # before anything of it is written
        receiving = find_receiving(self, vals)
        if receiving:  # first, so that one statement stores both; with full rights, as nobody else may set it
            receiving.check_access("write")
            received = not is_import_of_files(self.env) and fields.Datetime.now()
            super(CrmLead, receiving.sudo()).write({"received_on": received})
        is_by_run = "distributed_on" in vals or get_inside(self.env, DEADLINE)
        if "lead_status_id" in vals and not is_by_run:
            note_work(self.filtered(lambda lead: lead.lead_status_id.id != vals["lead_status_id"]))
        if "user_id" in vals and "open_user_id" not in vals:
            followed = self.filtered(lambda lead: lead.open_user_id and lead.open_user_id == lead.user_id)
            if followed:  # else who opened it would count as its holder; first, as afterwards it may be out of sight
                super(CrmLead, followed).write({"open_user_id": vals["user_id"]})
        touched = self.browse() if is_by_run else find_touched(self, vals)
        is_freeing = may_free(self, vals)
        outcomes = group_by_outcome(self) if "lead_status_id" in vals and "status_closed_on" not in vals else {}
        result = super().write(vals)  # all at once, as Odoo computes dates for the whole batch
        for moment, leads in find_closed(outcomes):
            super(CrmLead, leads).write({"status_closed_on": moment})  # one statement stores both
        note_gifts(self.env, gifts)
        if touched:
            note_first_action(self.env, touched.ids, self.env.user)
        if not is_by_run and is_watched(vals):
            follow_change(self)
        if WORKLOAD_FIELDS & vals.keys():
            self._forget_workload()
        note_change(self, vals)
        if is_freeing:
            note_freed(self.env)
        return result

    def unlink(self):
        is_freeing = may_free(self, None)
        result = super().unlink()
        self._forget_workload()
        if is_freeing:
            note_freed(self.env)
        return result

    @api.model
    def _forget_workload(self):
        """Have the workload of people counted anew when somebody asks for it next.

        The figures depend on all leads of a person, which no field of the person leads to.
        """
        self.env["res.users"].invalidate_model(["distribution_workload"], flush=False)
        self.env["lead.distribution.member"].invalidate_model(
            ["current_leads", "open_leads", "utilization"], flush=False
        )

    @api.ondelete(at_uninstall=False)
    def _note_deletion(self):
        """Rows of the history outlive their lead, and say what became of it."""
        note_in_history(self, self.env._("The lead was deleted after it was handed out."))
        end_of_leads(self)

    def _merge_get_fields_specific(self):
        """Who must not be called may not be called either under the lead that is left."""
        return {**super()._merge_get_fields_specific(), "lead_status_id": lambda _name, leads: merge_statuses(leads).id}

    def _merge_opportunity(self, user_id=False, team_id=False, auto_unlink=True, max_length=5):
        """Whom a merge names gets the lead by hand; else it stays with who had it, see ``_merge_dependences``."""
        head = super(CrmLead, merging_for(self, user_id))._merge_opportunity(user_id, team_id, auto_unlink, max_length)
        return head.with_env(self.env)

    def _merge_dependences(self, opportunities):
        """Rows of leads that are merged say into which one; they stay what they are, for figures and limits.

        A lead that nobody had is with whoever had the other since then, not since now: it is received once.
        """
        note_in_history(opportunities, say_merged(self.env, self.name, self.id))
        take_over(self, opportunities)
        take_over_closing(self, opportunities)
        return super()._merge_dependences(opportunities)
