from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ...names import ASIDE, DROPPED, GIVEN, MANAGERS, NOT_DROPPED, RUN_STATES
from ...planning.request import PlanRequest
from ...planning.rows import count_put, find_progress
from ...reporting.words import describe_left_over, describe_origin
from ...tools.actions import open_leads, open_list
from ...work.inside import get_inside
from ...work.rights import check_manager
from ...work.system import as_system
from ..base.choices import choices_of_campaign

ASSIGNMENTS = "lead_distribution_assignment_action"


class LeadDistributionRun(models.Model):
    """One plan, and what became of it.

    planned (a dry run: can be read, compared, applied later) → applying → done → reverted;
    or cancelled before or while it is applied; or failed, with the error.
    Nobody edits a run: its methods write with full rights after checking the caller's.
    """

    _name = "lead.distribution.run"
    _inherit = ["lead.distribution.partly.open"]
    _description = "Distribution Run"
    _order = "id desc"

    name = fields.Char(compute="_compute_name", compute_sudo=True)  # salespeople read whose leads they got
    campaign_id = fields.Many2one("lead.distribution.campaign", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", index=True)
    state = fields.Selection(RUN_STATES, default="planned", required=True, index=True)
    origin = fields.Selection(
        [
            ("manual", "By hand"),
            ("schedule", "Schedule"),
            ("selection", "Selected leads"),
            ("import", "Import"),
            ("live", "As they come"),
            ("take_back", "Taken back"),
            ("decline", "Declined"),
            ("pull", "Pulled"),
            ("cover", "Cover"),
            ("cover_return", "Back from cover"),
            ("handover", "Handover"),
        ],
        default="manual",
        required=True,
        string="Started by",
    )
    import_batch_id = fields.Many2one(
        "lead.import.batch", string="Import", ondelete="set null", index="btree_not_null", groups=MANAGERS
    )
    absence_id = fields.Many2one(
        "lead.distribution.absence", string="Absence", ondelete="set null", index="btree_not_null", groups=MANAGERS
    )
    leaver_id = fields.Many2one(
        "res.users", string="Leads of", ondelete="set null", help="Whose leads go to others, or come back."
    )
    cover_state = fields.Selection(
        [("open", "With others"), ("ending", "To come back"), ("over", "Ended")],
        readonly=True,
        copy=False,
        string="Leads of the cover",
        help="Whether leads that others took over are still to come back.",
        groups=MANAGERS,
    )
    moves_activities = fields.Boolean(
        string="Activities go along",
        readonly=True,
        groups=MANAGERS,
        help="What this person has planned on the leads goes to who receives them.",
    )
    user_id = fields.Many2one("res.users", string="User", index="btree_not_null")
    strategy = fields.Selection(
        selection=choices_of_campaign("strategy"),
        required=True,
    )
    distribution_order = fields.Char(string="Who is first")
    seed = fields.Integer(help="The same leads, people and seed give the same plan.", groups=MANAGERS)
    options = fields.Json(groups=MANAGERS)
    distribution_date = fields.Date(string="Date", index=True)
    date_from = fields.Date(string="Window from")
    date_to = fields.Date(string="Window to")

    leads_found = fields.Integer(string="Found")
    leads_planned = fields.Integer(string="Planned")
    leads_distributed = fields.Integer(string="Handed out", compute="_compute_counts", store=True)
    leads_not_distributed = fields.Integer(string="Left over", compute="_compute_counts", store=True)
    leads_done = fields.Integer(readonly=True, string="Leads written")
    leads_dropped_back = fields.Integer(
        string="Dropped back", help="Old leads that went to the person for their web source."
    )
    dropback_failed = fields.Integer(
        string="Not dropped back", help="Old leads that could not be written; their rows say why."
    )
    dropback_seconds = fields.Float(string="Seconds for dropback", help="What dropping back took, as a part of all.")
    leads_beyond = fields.Integer(
        string="Older than the time window",
        help="Older leads that were looked at, because dropback is on.",
        groups=MANAGERS,
    )
    leads_in_range = fields.Integer(
        string="In range",
        compute="_compute_leads_in_range",
        help="Leads of the type and the window, before any rule; without older ones that dropback looks at.",
        groups=MANAGERS,
    )
    leads_looked_at = fields.Integer(
        string="Looked at",
        compute="_compute_leads_in_range",
        help="All leads of the campaign's type, those outside its window included; of selected leads each one.",
        groups=MANAGERS,
    )
    outside = fields.Json(
        help="Reason → leads that the rules did not come to: outside the time window; or, of selected ones, no such "
        "leads.",
        groups=MANAGERS,
        string="Outside the time window",
    )
    efficiency = fields.Float(string="Efficiency (%)", compute="_compute_counts", store=True, aggregator="avg")
    exclusions = fields.Json(
        help="Reason → number of leads that were not taken.", groups=MANAGERS, string="Left out, by reason"
    )
    sales_by_stage = fields.Json(
        help="Stage → leads that left because of an opportunity in it.", groups=MANAGERS, string="Customers, by stage"
    )
    warnings = fields.Json(help="Settings that did not work as they were probably meant.", groups=MANAGERS)
    left_over = fields.Json(
        help="Reason → number of leads found but handed to nobody.", groups=MANAGERS, string="Left over, by reason"
    )
    left_over_leads = fields.Json(
        prefetch=False,
        help="Reason → ids of these leads, of very many the first ones.",
        groups=MANAGERS,
        string="Left over, which leads",
    )
    left_over_rest = fields.Json(
        prefetch=False, help="Reason → ids of the others, as ranges.", groups=MANAGERS, string="Left over, not kept"
    )
    rules_on = fields.Json(
        prefetch=False,
        help="The rules that were on when the run was planned: names and values.",
        groups=MANAGERS,
        string="Rules that were on",
    )
    left_out = fields.Json(
        help="Member → why this person receives nothing.", groups=MANAGERS, string="Who could not receive"
    )
    error = fields.Text(groups=MANAGERS)

    planning_seconds = fields.Float(string="Seconds of planning")
    applying_seconds = fields.Float(string="Seconds of handing out")
    started_on = fields.Datetime(string="Started on")
    finished_on = fields.Datetime(string="Finished on")
    reverted_on = fields.Datetime(string="Put back on")
    is_growing = fields.Boolean(
        readonly=True, copy=False, help="Leads are added until the day is over.", string="Grows"
    )
    reverting_since = fields.Datetime(
        readonly=True, help="Set while leads are being put back.", string="Being put back since"
    )

    member_line_ids = fields.One2many("lead.distribution.run.member", "run_id", string="Salespeople")
    assignment_ids = fields.One2many("lead.distribution.assignment", "run_id", string="Assignments")
    progress = fields.Float(compute="_compute_progress", compute_sudo=True)
    overview = fields.Json(compute="_compute_overview", groups=MANAGERS)

    _applying_idx = models.Index("(id) WHERE state = 'applying'")
    # of those whose leads come back, and of those that are told of
    _cover_idx = models.Index("(leaver_id) WHERE cover_state IN ('open', 'ending')")
    _growing_idx = models.Index("(id) WHERE is_growing")
    _reverting_idx = models.Index("(id) WHERE reverting_since IS NOT NULL")
    # two at once would pass the limits of both; imports plan for themselves
    _one_applying_idx = models.UniqueIndex(
        f"(campaign_id) WHERE state = 'applying' AND origin NOT IN {ASIDE}",
        "Another run of this campaign is being applied: let it end, or stop it first.",
    )
    _campaign_idx = models.Index("(campaign_id, id DESC)")

    @api.depends("campaign_id.name", "distribution_date", "origin", "leaver_id.name")
    @api.depends_context("lang")
    def _compute_name(self):
        for run in self:
            day = format_date(self.env, run.distribution_date) if run.distribution_date else ""
            day = ", ".join(filter(None, (day, describe_origin(run))))
            run.name = f"{run.campaign_id.name} {day} #{run.id or ''}"

    @api.depends("leads_found", "leads_planned", "leads_done", "state")
    def _compute_counts(self):
        for run in self:
            is_plan = run.state in ("planned", "applying")
            run.leads_distributed = run.leads_planned if is_plan else run.leads_done
            run.leads_not_distributed = run.leads_found - run.leads_distributed
            run.efficiency = round(run.leads_distributed / run.leads_found * 100, 2) if run.leads_found else 0

    @api.depends("outside", "exclusions", "leads_found", "leads_dropped_back", "dropback_failed", "leads_beyond")
    def _compute_leads_in_range(self):
        for run in self:
            excluded = sum((run.exclusions or {}).values())
            through_steps = run.leads_found + excluded + run.leads_dropped_back + run.dropback_failed
            run.leads_in_range = through_steps - run.leads_beyond
            run.leads_looked_at = through_steps + sum((run.outside or {}).values())

    def _compute_progress(self):
        for run in self:
            batch = run.import_batch_id
            if run.reverting_since:
                handed_out = run.leads_done + run.leads_dropped_back
                run.progress = (handed_out - count_put(run)) / handed_out * 100 if handed_out else 100
            elif run.state not in ("applying", "failed"):
                run.progress = 100
            elif run.origin == "import":
                run.progress = batch.rows_done / batch.rows_to_do * 100 if batch.rows_to_do else 100
            else:
                run.progress = find_progress(run)

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": self.name,
        }

    def action_view_assignments(self):
        self.ensure_one()
        self.check_access("read")
        domain = [("run_id", "=", self.id), ("kind", "in", GIVEN)]
        return open_list(self.env, ASSIGNMENTS, domain, self.env._("Assignments of %s", self.name))

    def action_view_step(self, step):
        """Open the leads that a step refuses, as the rules and the leads are now."""
        self.ensure_one()
        check_manager(self.campaign_id)
        if step in (DROPPED, NOT_DROPPED):
            return self.action_view_dropback(step == NOT_DROPPED)
        ids = as_system(self.campaign_id)._get_refused_ids(step, PlanRequest.read(self.options))
        return open_leads(self.env, [("id", "in", ids)], self.campaign_id._name_steps([step]).get(step, step))

    def action_view_dropback(self, only_failed=False):
        """Open what the run drops back.

        :param only_failed: what it could not
        """
        self.ensure_one()
        self.check_access("read")
        domain = [("run_id", "=", self.id), ("kind", "=", "dropback")]
        if only_failed:
            domain.append(("state", "=", "failed"))
        return open_list(self.env, ASSIGNMENTS, domain, self.env._("Dropped back by %s", self.name))

    def action_view_left_over(self, reason):
        """Open the leads of one reason; of very many, the first ones."""
        self.ensure_one()
        check_manager(self.campaign_id)
        ids = (self.left_over_leads or {}).get(reason)
        if not ids:
            raise UserError(self.env._("The leads of this reason were not kept."))
        return open_leads(self.env, [("id", "in", ids)], describe_left_over(self.env, reason))

    @api.ondelete(at_uninstall=False)
    def _unlink_only_never_applied(self):
        """History cannot be deleted by anybody but the clean-up."""
        if self.env.su and get_inside(self.env, "lead_distribution_clean_up"):
            return
        # rows of all companies count
        carried_out = self.env["lead.distribution.assignment"].sudo().search_count(
            [("run_id", "in", self.ids), ("state", "not in", ("planned", "skipped"))], limit=1
        )  # fmt: skip
        if carried_out or any(run.state not in ("planned", "cancelled") or run.leads_done for run in self):
            raise UserError(self.env._("A run that was applied is history and cannot be deleted."))
