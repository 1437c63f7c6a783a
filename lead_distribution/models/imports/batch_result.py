import logging
import math

from odoo import fields, models

_logger = logging.getLogger(__name__)


class LeadImportBatch(models.Model):
    """What is told of an import: while it runs, when it is done, and as answer to a request."""

    _inherit = "lead.import.batch"

    def _finish(self, state):
        """Close the run and the batch, and tell whoever started it."""
        self._count_rows()
        self._close_run(state)
        self.write({"state": state, "finished_on": fields.Datetime.now(), "step": "result"})
        self._notify_importer()
        _logger.info("Import %s ended (%s): %s", self.id, state, self._describe_counts())

    def _describe_counts(self):
        """Return the numbers of the rows for the log: nothing of what stands in them."""
        seconds = (fields.Datetime.now() - self.started_on).total_seconds()
        counts = ", ".join(f"{count} {state}" for state, count in sorted((self.counts or {}).items()))
        return f"rows: {counts or 'none'}; {seconds:.0f} s"

    def _close_run(self, state):
        """Close the run; its numbers see ``run._update_left_over``."""
        run = self.run_id.sudo()
        if not run or run.state != "applying":
            return
        run.applying_seconds = (fields.Datetime.now() - self.started_on).total_seconds()
        run._close(state)

    def _count_left(self):
        """Return ({reason: ids of leads nobody got}, number of leads nobody may call)."""
        groups = (
            self.env["lead.import.row"]
            .sudo()
            ._read_group(
                [("batch_id", "=", self.id), ("state", "=", "done"), ("user_id", "=", False)],
                ["do_not_call", "code"],
                ["__count", "lead_id:array_agg"],
            )
        )
        left, blocked = {}, 0
        for reason, code, count, lead_ids in groups:
            if reason:
                blocked += count
            else:
                left.setdefault(code or "no_eligible", []).extend(lead_ids)
        return left, blocked

    def _is_in_background(self):
        """Say whether nobody waits for the answer. Meant to be extended."""
        return bool(self.env.context.get("ir_cron_progress_id"))

    def _notify_importer(self):
        """One message in the browser of the person who started a long import."""
        if self.channel == "file" and self._is_in_background():
            self.user_id._bus_send(
                "simple_notification",
                {
                    "title": self.env._("Import finished"),
                    "message": self.env._(
                        "%(file)s: %(done)s leads imported, %(errors)s errors.",
                        file=self.name, done=self.imported_count, errors=self.error_count,
                    ),
                    "type": "success" if not self.error_count else "warning",
                    "sticky": True,
                },
            )  # fmt: skip

    def _get_unassigned(self, assigned):
        """Return the leads that were imported and that nobody got, each with the reason."""
        rows = self.env["lead.import.row"].sudo()
        domain = [("batch_id", "=", self.id), ("state", "=", "done"), ("lead_id", "not in", assigned.ids)]
        names = self._get_left_names()
        result = []
        for row in rows.search(domain, order="number"):
            code = "dnc" if row.do_not_call else row.code or "no_eligible"
            result.append({"lead_id": row.lead_id.id, "code": code, "reason": row.message or names.get(code, code)})
        return result

    def _get_answer(self):
        """Return the answer of ``POST /leads/bulk``. Source: import-distribution.md, R77, R78."""
        self.ensure_one()
        rows = self.env["lead.import.row"].sudo()
        domain = [("batch_id", "=", self.id)]
        failed = rows.search_read(
            [*domain, ("state", "in", ("error", "skipped"))], ["number", "code", "message"], order="number", load=None
        )
        inserted = rows.search_count([*domain, ("state", "=", "done")])
        assigned = self.run_id.sudo().assignment_ids.filtered("lead_id").sorted("id")
        callers = (self.figures or {}).get("callers", [])
        return {
            "success": True,
            "inserted_count": inserted,
            "error_count": len(failed),
            "errors": [{"row": row["number"], "code": row["code"], "message": row["message"]} for row in failed],
            "assignees_added": len((self.figures or {}).get("added", [])),
            "assignee_ids": callers,
            "lead_assignments": [
                {"lead_id": row.lead_id.id, "assignee_id": row.user_id.id, "assignee_name": row.user_name}
                for row in assigned
            ],
            "unassigned": self._get_unassigned(assigned.lead_id),
            "distribution_summary": {
                "total_leads": inserted,
                "total_callers": len(callers),
                "leads_per_caller": math.ceil(len(assigned) / len(callers)) if callers else 0,
            },
        }
