import logging
import time

from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...reporting.notify import tell_failure, try_telling
from ...work.errors import describe_error
from ...work.inside import get_inside

_logger = logging.getLogger(__name__)

MOST_FAILURES = 5  # times that the scheduler goes on with a run that ends in an error
LONGEST_WAIT = 60.0  # seconds that a try waits at most, whatever the campaign says


class LeadDistributionRun(models.Model):
    """Retries, and limits that stop a run. Source: specification 9.2; what is done stays done."""

    _inherit = "lead.distribution.run"

    conflict_count = fields.Integer(string="Conflicts", help="How often another transaction was in the way.")
    failure_count = fields.Integer(string="Errors while applying", readonly=True, help="How often it could not go on.")
    invalid_count = fields.Integer(string="Refused leads", help="Whose values Odoo or an addon refused.")

    def _count_outside_of_savepoint(self, name):
        """Remember a count that the savepoint of the failing lead would take back."""
        counts = get_inside(self.env, "lead_distribution_counts")
        if counts is not None:
            counts[name] = counts.get(name, 0) + 1

    def _get_limit_passed(self):
        """Return why the run has to stop, or nothing."""
        campaign = self.campaign_id
        if not (campaign.max_failed or campaign.max_invalid or campaign.max_conflicts):
            return None
        pending = get_inside(self.env, "lead_distribution_counts", {}).get("invalid_count", 0)
        for limit, count, text in (
            (campaign.max_failed, self._count_failed() if campaign.max_failed else 0, self.env._("failed leads")),
            (campaign.max_invalid, self.invalid_count + pending, self.env._("refused leads")),
            (campaign.max_conflicts, self.conflict_count, self.env._("conflicts")),
        ):
            if limit and count > limit:
                return self.env._(
                    "The run was stopped after %(count)s %(what)s; the campaign allows %(limit)s.",
                    count=count,
                    what=text,
                    limit=limit,
                )
        return None

    def _count_failed(self):
        domain = [("run_id", "=", self.id), ("state", "=", "failed")]
        return self.env["lead.distribution.assignment"].search_count(domain)

    def _stop(self, reason):
        """Close a run before its end: what was not done is skipped, and the reason is kept."""
        rows = self._get_planned_rows()
        rows.write({"state": "skipped", "note": reason})
        self.env.flush_all()
        self._close("failed")
        self.error = reason

    def _go_on(self):
        """Apply what is left, for the scheduler: an error costs this run a try, and the others nothing.

        :return: whether the run is finished, in the hands of other processes, or has to wait
        """
        try:
            return self._continue_applying()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.warning("Run %s: others were in the way, it goes on later", self.id, exc_info=True)
            self.env.cr.rollback()
        except Exception as error:
            _logger.exception("Lead distribution: run %s could not go on", self.id)
            self.env.cr.rollback()
            self._retrying(self._count_failure, describe_error(error, self.env))
        self._commit_batch(0)
        return True

    def _count_failure(self, reason):
        """Remember that a run could not go on; after ``MOST_FAILURES`` times it is given up."""
        self.invalidate_recordset(["state", "failure_count"])
        if self.state != "applying":
            return
        self.failure_count += 1
        if self.failure_count >= MOST_FAILURES:
            self._give_up(reason)

    def _give_up(self, reason):
        """End a run that cannot go on, and tell; what is planned still can be gone on with by its button."""
        text = self.env._(
            "The run was given up after %(count)s tries: %(error)s", count=self.failure_count, error=reason
        )
        try:
            with self.env.cr.savepoint():
                self._close("failed")
                self.error = text
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("Lead distribution: run %s could not be closed", self.id)
            self._close_without_figures(text)
        try_telling(self, tell_failure)

    def _close_without_figures(self, text):
        """Write the end of a run past other addons, one of which refuses it; else it would be tried for ever."""
        self.env.cr.execute(
            SQL(
                "UPDATE lead_distribution_run SET state = 'failed', error = %s, finished_on = %s, leads_done = "
                "(SELECT count(*) FROM lead_distribution_assignment WHERE run_id = %s AND state = 'done' "
                "AND kind = 'distribution') WHERE id = %s",
                text, fields.Datetime.now(), self.id, self.id,
            )
        )  # fmt: skip
        self.invalidate_recordset(flush=False)
        self.modified(["leads_done", "state"])

    def _wait(self):
        seconds = min(self._read_delay(), LONGEST_WAIT)
        if seconds:
            time.sleep(seconds)

    def _read_delay(self):
        """Return the delay without asking the database, whose transaction may be broken."""
        return get_inside(self.env, "lead_distribution_delay", 0)

    def _retry_failed(self):
        """Try failed leads again, as often as the campaign says, with its delay between."""
        for attempt in range(self.campaign_id.max_retries):
            rows = self.env["lead.distribution.assignment"].search(
                [("run_id", "=", self.id), ("state", "=", "failed"), ("lead_id", "!=", False)]
            )
            if not rows:
                return
            if attempt:
                self._wait()
            _logger.info("Run %s: %s failed leads are tried again (%s)", self.id, len(rows), attempt + 1)
            locked = rows.try_lock_for_update(allow_referencing=True)
            locked.note = False
            busy = self._apply_rows(locked)
            busy.note = self.env._("Somebody else was changing the lead.")
