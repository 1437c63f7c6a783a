from odoo import api, fields, models

from ...reporting.own_run import count_own


class LeadDistributionRun(models.Model):
    """A run as a salesperson sees it: which one it was, and what it did for oneself; its sums are for managers."""

    _inherit = "lead.distribution.run"

    _open_to_salespeople = frozenset(
        {
            "name", "campaign_id", "company_id", "state", "origin", "distribution_date", "started_on", "finished_on",
            "reverted_on", "is_applied", "assignment_ids",
            "own_received", "own_dropped_back", "own_given_up", "own_put_back",
        }
    )  # fmt: skip

    own_received = fields.Integer(string="You received", compute="_compute_own")
    own_dropped_back = fields.Integer(
        string="Dropped back to you", compute="_compute_own", help="Old leads that came to you by their web source."
    )
    own_given_up = fields.Integer(string="You gave up", compute="_compute_own", help="Leads that went from you on.")
    own_put_back = fields.Integer(
        string="Put back from you",
        compute="_compute_own",
        help="Leads you had got, and that the revert of the run took away.",
    )

    @api.depends("assignment_ids.state", "assignment_ids.user_id", "assignment_ids.previous_user_id")
    @api.depends_context("uid")
    def _compute_own(self):
        figures = count_own(self)
        for run in self:
            own = figures.get(run.id)
            run.own_received = own.received if own else 0
            run.own_dropped_back = own.dropped_back if own else 0
            run.own_given_up = own.given_up if own else 0
            run.own_put_back = own.put_back if own else 0
