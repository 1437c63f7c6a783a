from odoo import api, fields, models

from ...names import GROWING, MANAGERS


class LeadDistributionRun(models.Model):
    """What the steps of a run cost: time, SQL statements, memory."""

    _inherit = "lead.distribution.run"

    steps = fields.Json(help="Step → seconds, SQL statements, peak memory of the process in MiB.", groups=MANAGERS)
    execution_seconds = fields.Float(string="Seconds", compute="_compute_execution_seconds", store=True)
    query_count = fields.Integer(string="SQL statements", compute="_compute_step_sums", store=True, groups=MANAGERS)
    peak_memory = fields.Float(
        string="Peak memory (MiB)",
        compute="_compute_step_sums",
        store=True,
        aggregator="max",
        digits=(16, 1),
        groups=MANAGERS,
    )
    is_slow = fields.Boolean(compute="_compute_is_slow", search="_search_is_slow", groups=MANAGERS, string="Slow")

    @api.depends("planning_seconds", "applying_seconds")
    def _compute_execution_seconds(self):
        for run in self:
            run.execution_seconds = round(run.planning_seconds + run.applying_seconds, 2)

    @api.depends("steps")
    def _compute_step_sums(self):
        for run in self:
            figures = (run.steps or {}).values()
            run.query_count = sum(step["queries"] for step in figures)
            run.peak_memory = max((step["memory"] for step in figures), default=0)

    @api.depends("execution_seconds", "campaign_id.slow_run_seconds", "origin")
    def _compute_is_slow(self):
        for run in self:  # one that grows is many small ones
            run.is_slow = run.origin not in GROWING and 0 < run.campaign_id.slow_run_seconds < run.execution_seconds

    def _search_is_slow(self, operator, value):
        if operator != "in":
            return NotImplemented
        # limits of campaigns that the reader may not see mean nothing for the runs that the reader sees
        limits = self.env["lead.distribution.campaign"].sudo().with_context(active_test=False)._read_group(
            [("slow_run_seconds", ">", 0)], ["slow_run_seconds"], ["id:array_agg"]
        )  # fmt: skip
        slow = fields.Domain.OR(
            fields.Domain("campaign_id", "in", ids)
            & fields.Domain("execution_seconds", ">", limit)
            & fields.Domain("origin", "not in", GROWING)
            for limit, ids in limits
        )
        return slow if True in value else ~slow
