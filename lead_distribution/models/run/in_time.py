from odoo import api, fields, models
from odoo.tools import SQL


class LeadDistributionAssignment(models.Model):
    """Whether what was due was done in time, as a figure of pivots and graphs."""

    _inherit = "lead.distribution.assignment"

    kept_in_time = fields.Float(
        string="Kept in time (%)",
        compute="_compute_kept_in_time",
        aggregator="avg",
        digits=(16, 1),
        help="Deadlines that were kept, of those that were kept or missed.",
    )

    @api.depends("deadline_state")
    def _compute_kept_in_time(self):
        for row in self:
            row.kept_in_time = 100.0 if row.deadline_state == "kept" else 0.0

    def _read_group_select(self, aggregate_spec, query):
        """What is not decided counts in no average."""
        if aggregate_spec != "kept_in_time:avg":
            return super()._read_group_select(aggregate_spec, query)
        state = self._field_to_sql(self._table, "deadline_state", query)
        return SQL("AVG(CASE %s WHEN 'kept' THEN 100.0 WHEN 'missed' THEN 0.0 END)", state)
