from odoo import models

from ...finding.explain import explain_lead
from ...finding.search import find, find_refused
from ...finding.steps import list_steps, name_steps
from ...planning.request import PlanRequest
from ...work.monitor import measured
from ...work.rights import check_manager


class LeadDistributionCampaign(models.Model):
    """Finding: the steps that leads walk through, and what comes of it. The room ``finding`` does the work."""

    _inherit = "lead.distribution.campaign"

    def _get_filter_steps(self, request):
        """Return the steps that follow the window, in their order: list of ``finding.steps.Step``.

        Meant to be extended: add a step of your own with ``super()``; its key becomes a reason in
        the run's exclusions.

        :param request: what is asked of the run, see ``PlanRequest``
        """
        self.ensure_one()
        return list_steps(self, self._get_filterable_fields())

    def _name_steps(self, keys=()):
        """Return {key: words} of the steps in their order, and of these keys, see ``finding.steps.name_steps``."""
        campaign = self.sudo()  # words only, for whoever may read the run
        return name_steps(campaign._get_filter_steps(PlanRequest()), self.env, keys)

    def _find_leads(self, request, columns=()):
        """Return what the campaign finds now, see ``finding.candidates.Found``.

        :param columns: names of the lead's columns to know of each candidate besides its own
        """
        self.ensure_one()
        with measured("find"):
            return find(self, request, self._get_filter_steps(request), columns)

    def _explain_lead(self, lead):
        """Return what every step says of one lead: see ``finding.explain``."""
        self.ensure_one()
        check_manager(self)
        lead.check_access("read")
        campaign, request = self.sudo(), PlanRequest()  # steps look at leads as a run does
        return explain_lead(campaign, lead.sudo(), request, campaign._get_filter_steps(request))

    def _get_refused_ids(self, key, request, limit=10_000):
        """Return the ids of the leads that a step is the first to refuse now; at most ``limit``."""
        self.ensure_one()
        return find_refused(self, request, self._get_filter_steps(request), key, limit)
