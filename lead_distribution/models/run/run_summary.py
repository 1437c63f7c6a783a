from odoo import api, fields, models

from ...names import MANAGERS
from ...reporting.summary import summarize


class LeadDistributionRun(models.Model):
    """The summary of a run, kept with it.

    Filled when the plan is stored and again when the run is closed, by a fixed number of
    queries; it outlives the single assignments, which may be removed after a time.
    """

    _inherit = "lead.distribution.run"

    salespeople_eligible = fields.Integer(string="Eligible salespeople", groups=MANAGERS)
    salespeople_received = fields.Integer(string="Salespeople who received", groups=MANAGERS)
    average_received = fields.Float(string="Average received", digits=(16, 2), aggregator="avg", groups=MANAGERS)
    largest_received = fields.Integer(string="Most received", aggregator="max", groups=MANAGERS)
    smallest_received = fields.Integer(string="Fewest received", aggregator="min", groups=MANAGERS)
    leads_reassigned = fields.Integer(
        string="Reassigned", help="Leads handed out that somebody else held before.", groups=MANAGERS
    )
    leads_by_source = fields.Json(help="Source → leads handed out.", groups=MANAGERS)
    leads_by_status = fields.Json(help="Status before → leads handed out.", groups=MANAGERS)
    leads_by_campaign = fields.Json(help="Marketing campaign → leads handed out.", groups=MANAGERS)
    leads_by_age = fields.Json(
        help="Leads handed out whose source date is older than 2, younger than 6 months.", groups=MANAGERS
    )
    excluded_users = fields.Json(
        help="Names of protected people, and of those who receive nothing by name.", groups=MANAGERS
    )
    fairness_index = fields.Float(string="Fairness (Jain)", digits=(16, 4), aggregator="avg", groups=MANAGERS)
    utilization_spread = fields.Float(string="Spread (points)", digits=(16, 2), aggregator="avg", groups=MANAGERS)
    is_applied = fields.Boolean(
        compute="_compute_is_applied",
        store=True,
        help="The run has handed out leads, or has looked and found nothing to hand out. Reports count these runs.",
    )

    _applied_date_idx = models.Index("(distribution_date, campaign_id) WHERE is_applied")

    @api.depends("state", "leads_done")
    def _compute_is_applied(self):
        for run in self:
            run.is_applied = run.state == "done" or (run.state == "cancelled" and run.leads_done > 0)

    def _store_plan(self, plan, members, dropped=()):
        result = super()._store_plan(plan, members, dropped)
        self._update_summary()
        return result

    def _update_summary(self):
        """Fill the summary from the run's assignments and tracking lines."""
        self.ensure_one()
        self.write(summarize(self, self.campaign_id._get_today()))
