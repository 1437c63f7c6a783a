from odoo import fields, models

from ...finding.scope import list_types
from ...planning.workload import describe_workload
from ...tools.actions import open_leads
from ...work.rights import check_manager
from ...work.system import as_system


class LeadDistributionCampaign(models.Model):
    """Who can receive leads, and how many at most; and how many each of them holds."""

    _inherit = "lead.distribution.campaign"

    use_max_workload = fields.Boolean(string="Leave out people with much to do")
    max_workload = fields.Float(
        string="Above a utilization of (%)",
        default=90.0,
        help="Looks at the state before the run; who stays in may then be filled up to the target.",
    )
    min_experience = fields.Selection(
        [("1", "Junior"), ("2", "Mid-level"), ("3", "Senior")],
        string="At least this level",
        help="Levels other than junior, mid-level and senior count as mid-level.",
    )
    team_filter_id = fields.Many2one(
        "crm.team",
        string="Only members of the team",
        check_company=True,
        ondelete="restrict",  # without it everybody would receive
        help="The team of the member in this campaign.",
    )
    team_filter_name = fields.Char(
        string="Only members of the team named",
        help="For a team that is no sales team in Odoo: compared with the team text of the members.",
    )
    excluded_receiver_ids = fields.Many2many(
        "res.users",
        "lead_distribution_campaign_excluded_receiver_rel",
        "campaign_id",
        "user_id",
        string="These receive nothing",
        context={"active_test": False},
        help="Their leads can still be taken; to protect these, use Protected people.",
    )
    include_inactive = fields.Boolean(
        string="Inactive members receive, too", help="Only if their user is not archived."
    )
    max_daily = fields.Integer(
        string="Leads a person a day at most",
        help="0: no limit. What a person received earlier that day counts, by whatever way.",
    )
    min_daily = fields.Integer(
        string="Leads a person a day at least",
        help="Limits and the order of levels come first: whoever gets fewer is named in a warning of the run.",
    )
    count_weekends = fields.Boolean(
        string="Weekends count",
        default=True,
        help="Otherwise leads received on a Saturday or Sunday use up no limit.",
    )
    cap_ids = fields.One2many("lead.distribution.cap", "campaign_id", string="More limits", copy=True)

    _max_workload_not_negative = models.Constraint("CHECK (max_workload >= 0)", "Limits cannot be negative.")
    _max_daily_not_negative = models.Constraint(
        "CHECK (max_daily >= 0 AND min_daily >= 0)", "Limits cannot be negative."
    )

    def get_workload(self):
        """Return for each member how many leads they hold, in a fixed number of queries for everybody.

        :return: list of dicts ``user_id``, ``name``, ``target``, ``total``, ``utilization``
            (percent), ``deficit``, ``in_window`` (leads whose date lies in the campaign's window),
            ``this_month`` and ``last_30_days`` (the same for these days, today included, where the
            campaign is), ``by_status``, ``by_source`` and ``by_campaign`` (name → number)
        """
        self.ensure_one()
        check_manager(self)
        return describe_workload(as_system(self))

    def action_view_workload(self):
        """Open who holds how many leads, by status: Odoo's own pivot table of the leads."""
        self.ensure_one()
        users = self.with_context(active_test=False).member_ids.user_id
        held = [("holder_id", "in", users.ids), ("type", "in", list_types(self))]
        action = open_leads(self.env, held, self.env._("Workload of %s", self.name))
        return {
            **action,
            "views": [(False, "pivot"), (False, "graph"), *action["views"]],
            "context": {
                "pivot_row_groupby": ["holder_id"],
                "pivot_column_groupby": ["lead_status_id"],
                "pivot_measures": ["__count"],
                "graph_groupbys": ["holder_id", "lead_status_id"],
            },
        }
