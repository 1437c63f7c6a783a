from odoo import models

from ...reporting.figures import get_figures
from ...reporting.left import list_left
from ...reporting.results import describe_assignments, describe_dropback, describe_result
from ...reporting.text_report import render_text
from ...work.system import as_system


class LeadDistributionRun(models.Model):
    """The figures that are told of a run: on its page, in reports, to other programs."""

    _inherit = "lead.distribution.run"

    def to_dict(self):
        """Return everything about the run as values that JSON can hold."""
        self.ensure_one()
        self.campaign_id._check_manager()  # it tells of everybody
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
        self.campaign_id._check_manager()
        return render_text(as_system(self)._get_figures(), self.env._, color=color, is_kept=is_kept)

    def _compute_overview(self):
        for run in self:
            run.overview = run._get_figures() if run.id and run.campaign_id else {}

    def _get_figures(self):
        """Return the figures of the run, without its single leads; a fixed number of queries."""
        return get_figures(self, self.campaign_id._get_step_names())
