from odoo import api, fields, models

from ...importing.answer import count_left
from ...names import MANAGERS
from ...planning.request import PlanRequest
from ...reporting.figures import get_figures
from ...reporting.left import list_left, prepare_left
from ...reporting.outcome import count_left_over
from ...reporting.readable import Readable
from ...reporting.results import describe_assignments, describe_dropback, describe_result
from ...reporting.summary import summarize
from ...reporting.text_report import render_text
from ...work.rights import check_manager
from ...work.system import as_system
from ..campaign.obstacles import list_obstacles_of


class LeadDistributionRun(models.Model):
    """The figures that are told of a run: on its page, in reports, to other programs.

    Some are kept with it as its summary, when the plan is stored and again when the run ends; they
    outlive the single assignments, which may be removed after a time.
    """

    _inherit = "lead.distribution.run"

    salespeople_eligible = fields.Integer(string="Eligible salespeople", groups=MANAGERS)
    salespeople_received = fields.Integer(string="Salespeople who received", groups=MANAGERS)
    average_received = fields.Float(string="Average received", digits=(16, 2), aggregator="avg", groups=MANAGERS)
    largest_received = fields.Integer(string="Most received", aggregator="max", groups=MANAGERS)
    smallest_received = fields.Integer(string="Fewest received", aggregator="min", groups=MANAGERS)
    leads_reassigned = fields.Integer(
        string="Reassigned", help="Leads handed out that somebody else had before.", groups=MANAGERS
    )
    leads_by_source = fields.Json(help="Source → leads handed out.", groups=MANAGERS, string="Leads by source")
    leads_by_status = fields.Json(
        help="Status before → leads handed out.", groups=MANAGERS, string="Leads by status before"
    )
    leads_by_campaign = fields.Json(
        help="Marketing campaign → leads handed out.", groups=MANAGERS, string="Leads by marketing campaign"
    )
    leads_by_age = fields.Json(
        help="Leads handed out whose source date is older than 2, younger than 6 months.",
        groups=MANAGERS,
        string="Leads by age",
    )
    excluded_users = fields.Json(
        help="Names of protected people, and of those who receive nothing by name.",
        groups=MANAGERS,
        string="People left out",
    )
    fairness_index = fields.Float(string="Equal shares (1: equal)", digits=(16, 4), aggregator="avg", groups=MANAGERS)
    utilization_spread = fields.Float(string="Load spread (points)", digits=(16, 2), aggregator="avg", groups=MANAGERS)
    is_applied = fields.Boolean(
        compute="_compute_is_applied",
        store=True,
        help="The run has handed out leads, or has looked and found nothing to hand out. Reports count these runs.",
        string="Counts in reports",
    )

    _applied_date_idx = models.Index("(distribution_date, campaign_id) WHERE is_applied")

    @api.depends("state", "leads_done")
    def _compute_is_applied(self):
        for run in self:
            run.is_applied = run.state == "done" or (run.state == "cancelled" and run.leads_done > 0)

    def to_dict(self):
        """Return everything about the run as values that JSON can hold."""
        self.ensure_one()
        check_manager(self.campaign_id)  # it tells of everybody
        run = as_system(self)
        figures = run._get_figures()
        return {
            **figures,
            **describe_result(figures, run.member_line_ids, run.options, run.env._),
            "left": list_left(run.left_over, run.left_over_leads, run.left_over_rest),
            "assignments": describe_assignments(run),
            "dropback": describe_dropback(run),
        }

    def get_text_report(self, color=False, is_kept=True):
        """Return the report as text for a terminal."""
        self.ensure_one()
        check_manager(self.campaign_id)
        words = Readable(self.env)
        return render_text(as_system(self)._get_figures(), words, color=color, is_kept=is_kept)

    def _compute_overview(self):
        for run in self:
            run.overview = run._get_figures() if run.id and run.campaign_id else {}

    def _get_figures(self):
        """Return the figures of the run, without its single leads; a fixed number of queries."""
        names = self.campaign_id._name_steps(self.exclusions or {})
        return get_figures(self, names, [obstacle.words for obstacle in self._list_obstacles()])

    def _list_obstacles(self):
        """Return what is in the way now, if this is a plan that found nothing; see ``reporting.obstacles``."""
        if self.state != "planned" or self.leads_found or self.leads_dropped_back or self.origin == "import":
            return []
        return list_obstacles_of(self.campaign_id, PlanRequest.read(self.options))

    def _update_left_over(self):
        """Count the leads that were found and that nobody got."""
        if self.origin != "import" or not self.import_batch_id:
            self.write(count_left_over(self))
            return
        # found are the leads that may be called
        left, blocked = count_left(self.import_batch_id)
        kept = prepare_left({reason: sorted(ids, key=lambda lead_id: lead_id or 0) for reason, ids in left.items()})
        self.write(
            {
                **kept,
                "leads_found": self.leads_done + sum(kept["left_over"].values()),
                "exclusions": {"dnc": blocked} if blocked else {},
            }
        )

    def _update_summary(self):
        """Fill the summary from the run's assignments and tracking lines."""
        self.ensure_one()
        self.write(summarize(self))
