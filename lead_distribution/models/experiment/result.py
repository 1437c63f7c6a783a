from odoo import api, fields, models
from odoo.exceptions import UserError

from ...experiments.adopt import adopt
from ...experiments.ahead import Plan, find_inflow, find_present, find_weeks, propose_leads
from ...experiments.checks import check_plan
from ...experiments.in_step import write_strategy
from ...experiments.listed import describe_listed
from ...experiments.result import get_numbers
from ...experiments.watch import look, look_daily
from ...experiments.words import describe
from ...names import OPEN_EXPERIMENTS
from ...tools.limits import check_values
from ...work.rights import check_manager
from ...work.system import as_system

# what the verdict is about: whoever could change it afterwards could choose the winner
FIXED = ("campaign_id", "share_b", "seed", "measure", "days", "action_hours", "points", "planned_leads")


class LeadDistributionExperiment(models.Model):
    """How many leads it takes, what came of them, and what is said of it."""

    _inherit = "lead.distribution.experiment"

    present_rate = fields.Float(
        compute="_compute_present_rate",
        store=True,
        digits=(16, 4),
        string="Present rate",
        help="Of the campaign's leads of the last half year, as a fraction. Without a history 0.1.",
    )
    leads_a_week = fields.Float(compute="_compute_plan", digits=(16, 1), string="Leads a week")
    weeks = fields.Integer(compute="_compute_plan", string="Weeks until the verdict", help="0: nobody can say.")
    plan_words = fields.Text(compute="_compute_plan", string="What it takes")
    warning = fields.Char(compute="_compute_plan")

    leads_dealt = fields.Integer(compute="_compute_listed", string="Leads handed out")
    verdict_words = fields.Char(compute="_compute_listed", string="Verdict")
    result = fields.Json(compute="_compute_result")

    @api.depends("campaign_id", "measure", "days", "action_hours")
    def _compute_present_rate(self):
        for experiment in self:
            if experiment.state == "draft":
                experiment.present_rate = find_present(experiment).rate
            else:  # that with which it was planned
                experiment.present_rate = experiment.present_rate

    @api.depends("campaign_id", "points", "measure", "share_b", "days", "action_hours")
    def _compute_planned_leads(self):
        for experiment in self:
            if experiment.state == "draft":
                experiment.planned_leads = propose_leads(experiment, find_present(experiment))
            else:
                experiment.planned_leads = experiment.planned_leads

    @api.depends("campaign_id", "points", "measure", "share_b", "days", "action_hours", "planned_leads", "state")
    @api.depends_context("lang")
    def _compute_plan(self):
        for experiment in self:
            if experiment.state != "draft" or not experiment.campaign_id:
                experiment.update({"leads_a_week": 0, "weeks": 0, "plan_words": False, "warning": False})
                continue
            inflow = find_inflow(experiment.campaign_id._origin)
            plan = Plan(experiment, find_present(experiment), inflow)
            experiment.leads_a_week = inflow
            experiment.weeks = find_weeks(experiment, inflow)
            experiment.plan_words = plan.tell()
            experiment.warning = plan.warn()

    @api.depends("state", "kept_result", "planned_leads")
    @api.depends_context("lang", "tz")
    def _compute_listed(self):
        found = describe_listed(self)
        for experiment in self:
            experiment.leads_dealt, experiment.verdict_words = found[experiment]

    @api.depends("state", "kept_result")
    @api.depends_context("lang", "tz")
    def _compute_result(self):
        for experiment in self:
            shown = experiment._origin
            experiment.result = describe(shown, get_numbers(shown)) if shown and shown.state != "draft" else False

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_plan(self, vals)
        return super().create(vals_list)

    def write(self, vals):
        check_plan(self, vals)
        if given := [name for name in FIXED if name in vals]:
            check_values(self, [vals])  # what cannot be read cannot be compared
            for experiment in self.filtered(lambda experiment: experiment.state != "draft"):
                changed = [name for name in given if experiment._differs(name, vals[name])]
                if changed:
                    raise UserError(experiment._tell_fixed(changed[0]))
        if "campaign_id" in vals:  # of another campaign way B begins anew
            moved = self.filtered(lambda experiment: experiment._differs("campaign_id", vals["campaign_id"]))
            as_system(moved.variant_id).unlink()
        result = super().write(vals)
        if "campaign_id" in vals:
            check_manager(self.campaign_id)  # as of a new one
        if "strategy_b" in vals:
            write_strategy(as_system(self))
        return result

    def _differs(self, name, value):
        field = self._fields[name]
        return field.convert_to_write(self[name], self) != field.convert_to_write(
            field.convert_to_record(field.convert_to_cache(value, self), self), self
        )

    def _tell_fixed(self, name):
        label = self._fields[name]._description_string(self.env)
        return self.env._("“%s” cannot be changed after the start: plan another experiment instead.", label)

    def get_result(self):
        """Return what came of both ways so far, JSON-ready; of an experiment that has ended, what was kept.

        :return: dict of ``a`` and ``b`` (each ``leads``, ``conversions``, ``rate``, ``low``, ``high``), ``difference``,
            ``low``, ``high`` (of B − A; rates and differences are fractions), ``verdict`` (a sentence), and what
            the page shows besides: ``measures``, ``balance``, ``changed_hands`` …
        """
        self.ensure_one()
        self.check_access("read")
        look(self, for_harm=False)
        return describe(self, get_numbers(self))

    def action_adopt(self, arm="b"):
        """Make a way the campaign's setting; open the campaign.

        :param arm: "a" or "b"
        """
        self.ensure_one()
        self._check_manager()
        if arm not in ("a", "b"):
            raise UserError(self.env._("Choose way A or way B."))
        adopt(self, arm)
        return {
            "type": "ir.actions.act_window",
            "res_model": "lead.distribution.campaign",
            "res_id": self.campaign_id.id,
            "views": [(False, "form")],
        }

    @api.model
    def _cron_watch(self):
        """Take the experiments that run as far as they are."""
        look_daily(self.search([("state", "in", OPEN_EXPERIMENTS)]))
