from odoo import api, fields, models

from ...following.cover import look_at_cover
from ...following.open_leads import count_open_leads
from ...names import MANAGERS
from ...tools.actions import open_list
from ...work.inside import with_own_context
from ...work.rights import check_manager
from ...work.system import as_system
from ..base.ways import get_ways

RUNS = "lead_distribution_run_action"


class LeadDistributionAbsence(models.Model):
    """Who takes over meanwhile. The room ``following`` does the work."""

    _inherit = "lead.distribution.absence"

    open_leads = fields.Integer(
        compute="_compute_open_leads", string="Open leads", help="Leads and opportunities that the person has now."
    )

    @api.depends("user_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_open_leads(self):
        """How many somebody else has is for managers, of their companies."""
        is_manager = self.env.su or self.env.user.has_group(MANAGERS)
        users = self.user_id._origin if is_manager else self.env.user
        counts = count_open_leads(users, self.env.companies)
        for absence in self:
            absence.open_leads = counts.get(absence.user_id._origin.id, 0)

    def action_plan_cover(self):
        """Show who would take over which leads now; once the absence has begun, what would come back now."""
        self.ensure_one()
        self.check_access("write")
        check_manager(self.env["lead.distribution.campaign"])
        runs = look_at_cover(with_own_context(as_system(self)), get_ways).with_env(self.env)
        return runs._get_form_action() if len(runs) == 1 else self._open_runs(runs)

    def action_view_covers(self):
        """Open the runs by which others took over, and leads came back."""
        self.ensure_one()
        check_manager(self.env["lead.distribution.campaign"])
        return self._open_runs(self.cover_run_ids)

    def _open_runs(self, runs):
        name = self.env._("Cover of %s", self.user_id.name)
        return open_list(self.env, RUNS, [("id", "in", runs.ids)], name)
