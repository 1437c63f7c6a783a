from odoo import fields, models

from ...names import MANAGERS
from ...planning.arms import get_deciding
from ...planning.line_ups import explain_assignment, get_segment, get_settings
from ...planning.request import Trial
from ...work.system import as_system


class LeadDistributionRun(models.Model):
    """What a run keeps, so that each decision can be explained later."""

    _inherit = "lead.distribution.run"

    line_ups = fields.Json(
        prefetch=False,
        groups=MANAGERS,
        help="The people as they were, and who could take which leads.",
        string="Line-ups",
    )

    def _explain_assignment(self, row):
        """Return the places of everybody when a lead of this run was handed out, see ``explain_assignment``."""
        self.ensure_one()
        row = as_system(row)
        request = Trial(settings=get_settings(row), is_solved=False)
        name = row.strategy if row.arm else self.strategy
        strategy = get_deciding(row, row.arm)._get_engine_strategy(name, request)
        return explain_assignment(row, strategy, get_segment(row))
