from random import SystemRandom

from odoo import api, fields, models

from ...experiments.checks import LIMITS
from ...names import EXPERIMENT_STATES, MEASURES, OPEN_EXPERIMENTS
from ..base.choices import choices_of_campaign


class LeadDistributionExperiment(models.Model):
    """Two ways of handing out leads, at the same time, to leads chosen by chance; and what came of each.

    Planned → running (leads are dealt to the two ways) → waiting (for the outcomes of the last ones) → ended.
    """

    _name = "lead.distribution.experiment"
    _inherit = ["lead.distribution.typed", "lead.distribution.guard"]
    _description = "Distribution Experiment"
    _order = "id desc"

    # whoever could write these would choose the winner
    _written_by_code = frozenset(
        (
            "state", "started_on", "dealt_until", "ended_on", "ended_early", "kept_result", "kept_settings", "adopted",
            "variant_id", "company_id", "present_rate",
        )
    )  # fmt: skip
    _limits = LIMITS

    name = fields.Char(required=True, default=lambda self: self.env._("Which way sells more?"))
    campaign_id = fields.Many2one(
        "lead.distribution.campaign",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('variant_of_id', '=', False), ('is_by_hand', '=', False)]",
    )
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    state = fields.Selection(EXPERIMENT_STATES, default="draft", required=True, readonly=True, copy=False)
    strategy_a = fields.Selection(
        selection=choices_of_campaign("strategy"),
        compute="_compute_strategy_a",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        string="Way A",
    )
    strategy_b = fields.Selection(
        selection=choices_of_campaign("strategy"),
        compute="_compute_strategy_b",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        string="Way B",
    )
    variant_id = fields.Many2one(
        "lead.distribution.campaign",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        string="Settings of way B",
    )
    share_b = fields.Float(
        string="Leads for way B", default=0.5, required=True, help="Of all leads that are dealt: 0.5 is one in two."
    )
    seed = fields.Integer(
        default=lambda self: SystemRandom().randrange(2**31),
        copy=False,
        help="The same leads and seed are dealt in the same way.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Hears when the experiment ends, or does harm.",
    )

    # what counts
    measure = fields.Selection(
        MEASURES, default="won", required=True, string="What counts", help="The verdict is about this."
    )
    days = fields.Integer(
        string="Within (days)", default=30, required=True, help="Of the hand-out; what comes later does not count."
    )
    action_hours = fields.Float(
        string="First action within (hours)", default=24, required=True, help="Of the hand-out, by the clock."
    )

    # before
    points = fields.Float(
        string="Difference to see (points)",
        default=5,
        required=True,
        help="The smallest difference that would matter: 5 points are 15 instead of 10 won leads of a hundred.",
    )
    planned_leads = fields.Integer(
        compute="_compute_planned_leads",
        store=True,
        readonly=False,
        string="Leads planned",
        help="Handed out by both ways together. Then the dealing ends, and the verdict comes with the last outcome.",
    )

    # during, after
    started_on = fields.Datetime(readonly=True, copy=False, string="Started on")
    dealt_until = fields.Datetime(readonly=True, copy=False, string="Dealt until")
    ended_on = fields.Datetime(readonly=True, copy=False, string="Ended on")
    ended_early = fields.Boolean(readonly=True, copy=False, string="Stopped early")
    stop_on_harm = fields.Boolean(
        default=True, string="Stop when it does harm", help="When way B is certainly worse, no more leads go to it."
    )
    kept_result = fields.Json(readonly=True, copy=False, help="The result as it was when the experiment ended.")
    kept_settings = fields.Json(readonly=True, copy=False, help="Both ways at the start, and way B at the end.")
    adopted = fields.Selection([("a", "Way A"), ("b", "Way B")], readonly=True, copy=False, string="Made the setting")

    _share_range = models.Constraint("CHECK (share_b > 0 AND share_b < 1)", "Leads for way B: a share between 0 and 1.")
    _one_open_idx = models.UniqueIndex(
        f"(campaign_id) WHERE state IN {OPEN_EXPERIMENTS}",
        "An experiment of this campaign is running already: let it end, or stop it first.",
    )

    @api.depends("campaign_id")
    def _compute_strategy_a(self):
        for experiment in self:
            experiment.strategy_a = experiment.campaign_id.strategy or experiment.strategy_a or "round_robin"

    @api.depends("campaign_id")
    def _compute_strategy_b(self):
        for experiment in self:
            experiment.strategy_b = experiment.strategy_b or experiment.campaign_id.strategy or "round_robin"
