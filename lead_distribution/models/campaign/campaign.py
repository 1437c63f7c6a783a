from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.zones import pick_zone
from ...experiments.course import keep_ways_b
from ...names import AFTERWARDS, MANAGERS, RUN_STATES
from ...reporting.coverage import tell_gaps
from ...reporting.readers import find_responsible
from ...reporting.waiting import count_waiting
from ...tools.clock import format_moment
from ...tools.companies import refuse_all_companies
from ...tools.limits import LONGEST_DAYS
from ...work.rights import check_manager

NO_RUNS = ("planned", "cancelled")  # states of runs that handed out nothing, unless they were stopped half-way


class LeadDistributionCampaign(models.Model):
    """A sales initiative ("Voice", "Apple"): its people, the leads it takes, and how they are shared.

    Not a marketing campaign: that is ``campaign_id`` (``utm.campaign``) on the lead. And
    not a status: a campaign decides who gets leads, statuses decide which leads qualify.
    """

    _name = "lead.distribution.campaign"
    _description = "Lead Distribution Campaign"
    _inherit = [
        "lead.distribution.typed",
        "lead.distribution.partly.open",
        "lead.distribution.aside",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "sequence, id"

    _check_company_auto = True
    _campaign_column = "id"
    _named_by = frozenset({"id", "variant_of_id"})
    _limits = {
        "own_domain": 10_000,
        "retry_delay": (-3600, 3600),
        "max_retries": (0, 100),
        "sales_days": (0, LONGEST_DAYS),
        "override_lead_count": (0, 999_999_999),
        "override_people_count": (0, 999_999_999),
    }
    _authors = {"own_domain": "own_domain_user_id"}

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    is_by_hand = fields.Boolean(
        readonly=True,
        copy=False,
        help="Leads that are handed to chosen people without the rules of a campaign go through this one.",
        string="Hands out by hand",
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    description = fields.Text()
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: find_responsible(self.env.user, self.env.company),
        domain="[('share', '=', False)]",
        tracking=True,
        help="Hears of failures, and of leads nobody could take. Who cannot log in any more hears nothing: then it is "
        "a sales manager of the company.",
    )
    member_ids = fields.One2many(
        "lead.distribution.member",
        "campaign_id",
        string="Members",
        context={"active_test": False},
        copy=True,
    )
    member_count = fields.Integer(compute="_compute_member_count", string="Number of members")
    level_ids = fields.One2many("lead.distribution.level", "campaign_id", string="Own levels", copy=True)
    run_ids = fields.One2many("lead.distribution.run", "campaign_id", string="Runs")
    run_count = fields.Integer(compute="_compute_runs", string="Number of runs")
    last_run_id = fields.Many2one("lead.distribution.run", compute="_compute_runs", string="Last run")
    last_run_state = fields.Selection(RUN_STATES, compute="_compute_runs", string="State of the last run")
    last_found = fields.Integer(compute="_compute_runs", string="Found")
    last_distributed = fields.Integer(compute="_compute_runs", string="Handed out")
    last_put_back = fields.Integer(compute="_compute_runs", string="Put back")
    last_kept = fields.Integer(compute="_compute_runs", string="Not put back")
    last_left = fields.Integer(compute="_compute_runs", string="Left over")
    last_warning_count = fields.Integer(compute="_compute_runs", string="Warnings of the last run")
    last_run_words = fields.Char(
        compute="_compute_runs", string="Ran last", help="By the clock of the campaign's time zone."
    )
    waiting_count = fields.Integer(compute="_compute_runs", string="Leads that wait")

    # what is written
    status_reset_id = fields.Many2one(
        "crm.lead.status",
        string="Set status to",
        help="A lead that is handed out starts again with this status. Empty: it keeps its own.",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Set team to",
        check_company=True,
        help="Sales team of the leads handed out. Empty: each lead keeps its own.",
    )
    chatter = fields.Selection(
        [
            ("none", "Nothing"),
            ("note", "A note on each lead"),
            ("full", "Note with the change of salesperson"),
        ],
        string="Write to the chatter",
        default="none",
        required=True,
        help="The history of distributions is always kept. Notes on every lead make a run slower.",
    )

    odoo_assignment_active = fields.Boolean(compute="_compute_odoo_assignment_active", string="Odoo assigns leads, too")
    warning_text = fields.Text(
        string="Warnings",
        compute="_compute_warning_text",
        groups=MANAGERS,
        help="Settings that do not work as they were probably meant; each run tells them, too.",
    )
    gap_text = fields.Char(
        string="When nobody is there",
        compute="_compute_warning_text",
        groups=MANAGERS,
        help="In the next seven days, within the hours in which somebody usually works.",
    )
    has_config_notes = fields.Boolean(
        compute="_compute_warning_text", groups=MANAGERS, string="Has notes of the configuration"
    )

    _by_hand_idx = models.UniqueIndex("(company_id) WHERE is_by_hand")
    _by_hand_archived = models.Constraint(
        "CHECK (NOT (is_by_hand AND active))",
        "What is handed out by hand goes through this campaign: it has no rules of its own, and stays archived.",
    )

    @api.depends("member_ids.active", "member_ids.user_id.active")
    def _compute_member_count(self):
        counts = dict(
            self.env["lead.distribution.member"]._read_group(
                [("campaign_id", "in", self.ids), ("user_id.active", "=", True)],
                ["campaign_id"],
                ["__count"],
            )
        )
        for campaign in self:
            edited = campaign.member_ids.filtered(lambda m: m.active and m.user_id.active) if not campaign.id else ()
            campaign.member_count = len(edited) or counts.get(campaign, 0)

    @api.depends("run_ids.state", "run_ids.leads_put_back", "tz")
    @api.depends_context("lang")
    def _compute_runs(self):
        """How many runs there are, what became of the last one that was more than a plan, and how much waits.

        What comes after the hand-out is none of them: lists of runs and the dashboard leave it out, too.
        """
        runs = self.env["lead.distribution.run"]
        by = ["campaign_id", "state", "is_applied"]
        own_runs = [("campaign_id", "in", self.ids), ("origin", "not in", AFTERWARDS)]
        groups = runs._read_group(own_runs, by, ["__count", "id:max"])
        waiting = count_waiting(self._origin)
        for campaign in self:
            campaign.waiting_count = waiting.get(campaign._origin, 0)
            own = [(state not in NO_RUNS or applied, *rest) for owner, state, applied, *rest in groups
                   if owner == campaign._origin]  # fmt: skip
            run = runs.browse(max((last for counts, _count, last in own if counts), default=()))
            campaign.run_count = sum(count for _counts, count, _last in own)
            campaign.last_run_id = run
            campaign.last_run_state = run.state
            campaign.last_found = run.leads_found
            campaign.last_distributed = run.leads_distributed
            campaign.last_put_back = run.leads_put_back
            campaign.last_kept = run.leads_kept
            campaign.last_left = run.leads_not_distributed
            campaign.last_warning_count = len(run.warnings or [])
            campaign.last_run_words = format_moment(self.env, run.started_on or run.create_date, pick_zone(campaign.tz))

    def _compute_odoo_assignment_active(self):
        """Whether Odoo's own rule-based assignment hands out leads, too."""
        cron = self.env.ref("crm.ir_cron_crm_lead_assign", raise_if_not_found=False)
        # settings and schedules are the administrator's, what they do concerns managers
        enabled = self.env["ir.config_parameter"].sudo().get_param("crm.lead.auto.assignment")
        self.odoo_assignment_active = bool(enabled and cron and cron.sudo().active)

    @api.depends_context("lang")
    def _compute_warning_text(self):
        for campaign in self:
            saved = campaign._origin.sudo()  # a run, too, tells what is so, whoever starts it
            campaign.warning_text = "\n".join(saved._get_warnings()) if saved else False
            campaign.gap_text = tell_gaps(saved, fields.Datetime.now())
            campaign.has_config_notes = any(note.get("lasting") for note in saved.config_report or [])

    def action_forget_config_notes(self):
        """Take the notes of the last configuration as read: they are no warnings any more."""
        for campaign in self:
            campaign.config_report = [{**note, "lasting": False} for note in campaign.config_report or []]

    def copy(self, default=None):
        """Members of a copy have the copy's own levels, not those of the original."""
        copies = super().copy(default)
        for campaign, copy in zip(self, copies, strict=True):
            levels = {level.code: level for level in copy.level_ids}
            own = {m.user_id: m.level_id.code for m in campaign.member_ids if m.level_id.campaign_id}
            for member in copy.member_ids.filtered(lambda m, own=own: m.user_id in own):
                member.level_id = levels[own[member.user_id]]
        return copies

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for campaign, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", campaign.name)
            vals["frequency"] = "manual"  # two equal schedules would compete for the leads
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_only_without_runs(self):
        if self.run_ids:
            raise UserError(self.env._("A campaign that has run is part of the history: archive it instead."))
        self.experiment_ids.unlink()  # those that are running refuse
        keep_ways_b(self)
        self.filtered("is_live").is_live = False

    @api.constrains("company_id")
    def _check_company_of_parts(self):
        """Members and rules are of the campaign's company; Odoo looks at them only when they are written themselves."""
        self.with_context(active_test=False).member_ids._check_company()
        self.dropback_rule_ids._check_company()

    @api.constrains("company_id")
    def _check_company_scope(self):
        refuse_all_companies(self.env, [campaign.company_id for campaign in self])
        is_system = self.env.uid == SUPERUSER_ID
        for company in self.company_id:
            if not is_system and company not in self.env.user.company_ids:
                raise ValidationError(
                    self.env._("You do not work for %s, so your campaigns cannot be of that company.", company.name)
                )

    def action_view_runs(self):
        self.ensure_one()
        check_manager(self)
        action = self.env["ir.actions.act_window"]._for_xml_id("lead_distribution.lead_distribution_run_action")
        action["domain"] = [("campaign_id", "=", self.id)]
        action["context"] = {"default_campaign_id": self.id, "search_default_own": 1}
        return action

    def action_view_members(self):
        self.ensure_one()
        check_manager(self)
        action = self.env["ir.actions.act_window"]._for_xml_id("lead_distribution.lead_distribution_member_action")
        action["domain"] = [("campaign_id", "=", self.id)]
        action["context"] = {"default_campaign_id": self.id, "active_test": False, "search_default_active": 1}
        return action
