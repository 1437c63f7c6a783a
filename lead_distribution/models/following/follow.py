from odoo import api, models

from ...following.cover import follow_covers
from ...following.deadlines import check_deadlines
from ...work.rights import check_scheduler
from ...work.system import as_system
from ..base.ways import get_ways


class LeadDistributionAssignment(models.Model):
    _inherit = "lead.distribution.assignment"

    @api.model
    def _cron_follow(self):
        """Deadlines, and covers that begin or end."""
        check_scheduler(self.env)
        env = as_system(self).env
        check_deadlines(env["lead.distribution.campaign"], get_ways)
        follow_covers(env, get_ways)
