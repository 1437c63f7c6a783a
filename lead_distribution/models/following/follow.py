from odoo import api, models

from ...following.cover import follow_covers
from ...following.deadlines import check_deadlines
from ...following.handover import plan_handover
from ...work.rights import check_manager
from ...work.system import as_system
from ..base.ways import get_ways


class LeadDistributionAssignment(models.Model):
    _inherit = "lead.distribution.assignment"

    @api.model
    def _cron_follow(self):
        """Deadlines, and covers that begin or end."""
        env = as_system(self).env
        check_deadlines(env["lead.distribution.campaign"], get_ways)
        follow_covers(env, get_ways)


class ResUsers(models.Model):
    _inherit = "res.users"

    def plan_handover(self, user_ids=None, campaign=None, opportunities=True, activities=True):
        """Plan to whom the open leads of a person go who leaves; applied, and reverted, as any run.

        :param user_ids: ids of who receives them, in equal shares; None: people of the campaign, by its way of sharing
        :param campaign: a record, or its id; None: the one most of the leads come from
        :param opportunities: these, too
        :param activities: what is planned on the leads goes along
        :return: the planned run
        :raise UserError: if there is nobody, or nothing to hand over
        """
        self.ensure_one()
        check_manager(self.env["lead.distribution.campaign"])
        return plan_handover(self, user_ids, campaign, opportunities, activities)
