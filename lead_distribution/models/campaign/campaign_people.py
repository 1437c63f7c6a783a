from odoo import fields, models
from odoo.fields import Domain

from ...engine.zones import is_zone
from ...finding import dates
from ...finding.window import get_date_field, get_window
from ...planning.people import choose, find_lost_in_time
from ...planning.request import PlanRequest

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
        "crm.team",
        string="Only members of the team",
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
    _max_workload_not_negative = models.Constraint("CHECK (max_workload >= 0)", "Limits cannot be negative.")

    def _select_members(self, user_ids=None):
        """Return the members who can receive leads, and {name: why not} of the others.

        :param user_ids: ids of the only users who take part; None: all members
        """
        members, strangers = choose(self.with_context(active_test=False).member_ids, user_ids)
        members._forget_workload()  # every plan counts anew
        reasons = [(m, m.user_id, self._explain_left_out(m)) for m in members]
        selected = members.browse(m.id for m, _user, reason in reasons if not reason)
        users = self.env["res.users"].browse(sorted(strangers))
        not_members = [(None, user, self.env._("is no member of this campaign")) for user in users]
        left_out = {}
        for _member, user, reason in [*reasons, *not_members]:
            if reason:
                left_out[f"{user.name} ({user.login})" if user.name in left_out else user.name] = reason
        return selected, left_out

    def _tell_unsound(self, members):
        """Return what of single people does not work, in words: it is passed over, and the others go on."""
        warnings = [
            self.env._(
                "%(name)s: nobody knows the time zone “%(zone)s”, so the campaign's counts.",
                name=user.name,
                zone=user.tz,
            )
            for user in find_lost_in_time(members.user_id)
        ]
        if self.tz and not is_zone(self.tz):
            warnings.append(self.env._("Nobody knows the campaign's time zone “%s”, so it is UTC.", self.tz))
        return warnings

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
        return self._explain_level_or_load(member) or self._explain_team_by_name(member)

    def _explain_team_by_name(self, member):
        wanted = (self.team_filter_name or "").strip().casefold()
        if wanted and wanted != (member.team_label or "").strip().casefold():
            return self.env._("not in the team %s", self.team_filter_name)
        return None

    def _explain_level_or_load(self, member):
        experience = EXPERIENCE.get(member.level_id.code, 2)
        if self.min_experience and experience < int(self.min_experience):
            return self.env._("below the level asked for")
        if self.use_max_workload and member.utilization > self.max_workload:
            return self.env._("%s%% utilization is above the limit", round(member.utilization, 1))
        return None

    def get_workload(self):
        """Return for each member how many leads they hold, in a fixed number of queries for everybody.

        :return: list of dicts ``user_id``, ``name``, ``target``, ``total``, ``utilization``
            (percent), ``deficit``, ``in_window`` (leads whose date lies in the campaign's window),
            ``this_month`` and ``last_30_days`` (the same for these days, today included, where the
            campaign is), ``by_status``, ``by_source`` and ``by_campaign`` (name → number)
        """
        self.ensure_one()
        self._check_manager()
        members = self.sudo().with_context(active_test=False).member_ids
        today = self._get_today()
        periods = {
            "in_window": get_window(self, PlanRequest()),
            "this_month": (today.replace(day=1), today),
            "last_30_days": (fields.Date.subtract(today, days=30), today),
        }
        domains = {name: self._get_date_domain(*period) for name, period in periods.items()}
        groups = self.env["crm.lead"]._get_workload_groups(members.user_id, domains)
        return [member._prepare_workload(groups.get(member.user_id.id, {})) for member in members]

    def _get_date_domain(self, first, last):
        """Return the leads whose date lies between two dates, both included; None is an open side."""
        field, domain = get_date_field(self), Domain.TRUE
        if first:
            domain &= dates.since(field, first, self.tz)
        if last:
            domain &= dates.until(field, last, self.tz)
        return domain

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
