from odoo import fields, models

EXPERIENCE = {"junior": 1, "mid_level": 2, "senior": 3}  # any other level counts as 2 (reading R53)


class LeadDistributionCampaign(models.Model):
    """Who can receive leads now, and how many at most today. Source: specification 2.4, 4.3."""

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
        help="Levels with other codes than junior, mid_level and senior count as mid-level.",
    )
    team_filter_id = fields.Many2one(
        "crm.team", string="Only members of the team", help="The team of the member in this campaign."
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
    _max_workload_not_negative = models.Constraint("CHECK (max_workload >= 0)", "Limits cannot be negative.")

    def _select_members(self):
        """Return the members who can receive leads, and {name: why not} of the others."""
        left_out = {}
        selected = self.env["lead.distribution.member"]
        for member in self.with_context(active_test=False).member_ids:
            reason = self._explain_left_out(member)
            if reason:
                name = member.user_id.name
                left_out[f"{name} ({member.user_id.login})" if name in left_out else name] = reason
            else:
                selected += member
        return selected, left_out

    def _explain_left_out(self, member):
        """Return why a member cannot receive leads now, or nothing. Meant to be extended."""
        user = member.user_id
        if not user.active:
            return self.env._("the user is archived")
        if not member.active and not self.include_inactive:
            return self.env._("inactive in this campaign")
        if not user.has_group("sales_team.group_sale_salesman"):
            return self.env._("has no access to leads")
        if self.company_id and self.company_id not in user.company_ids:
            return self.env._("does not work for %s", self.company_id.name)
        if user in self.excluded_receiver_ids:
            return self.env._("left out by name")
        if self.team_filter_id and member.team_id != self.team_filter_id:
            return self.env._("not in the team %s", self.team_filter_id.name)
        return self._explain_level_or_load(member)

    def _explain_level_or_load(self, member):
        experience = EXPERIENCE.get(member.level_id.code, 2)
        if self.min_experience and experience < int(self.min_experience):
            return self.env._("below the level asked for")
        if self.use_max_workload and member.utilization > self.max_workload:
            return self.env._("%s%% utilization is above the limit", round(member.utilization, 1))
        return None

    def get_workload(self):
        """Return for each member how many leads they hold, in two queries for everybody.

        :return: list of dicts ``user_id``, ``name``, ``target``, ``total``, ``utilization``
            (percent), ``deficit``, ``in_window`` (leads whose date lies in the campaign's window),
            ``by_status`` and ``by_source`` (name → number)
        """
        self.ensure_one()
        self._check_manager()
        members = self.sudo().with_context(active_test=False).member_ids
        groups = self.env["crm.lead"]._get_workload_groups(members.user_id, self._get_window({}), self._get_date_name())
        return [member._prepare_workload(groups.get(member.user_id.id, {})) for member in members]

    def _get_date_name(self):
        return self.window_field_id.name or "source_date"

    def action_view_workload(self):
        """Open who holds how many leads, by status: Odoo's own pivot table of the leads."""
        self.ensure_one()
        users = self.with_context(active_test=False).member_ids.user_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Workload of %s", self.name),
            "res_model": "crm.lead",
            "views": [(False, "pivot"), (False, "graph"), (False, "list"), (False, "form")],
            "domain": [("holder_id", "in", users.ids), ("type", "=", "lead")],
            "context": {
                "pivot_row_groupby": ["holder_id"],
                "pivot_column_groupby": ["lead_status_id"],
                "pivot_measures": ["__count"],
                "graph_groupbys": ["holder_id", "lead_status_id"],
            },
        }
