from datetime import timedelta

from odoo import api, fields, models

from ..experiments.checks import LIMITS, LONGEST
from ..experiments.in_time import compare_periods, tell_warning
from ..experiments.outcomes import Terms
from ..finding.scope import get_today
from ..names import MEASURES
from ..reporting.periods import Period

DAYS = 90  # of each period


class LeadDistributionInTime(models.TransientModel):
    """What came of the leads of two periods: a comparison in time, where there was no experiment."""

    _name = "lead.distribution.in.time"
    _inherit = ["lead.distribution.form", "lead.distribution.typed"]
    _description = "Comparison in Time"

    _limits = LIMITS

    campaign_id = fields.Many2one(
        "lead.distribution.campaign", required=True, default=lambda self: self._default_campaign_id()
    )
    first_from = fields.Date(
        string="First period from",
        compute="_compute_periods",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    first_to = fields.Date(
        string="First period until",
        compute="_compute_periods",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    second_from = fields.Date(
        string="Second period from",
        compute="_compute_periods",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    second_to = fields.Date(
        string="Second period until",
        compute="_compute_periods",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    measure = fields.Selection(MEASURES, default="won", required=True, string="What counts")
    days = fields.Integer(string="Within (days)", default=30, required=True)
    action_hours = fields.Float(string="First action within (hours)", default=24, required=True)
    warning = fields.Char(compute="_compute_warning", string="What this does not say")
    result = fields.Json(readonly=True)

    @api.model
    def _default_campaign_id(self):
        is_campaign = self.env.context.get("active_model") == "lead.distribution.campaign"
        return self.env.context.get("active_id") if is_campaign else False

    @api.depends("campaign_id", "days")
    def _compute_periods(self):
        """The last days whose outcomes are all there, and as many before."""
        for wizard in self:
            campaign = wizard.campaign_id
            today = get_today(campaign) if campaign else fields.Date.context_today(wizard)
            days = min(max(wizard.days, 0), LONGEST)  # more may be typed, which is not saved
            second = Period.ending(today - timedelta(days=days + 1), DAYS)
            first = second.before
            wizard.update(
                {
                    "first_from": first.first,
                    "first_to": first.last,
                    "second_from": second.first,
                    "second_to": second.last,
                }
            )

    @api.depends_context("lang")
    def _compute_warning(self):
        self.warning = tell_warning(self.env)

    @api.depends_context("lang")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Comparison in time")

    def action_compare(self):
        """Work out the figures; the form, which stays open, shows them."""
        self.ensure_one()
        periods = {"a": Period(self.first_from, self.first_to), "b": Period(self.second_from, self.second_to)}
        self.campaign_id.check_access("read")
        self.result = compare_periods(self.campaign_id, periods, self.measure, Terms(self.days, self.action_hours))

    def action_plan_experiment(self):
        """Open the plan of an experiment that would say what the difference comes from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan an experiment"),
            "res_model": "lead.distribution.experiment",
            "views": [(False, "form")],
            "context": {
                "default_campaign_id": self.campaign_id.id,
                "default_measure": self.measure,
                "default_days": self.days,
                "default_action_hours": self.action_hours,
            },
        }
