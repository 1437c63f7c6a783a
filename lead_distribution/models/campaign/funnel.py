import psycopg2

from odoo import api, models
from odoo.exceptions import UserError

from ...finding.live import count_funnel
from ...planning.request import PlanRequest
from ...work.database import TimeLimitReached, time_limit
from ...work.rights import check_manager
from ...work.system import as_system

SECONDS = 8  # somebody is waiting
# what changes no count, but would wake schedules and people
NOT_COUNTED = frozenset(
    {"name", "active", "user_id", "frequency", "run_hour", "run_weekday", "run_day", "next_run", "plan_only"}
)


class _Counted(Exception):
    """Ends a trial: everything it wrote is undone."""


class LeadDistributionFunnel(models.AbstractModel):
    """What a campaign would find with the settings on the screen, without keeping them."""

    _name = "lead.distribution.funnel"
    _description = "Leads Found While a Campaign Is Edited"

    @api.model
    def count(self, campaign_id, values):
        """Return the funnel as it would be with these settings, see ``finding.live.count_funnel``.

        The settings are written, so that all rules for them hold, and taken back.

        :param campaign_id: id, or False for a campaign that is not saved yet
        :param values: {field: value} of what was changed, as a form sends it
        :return: the funnel; or a dict with ``problem``, in words, if it cannot be counted
        """
        campaigns = self.env["lead.distribution.campaign"].with_context(tracking_disable=True)
        campaign = campaigns.browse(campaign_id or ())
        campaign.check_access("write" if campaign else "create")
        values = {name: value for name, value in values.items() if name not in NOT_COUNTED}
        counted = {}
        try:
            with self.env.cr.savepoint(), time_limit(self.env.cr, SECONDS):
                counted = self._count(self._keep_for_now(campaign, values))
                raise _Counted()
        except _Counted:
            self.env.invalidate_all(flush=False)
        except TimeLimitReached:
            return {"problem": self.env._("There are too many leads to count them while you edit.")}
        except UserError as error:
            return {"problem": str(error)}
        except psycopg2.IntegrityError:  # a row that is not filled in yet
            return {"problem": self.env._("The numbers come back when all rows are filled in.")}
        return counted

    @api.model
    def _keep_for_now(self, campaign, values):
        if not campaign:
            return campaign.create({**values, "name": self.env._("New")})
        if values:
            campaign.write(values)
        return campaign

    @api.model
    def _count(self, campaign):
        check_manager(campaign)
        campaign, request = as_system(campaign), PlanRequest()  # leads are looked at as a run does
        return count_funnel(campaign, request, campaign._get_filter_steps(request))
