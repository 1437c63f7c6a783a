import logging

from odoo import api, models

_logger = logging.getLogger(__name__)


class LeadDistributionCampaign(models.Model):
    """Verifying from the interface and every day."""

    _inherit = "lead.distribution.campaign"

    def action_verify(self):
        self.ensure_one()
        return self.env["lead.distribution.verification"]._open(self)

    @api.model
    def _cron_verify(self):
        """Verify the campaigns that want it; problems become an activity of the responsible."""
        campaigns = self.search([("verify_daily", "=", True)], order="id")
        self._report_progress(0, len(campaigns))
        for campaign in campaigns:
            try:
                with self.env.cr.savepoint():
                    campaign._verify_and_tell()
            except Exception:
                _logger.exception("Lead distribution: verifying campaign %s failed", campaign.id)
            self._report_progress(1)

    def _verify_and_tell(self):
        problems = self._verify()["problems"]
        if problems:
            self._raise_activity(self.env._("Verification found problems"), problems)


class LeadDistributionRun(models.Model):
    _inherit = "lead.distribution.run"

    def verify_assignments(self):
        """Check the leads of this run; see ``verify_assignments`` of the campaign."""
        self.ensure_one()
        self.campaign_id._check_manager()
        return self.campaign_id.sudo()._verify(self.sudo())

    def action_verify(self):
        self.ensure_one()
        return self.env["lead.distribution.verification"]._open(self.campaign_id, self)
