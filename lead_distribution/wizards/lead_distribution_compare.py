from random import SystemRandom

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..finding.scope import get_today
from ..models.base.choices import choices_of_campaign
from ..planning.compare import ADOPTED

DEFAULT_STRATEGIES = ("round_robin", "level_based", "proportional")


class LeadDistributionCompare(models.TransientModel):
    """What would other strategies do with the same leads? On the leads of now, or of a past period."""

    _name = "lead.distribution.compare"
    _inherit = ["lead.distribution.form", "lead.distribution.typed"]
    _description = "Compare Strategies"

    campaign_id = fields.Many2one(
        "lead.distribution.campaign", required=True, default=lambda self: self._default_campaign_id()
    )
    when = fields.Selection(
        [("now", "The leads a run would find now"), ("past", "The leads of past runs")],
        string="On which leads",
        default="now",
        required=True,
    )
    date_from = fields.Date(default=lambda self: fields.Date.subtract(self._default_date_to(), days=30))
    date_to = fields.Date(default=lambda self: self._default_date_to())
    line_ids = fields.One2many(
        "lead.distribution.compare.line", "wizard_id", string="Variants", default=lambda self: self._default_line_ids()
    )
    seed = fields.Integer(default=lambda self: SystemRandom().randrange(2**31))
    result = fields.Json(readonly=True)

    @api.depends("campaign_id")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Compare strategies of %s", wizard.campaign_id.name or "…")

    def _default_campaign_id(self):
        is_campaign = self.env.context.get("active_model") == "lead.distribution.campaign"
        return self.env.context.get("active_id") if is_campaign else False

    @api.model
    def _default_date_to(self):
        campaign = self.env["lead.distribution.campaign"].browse(self._default_campaign_id() or [])
        return get_today(campaign) if campaign else fields.Date.context_today(self)

    @api.model
    def _default_line_ids(self):
        """The campaign's own setting first, then strategies that people mostly ask about."""
        campaign = self.env["lead.distribution.campaign"].browse(self._default_campaign_id() or [])
        own = {name: campaign[name] for name in ADOPTED} if campaign else {}
        others = [name for name in DEFAULT_STRATEGIES if name != own.get("strategy")]
        lines = [own] if own else []
        return [fields.Command.create(line) for line in [*lines, *({**own, "strategy": name} for name in others)]]

    def action_compare(self):
        """Work out the columns; the form, which stays open, shows them."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Add at least one strategy to compare."))
        period = None
        if self.when == "past":
            if not (self.date_from and self.date_to) or self.date_from > self.date_to:
                raise UserError(self.env._("Give the first and the last day of the period, in this order."))
            period = (self.date_from, self.date_to)
        variants = [line._get_settings() for line in self.line_ids]
        self.result = self.campaign_id._compare(variants, self.seed, period)

    def action_adopt(self, index):
        """Make one column the campaign's setting, and open the campaign."""
        self.ensure_one()
        columns = (self.result or {}).get("columns", [])
        if not 0 <= index < len(columns) or not columns[index]["settings"]:
            raise UserError(self.env._("This column has no settings to use."))
        self.campaign_id.write(columns[index]["settings"])
        return {
            "type": "ir.actions.act_window",
            "res_model": "lead.distribution.campaign",
            "res_id": self.campaign_id.id,
            "views": [(False, "form")],
        }


class LeadDistributionCompareLine(models.TransientModel):
    _name = "lead.distribution.compare.line"
    _description = "Strategy to Compare"
    _inherit = ["lead.distribution.typed"]
    _order = "sequence, id"

    wizard_id = fields.Many2one("lead.distribution.compare", required=True, ondelete="cascade")
    sequence = fields.Integer()
    strategy = fields.Selection(
        selection=choices_of_campaign("strategy"),
        required=True,
        default="round_robin",
    )
    fill_strategy = fields.Selection(
        selection=choices_of_campaign("fill_strategy"),
        string="Within a level",
        required=True,
        default="highest_priority_first",
    )
    allow_overflow = fields.Boolean(string="Above the target")
    overflow_limit = fields.Integer(string="Up to (percent above)", default=10)
    distribution_order = fields.Selection(
        selection=choices_of_campaign("distribution_order"),
        string="Who is first",
        required=True,
        default="random",
    )
    max_daily = fields.Integer(string="A person a day at most")

    def _get_settings(self):
        self.ensure_one()
        return {name: self[name] for name in ADOPTED}
