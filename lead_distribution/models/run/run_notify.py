import logging

from odoo import models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...reporting.notify import tell_dropback_failure, tell_failure, tell_people

_logger = logging.getLogger(__name__)


class LeadDistributionRun(models.Model):
    """Who hears of a run: one message a person, a digest and, of failures, a to-do."""

    _inherit = "lead.distribution.run"

    def _tell(self, method):
        """Telling people must never cost the run: an error is logged, and the run stays done."""
        self.env.flush_all()  # what is refused of the run itself is no error of the telling
        try:
            with self.env.cr.savepoint():
                getattr(self, method)()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # whoever closes the run does it once more
        except Exception:
            _logger.exception("Lead distribution: telling people of run %s failed", self.id)

    def _notify_failure(self):
        tell_failure(self)

    def _notify_dropback_failure(self):
        tell_dropback_failure(self)

    def _notify_people(self):
        tell_people(self)
