from odoo import api, models
from odoo.exceptions import MissingError

from ...planning.newcomers import suggest
from ...planning.request import PlanRequest
from ...reporting.obstacles import FEATURE, SHOW, Search, apply_mend, list_obstacles, switch_leads_on
from ...tools.actions import open_leads
from ...work.rights import check_manager
from ...work.system import as_system


class LeadDistributionObstacle(models.AbstractModel):
    """What is in the way of a campaign that finds nothing, and the click that mends it."""

    _name = "lead.distribution.obstacle"
    _description = "What Is in the Way of a Campaign"

    @api.model
    def list_for(self, campaign_id, run_id=None):
        """Return what is in the way now, see ``reporting.obstacles``; nothing where leads are found.

        :param run_id: of the plan that found nothing: what was asked of it counts
        """
        campaign = self._get_campaign(campaign_id)
        run = self.env["lead.distribution.run"].search([("id", "=", run_id), ("campaign_id", "=", campaign.id)])
        request = PlanRequest.read(run.options)
        return [obstacle.to_dict() for obstacle in list_obstacles_of(campaign, request)]

    @api.model
    def mend(self, campaign_id, key):
        """Mend what is in the way.

        :param key: of a mend
        :return: the action that shows the leads that nobody but a person can mend, or None
        """
        campaign = self._get_campaign(campaign_id)
        if key.startswith(SHOW):
            ids = campaign._get_refused_ids(key.removeprefix(SHOW), PlanRequest())
            return open_leads(self.env, [("id", "in", ids)], self.env._("Leads left out"))
        if key == FEATURE:
            switch_leads_on(self.env)
        elif key == "add_people":
            self._add_people(campaign)
        else:
            apply_mend(campaign, key)
        return None

    def _add_people(self, campaign):
        """Make members of those who sell; where all of them are members already, they receive leads again."""
        known = campaign.with_context(active_test=False).member_ids
        people = suggest(self.env)
        if newcomers := people - known.user_id:
            values = [{"campaign_id": campaign.id, "user_id": user.id} for user in newcomers]
            self.env["lead.distribution.member"].create(values)
        else:
            known.filtered(lambda member: member.user_id in people).active = True

    def _get_campaign(self, campaign_id):
        """Return the campaign, if this user may run it.

        :raise MissingError: if it was deleted meanwhile
        """
        campaign = self.env["lead.distribution.campaign"].browse(campaign_id).exists()
        check_manager(campaign)
        if not campaign:
            raise MissingError(self.env._("The campaign is not there any more."))
        return campaign


def list_obstacles_of(campaign, request):
    """Return what is in the way of a campaign, as a run would find it."""
    campaign = as_system(campaign)
    # of itself, Odoo knows only one record in memory: what is tried out would stay for the next trial
    values = {**campaign.copy_data()[0], "own_domain_user_id": campaign.own_domain_user_id.id}

    def make():
        return campaign.new(values)

    return list_obstacles(Search(make, lambda trial: trial._get_filter_steps(request), request, can_show=True))
