from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..live.by_hand import explain
from ..planning.by_hand import list_refusals, prepare_by_hand
from ..planning.newcomers import find_salespeople
from ..reporting.words import describe_left_over
from ..work.rights import check_manager
from ..work.system import as_system


class CrmLeadDistribute(models.TransientModel):
    """Hand out the selected leads: by the rules of a campaign, or to people one chooses. First there is a plan."""

    _name = "crm.lead.distribute"
    _inherit = ["lead.distribution.form"]
    _description = "Distribute Selected Leads"

    way = fields.Selection(
        [("campaign", "By the rules of a campaign"), ("people", "To people I choose")],
        string="How",
        default=lambda self: "campaign" if self._default_campaign_id() else "people",
        required=True,
    )
    campaign_id = fields.Many2one(
        "lead.distribution.campaign",
        default=lambda self: self._default_campaign_id(),
    )
    lead_ids = fields.Many2many(
        "crm.lead", default=lambda self: self._default_lead_ids(), context={"active_test": False}
    )
    lead_count = fields.Integer(compute="_compute_lead_count", string="Number of leads")
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids", string="Members to choose from")
    user_ids = fields.Many2many(
        "res.users",
        "crm_lead_distribute_user_rel",
        "wizard_id",
        "user_id",
        string="Only to",
        domain="[('id', 'in', candidate_ids)]",
        help="Empty: everybody of the campaign who can receive leads.",
    )
    people_ids = fields.Many2many(
        "res.users",
        "crm_lead_distribute_people_rel",
        "wizard_id",
        "user_id",
        string="People",
        domain="[('id', 'in', salespeople_ids)]",
    )
    notice = fields.Char(
        compute="_compute_notice",
        string="Away or full",
        help="Who of the chosen people it is; they get leads all the same.",
    )
    salespeople_ids = fields.Many2many("res.users", compute="_compute_salespeople_ids")
    sharing = fields.Selection(
        [
            ("round_robin", "One each in turn"),
            ("least_loaded", "First to who is furthest below the target"),
            ("random", "By chance, one each"),
        ],
        default="round_robin",
        required=True,
    )
    run_id = fields.Many2one("lead.distribution.run", string="Plan", readonly=True, ondelete="set null")
    summary = fields.Char(compute="_compute_summary")
    hands_out = fields.Boolean(compute="_compute_hands_out", string="Hands out leads")
    person_ids = fields.One2many(related="run_id.member_line_ids", string="Who gets how many")
    refusal_ids = fields.One2many("crm.lead.distribute.refusal", "wizard_id", string="Not handed out")

    def _default_campaign_id(self):
        return self.env["lead.distribution.campaign"].search([], limit=1)

    def _default_lead_ids(self):
        if self.env.context.get("active_model") != "crm.lead":
            return False
        return [Command.set(self.env.context.get("active_ids", []))]

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        for wizard in self:
            wizard.lead_count = len(wizard.lead_ids)

    @api.depends("campaign_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = wizard.campaign_id.member_ids.filtered("active").user_id

    @api.depends("way", "people_ids")
    @api.depends_context("lang", "tz")
    def _compute_notice(self):
        for wizard in self:
            people = wizard.people_ids._origin if wizard.way == "people" else wizard.people_ids.browse()
            wizard.notice = ". ".join(explain(people, coming=1)) or False

    @api.depends_context("allowed_company_ids")
    def _compute_salespeople_ids(self):
        self.salespeople_ids = find_salespeople(self.env, self.env.company)

    @api.depends("run_id", "lead_count", "refusal_ids.count")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = " ".join(wizard._tell_plan()) if wizard.run_id else ""

    @api.depends("run_id.leads_planned", "run_id.leads_dropped_back")
    def _compute_hands_out(self):
        for wizard in self:
            wizard.hands_out = bool(wizard.run_id.leads_planned or wizard.run_id.leads_dropped_back)

    def _tell_plan(self):
        """Return in sentences what the plan comes to."""
        run, people = self.run_id, len(self.run_id.member_line_ids.filtered("leads_received"))
        values = {"planned": run.leads_planned, "count": self.lead_count, "people": people}
        if self.lead_count == 1:
            yield (
                self.env._("The selected lead goes to 1 person.")
                if run.leads_planned
                else self.env._("The selected lead would not be handed out.")
            )
        elif not run.leads_planned:
            yield self.env._("None of the %s selected leads would be handed out.", self.lead_count)
        elif people == 1:
            yield self.env._("%(planned)s of %(count)s selected leads go to 1 person.", **values)
        else:
            yield self.env._("%(planned)s of %(count)s selected leads go to %(people)s people.", **values)
        if run.leads_dropped_back:
            yield self.env._("Too old, and dropped back: %s.", run.leads_dropped_back)
        for reason, count in (run.left_over or {}).items():
            yield self.env._("Left over: %(count)s (%(reason)s).", count=count,
                             reason=describe_left_over(self.env, reason).lower())  # fmt: skip

    def action_plan(self):
        """Plan the distribution of these leads, and show who would get how many, and what speaks against others."""
        self.ensure_one()
        self._plan()
        return self._get_form_action(self.env._("Distribute"))

    def action_apply(self):
        """Hand the leads out as planned; where other steps are left aside than in the plan, show the new plan first."""
        self.ensure_one()
        if not self._is_up_to_date():
            return self.action_plan()
        if not self.hands_out:
            raise UserError(self.summary)
        self.run_id.action_start()
        return self.run_id._get_form_action()

    def action_simulate(self):
        """Plan the distribution of these leads, and open the plan's own page."""
        self.ensure_one()
        if not self._is_up_to_date():
            self._plan()
        return self.run_id._get_form_action()

    def action_back(self):
        """Forget the plan, and choose anew."""
        self.ensure_one()
        self._forget_plan()
        self.refusal_ids.unlink()
        return self._get_form_action(self.env._("Distribute"))

    def action_discard(self):
        self.ensure_one()
        self._forget_plan()
        return {"type": "ir.actions.act_window_close"}

    def _plan(self):
        """Make the plan anew, as a run that was not applied."""
        if not self.lead_ids:
            raise UserError(self.env._("Select the leads to distribute first."))
        self._forget_plan()
        campaign, override = self._get_campaign(), self._list_override()
        people = self.people_ids if self.way == "people" else self.user_ids
        run = campaign.simulate(
            lead_ids=self.lead_ids.ids,
            user_ids=people.ids or None,
            override=override or None,
            strategy=self.sharing if self.way == "people" else None,
        )
        if run.error:  # undone with the error: there is nothing to keep
            raise UserError(run.error)
        as_system(run).origin = "selection"
        self.run_id = run.id
        refusals = list_refusals(as_system(campaign), self.lead_ids, override, as_system(campaign)._get_filter_steps)
        self.refusal_ids = [Command.clear(), *(Command.create(refusal) for refusal in refusals)]

    def _get_campaign(self):
        if self.way == "people":
            if not self.people_ids:
                raise UserError(self.env._("Choose the people who are to receive the leads."))
            return prepare_by_hand(self.people_ids)
        if not self.campaign_id:
            raise UserError(self.env._("Choose the campaign whose rules apply."))
        return self.campaign_id

    def _list_override(self):
        return self.refusal_ids.filtered("override").mapped("step")

    def _is_up_to_date(self):
        """Whether there is a plan, with the steps left aside that are ticked now."""
        kept = as_system(self.run_id).options or {}
        return self.run_id.state == "planned" and set(kept.get("override") or ()) == set(self._list_override())

    def _forget_plan(self):
        """Remove a plan of this form that was never applied."""
        run = self.run_id
        if run and run.state == "planned":
            check_manager(run.campaign_id)
            as_system(run).unlink()
        self.run_id = False


class CrmLeadDistributeRefusal(models.TransientModel):
    """A step that keeps selected leads from being handed out, and whether it is left aside for them."""

    _name = "crm.lead.distribute.refusal"
    _inherit = ["lead.distribution.typed"]
    _description = "Why Selected Leads Are Not Handed Out"

    wizard_id = fields.Many2one("crm.lead.distribute", required=True, ondelete="cascade")
    step = fields.Char(readonly=True)
    name = fields.Char(string="Why not", readonly=True)
    count = fields.Integer(string="Leads", readonly=True)
    examples = fields.Text(string="For example", readonly=True)
    is_firm = fields.Boolean(readonly=True, string="Cannot be set aside")
    override = fields.Boolean(string="Hand out anyway")
