# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..following.handover import check_may_hand_over, count_what_goes, find_campaign, tell_elsewhere
from ..following.open_leads import find_open_leads
from ..planning.newcomers import find_salespeople
from ..reporting.words import describe_left_over
from ..work.system import as_system


class LeadDistributionHandover(models.TransientModel):
    """Hands the open leads of a person who leaves to others: to whom, then the plan, then it is done."""

    _name = "lead.distribution.handover"
    _inherit = ["lead.distribution.form"]
    _description = "Hand Over Leads"

    user_id = fields.Many2one(
        "res.users", string="Leads of", required=True, domain="[('share', '=', False)]", context={"active_test": False}
    )
    next_ids = fields.Many2many(
        "res.users",
        "lead_distribution_handover_next_rel",
        "wizard_id",
        "user_id",
        string="Then",
        context={"active_test": False},
    )
    opportunities = fields.Boolean(default=True, string="Opportunities, too")
    activities = fields.Boolean(default=True, string="What is planned on them, too")
    holds = fields.Char(compute="_compute_holds", string="Open leads")
    elsewhere = fields.Char(compute="_compute_holds", string="What stays")
    way = fields.Selection(
        [("campaign", "By the way of sharing of a campaign"), ("people", "In equal shares to people I choose")],
        string="How",
        compute="_compute_campaign_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    campaign_id = fields.Many2one(
        "lead.distribution.campaign", compute="_compute_campaign_id", store=True, precompute=True, readonly=False
    )
    people_ids = fields.Many2many(
        "res.users",
        "lead_distribution_handover_people_rel",
        "wizard_id",
        "user_id",
        string="People",
        domain="[('id', 'in', salespeople_ids), ('id', '!=', user_id)]",
    )
    salespeople_ids = fields.Many2many("res.users", compute="_compute_salespeople_ids")
    run_id = fields.Many2one("lead.distribution.run", string="Plan", readonly=True, ondelete="set null")
    person_ids = fields.One2many(related="run_id.member_line_ids", string="Who gets how many")
    summary = fields.Char(compute="_compute_summary")
    leads_planned = fields.Integer(related="run_id.leads_planned")

    def _check_allowed(self):
        check_may_hand_over(self.user_id | self.next_ids)

    @api.depends("user_id", "opportunities")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_holds(self):
        for wizard in self:
            user = wizard.user_id._origin
            wizard.holds = wizard._tell_what_goes() if user else False
            leads = find_open_leads(user, self.env.companies, wizard.opportunities)
            wizard.elsewhere = tell_elsewhere(user, leads, wizard.opportunities) if user else False

    def _tell_what_goes(self):
        """Return in words what the person holds, and has planned."""
        _ = self.env._
        goes = count_what_goes(self.user_id._origin, self.opportunities)
        texts = [_("1 lead") if goes["leads"] == 1 else _("%s leads", goes["leads"])]
        if self.opportunities:
            count = goes["opportunities"]
            texts.append(_("1 opportunity") if count == 1 else _("%s opportunities", count))
        if goes["activities"]:
            count = goes["activities"]
            texts.append(_("1 planned activity") if count == 1 else _("%s planned activities", count))
        return ", ".join(texts)

    @api.depends("user_id")
    def _compute_campaign_id(self):
        for wizard in self:
            user = wizard.user_id._origin
            leads = find_open_leads(user, self.env.companies)
            wizard.campaign_id = find_campaign(user, leads) if user else False
            wizard.way = "campaign" if wizard.campaign_id else "people"

    @api.depends_context("allowed_company_ids")
    def _compute_salespeople_ids(self):
        self.salespeople_ids = find_salespeople(self.env, self.env.company)

    @api.depends("run_id")
    @api.depends_context("lang")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = " ".join(wizard._tell_plan()) if wizard.run_id else False

    def _tell_plan(self):
        """Return in sentences what the plan comes to."""
        _, run = self.env._, self.run_id
        people = len(run.member_line_ids.filtered("leads_received"))
        values = {"planned": run.leads_planned, "found": run.leads_found, "people": people}
        if run.leads_found == 1:
            yield _("The lead goes to 1 person.") if people else _("The lead goes to nobody.")
        elif people == 1:
            yield _("%(planned)s of %(found)s leads go to 1 person.", **values)
        else:
            yield _("%(planned)s of %(found)s leads go to %(people)s people.", **values)
        for reason, count in (run.left_over or {}).items():
            yield _("Stay: %(count)s (%(reason)s).", count=count, reason=describe_left_over(self.env, reason))

    @api.model
    def _ask(self, users):
        """Return the action that asks about these people, one after the other; nothing without anybody."""
        if not users:
            return None
        wizard = self.create({"user_id": users[0].id, "next_ids": [Command.set(users[1:].ids)]})
        return wizard._show()

    def _show(self):
        return self._get_form_action(self.env._("Hand over leads of %s", self.user_id.name))

    def action_plan(self):
        """Plan the handover, and show who would get how many."""
        self.ensure_one()
        self._forget_plan()
        if self.way == "people" and not self.people_ids:
            raise UserError(self.env._("Choose who takes over the leads of %s.", self.user_id.name))
        if self.way == "campaign" and not self.campaign_id:
            raise UserError(self.env._("Choose the campaign that shares the leads."))
        whom = {"user_ids": self.people_ids.ids} if self.way == "people" else {"campaign": self.campaign_id}
        self.run_id = self.user_id.plan_handover(opportunities=self.opportunities, activities=self.activities, **whom)
        return self._show()

    def action_apply(self):
        """Hand the leads over as planned; then the next person's."""
        self.ensure_one()
        self._check_allowed()
        if not self.leads_planned:
            raise UserError(self.summary or self.env._("Look at the plan first."))
        self.run_id.action_start()
        return self._ask(self.next_ids) or self.run_id._get_form_action()

    def action_open_plan(self):
        """Open the plan's own page, where each lead is listed."""
        self.ensure_one()
        if not self.run_id:
            return self.action_plan()
        return self.run_id._get_form_action()

    def action_back(self):
        """Forget the plan, and choose anew."""
        self.ensure_one()
        self._forget_plan()
        return self._show()

    def action_skip(self):
        """Leave this person's leads where they are; then the next person's."""
        self.ensure_one()
        self._forget_plan()
        return self._ask(self.next_ids) or {"type": "ir.actions.act_window_close"}

    def action_discard(self):
        """Forget the plan; nobody else is asked about."""
        self.ensure_one()
        self._forget_plan()
        return {"type": "ir.actions.act_window_close"}

    def _forget_plan(self):
        """Remove a plan of this form that was never applied."""
        run = self.run_id
        if (run.state, run.origin, run.leaver_id) == ("planned", "handover", self.user_id):
            check_may_hand_over(self.user_id)
            as_system(run).unlink()
        self.run_id = False
