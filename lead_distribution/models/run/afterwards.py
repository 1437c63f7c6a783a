from odoo import api, fields, models
from odoo.tools import SQL

from ...names import AFTERWARDS, OFTEN


class LeadDistributionAssignment(models.Model):
    """What became of a lead after it was handed out, as figures: kept in time, how often it changed hands."""

    _inherit = "lead.distribution.assignment"

    kept_in_time = fields.Float(
        string="Kept in time (%)",
        compute="_compute_kept_in_time",
        aggregator="avg",
        digits=(16, 1),
        help="Deadlines that were kept, of those that were kept or missed.",
    )
    handed_on = fields.Integer(
        string="Changes of hands",
        readonly=True,
        aggregator="avg",
        help="How often the lead has gone from one person to another, this time included; covers do not count.",
    )

    # for figures over a period: each holds all that its figure needs, and only rows of which there is something to tell
    _ended_idx = models.Index(
        "(distribution_date) INCLUDE (campaign_id, company_id, run_id, user_id, source_id, deadline_state) "
        "WHERE state = 'done' AND deadline_state IN ('kept', 'missed')"
    )
    _afterwards_idx = models.Index(f"(kind, distribution_date) WHERE kind IN {AFTERWARDS}")
    _declined_date_idx = models.Index("(distribution_date) WHERE declined_on IS NOT NULL")
    _often_idx = models.Index(f"(distribution_date) WHERE state = 'done' AND handed_on >= {OFTEN}")

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
