import logging

from odoo import api, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...reporting.notify import raise_activity
from ...work.system import as_system

_logger = logging.getLogger(__name__)


class LeadImportBatch(models.Model):
    """An import that an error has stopped leaves a to-do for the responsible, as a failed run does."""

    _inherit = "lead.import.batch"

    def _work(self):
        result = super()._work()
        if self.state == "failed":
            self._tell_failure()
        return result

    def _tell_failure(self):
        """Telling must not cost the imports that wait behind this one."""
        try:
            with self.env.cr.savepoint():
                title = self.env._("Import of leads failed")
                raise_activity(as_system(self.campaign_id), title, [self.name, self.error or ""])
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("Import %s: telling of its failure failed", self.id)


class LeadDistributionDashboard(models.AbstractModel):
    _inherit = "lead.distribution.dashboard"

    @api.model
    def _get_manager_data(self, campaign, days):
        data = super()._get_manager_data(campaign, days)
        data["attention"] = [*self._tell_failed_imports(campaign), *data["attention"]]
        return data

    @api.model
    def _tell_failed_imports(self, campaign):
        """Return the imports that stopped and wait for somebody to go on."""
        if campaign:
            domain = Domain("campaign_id", "=", campaign.id)
        else:
            domain = Domain("company_id", "in", self.env.companies.ids)
        batches = self.env["lead.import.batch"].search(domain & Domain("state", "=", "failed"), limit=100)
        if not batches:
            return []
        text = self.env._(
            "Imports that stopped: %(count)s. The last one: %(name)s, %(error)s",
            count=len(batches), name=batches[0].name, error=batches[0].error or "",
        )  # fmt: skip
        return [{"level": "danger", "text": text, "open": self._open(batches._name, [("id", "in", batches.ids)], text)}]
