"""Where runs, rows of the history and campaigns know of experiments."""

from odoo import api, fields, models

from ...names import ARMS, MANAGERS, OPEN_EXPERIMENTS


class LeadDistributionRun(models.Model):
    _inherit = "lead.distribution.run"

    experiment_id = fields.Many2one(
        "lead.distribution.experiment", readonly=True, ondelete="set null", index="btree_not_null", groups=MANAGERS
    )
    arm = fields.Selection(
        ARMS, readonly=True, groups=MANAGERS, string="Way", help="Of runs that grow through the day: each way has one."
    )


class LeadDistributionAssignment(models.Model):
    _inherit = "lead.distribution.assignment"

    experiment_id = fields.Many2one(
        "lead.distribution.experiment", readonly=True, ondelete="set null", index="btree_not_null", groups=MANAGERS
    )
    arm = fields.Selection(ARMS, readonly=True, groups=MANAGERS, string="Way")


@api.depends("experiment_ids.state")
def _compute_running_experiment_id(campaigns):
    """A column beside the campaign's others: so a plan without an experiment needs no statement to know."""
    for campaign in campaigns:
        campaign.running_experiment_id = campaign.experiment_ids.filtered(lambda one: one.state == "running")[:1]


class LeadDistributionCampaign(models.Model):
    _inherit = "lead.distribution.campaign"

    # whoever could write these would deal leads to the people of others, or hide a campaign
    _written_by_code = frozenset(("variant_of_id", "running_experiment_id"))

    variant_of_id = fields.Many2one(
        "lead.distribution.campaign",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
        groups=MANAGERS,
        string="Way B of",
        help="Only its people, limits, rules and strategy count, in an experiment of that campaign.",
    )
    experiment_ids = fields.One2many("lead.distribution.experiment", "campaign_id", groups=MANAGERS, readonly=True)
    open_experiment_ids = fields.One2many(
        "lead.distribution.experiment",
        "campaign_id",
        domain=[("state", "in", OPEN_EXPERIMENTS)],
        groups=MANAGERS,
        readonly=True,
        string="Running experiment",
    )
    running_experiment_id = fields.Many2one(
        "lead.distribution.experiment",
        compute=_compute_running_experiment_id,
        store=True,
        ondelete="set null",
        index="btree_not_null",
        groups=MANAGERS,
        string="Experiment that deals leads",
    )

    _variant_archived = models.Constraint(
        "CHECK (variant_of_id IS NULL OR active IS NOT TRUE)", "The settings of an experiment stay archived."
    )
