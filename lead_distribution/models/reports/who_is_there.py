from odoo import api, fields, models

from ...planning.presence.draw import draw
from ...planning.presence.look import look
from ...reporting.campaigns import find_campaign
from ...reporting.coverage import list_gaps
from ...reporting.who_is_there import Seen, describe_who_is_there, get_span
from ...work.rights import check_manager
from ...work.system import as_system


class LeadDistributionWhoIsThere(models.AbstractModel):
    """What the screen shows that says who of a campaign is there, now and in the next days."""

    _name = "lead.distribution.who.is.there"
    _description = "Who Is There"

    @api.model
    def get_data(self, campaign_id=None):
        """Return who is there, with a number of statements that does not depend on how many people there are.

        :param campaign_id: default the first of the user's campaigns
        """
        campaigns = self.env["lead.distribution.campaign"]
        check_manager(campaigns)
        listed = campaigns.search_fetch([], ["name"])
        campaign = find_campaign(self.env, campaign_id) or listed[:1]
        shown = {"campaigns": [{"id": one.id, "name": one.name} for one in listed], "campaign_id": campaign.id}
        if not campaign:
            return shown
        now = fields.Datetime.now()
        seen = self._look(campaign, now)
        system = as_system(campaign)
        return {**shown, **describe_who_is_there(system, seen, now, lambda one, rule: one._describe_rule(rule))}

    @api.model
    def _look(self, campaign, now):
        """Return what is known of the people of a campaign now, see ``Seen``."""
        turn = campaign._explain_who(self.env["crm.lead"].new({"name": "?", "type": "lead", "user_id": False}))
        campaign = as_system(campaign)
        users = campaign.member_ids.filtered("active").user_id.filtered("active")
        first, last = get_span(campaign, now)
        return Seen(
            users=users,
            presence=look(campaign, users, now),
            bars=draw(campaign, users, first, last),
            left_out=turn.left_out,
            full={place.person.id for place in turn.places if not place.room},
            next_ones=turn.next_ones,
            gaps=list_gaps(campaign, now, last),
        )
