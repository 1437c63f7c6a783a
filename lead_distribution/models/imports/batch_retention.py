import base64
import csv
import gzip
import io
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...names import MASKED
from ...reporting.writers import safe_cell
from ...work.inside import YES, get_inside

OVER = ("done", "cancelled", "failed", "undone")
PERSONAL = ("raw", "values", "email_key", "phone_keys", "name_key", "before")
ROWS_READ = 2000


class LeadDistributionCampaign(models.Model):
    """Imports grow old with the history of their campaign: files, rows and samples hold personal data.

    Source: specification 9.4 ``retention_days``, 13.2. The leads themselves are not touched.
    """

    _inherit = "lead.distribution.campaign"

    @api.autovacuum
    def _gc_imports(self):
        """Remove one old import of each campaign; the clean-up calls again while some remain.

        :return: (imports removed, imports that remain)
        """
        done = remaining = 0
        for campaign in self.with_context(active_test=False).search([("retention_days", ">", 0)], order="id"):
            domain = campaign._get_old_imports_domain(campaign.retention_days)
            batches = self.env["lead.import.batch"].search(domain, order="id", limit=2)
            if not batches:
                continue
            batches[0]._give_up()
            if campaign.archive_history:
                self.env["ir.attachment"].create(batches[0]._prepare_archive())
            batches[0].with_context(lead_distribution_clean_up=YES).unlink()
            done += 1
            remaining += len(batches) - 1
        return done, remaining

    @api.autovacuum
    def _gc_import_personal_data(self):
        """Take the personal data out of one import of each campaign that is past its number of days."""
        done = remaining = 0
        for campaign in self.with_context(active_test=False).search([("mask_personal_data", "=", True)], order="id"):
            domain = campaign._get_old_imports_domain(campaign.mask_days) & Domain("is_masked", "=", False)
            batches = self.env["lead.import.batch"].search(domain, order="id", limit=2)
            batches[:1]._mask()
            done += len(batches[:1])
            remaining += len(batches[1:])
        return done, remaining

    def _get_old_imports_domain(self, days):
        limit = self._get_today() - timedelta(days=days)
        return Domain("campaign_id", "=", self.id) & Domain("state", "in", OVER) & Domain("started_on", "<", limit)


class LeadImportBatch(models.Model):
    _inherit = "lead.import.batch"

    def _mask(self):
        """Delete the file, the cells, the samples and the names in reasons; numbers and links to leads stay."""
        if not self:
            return
        self._give_up()
        settings = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in PERSONAL)
        self.env["lead.import.row"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE lead_import_row SET %s, message = CASE WHEN message IS NULL OR user_id IS NOT NULL "
                "THEN message ELSE %s END WHERE batch_id = %s",
                settings, MASKED, self.id,
            )
        )  # fmt: skip
        self.env["lead.import.row"].invalidate_model()
        self.column_ids.write({"samples": False})
        answer = dict(self.answer or {})
        answer["errors"] = [{**error, "message": MASKED} for error in answer.get("errors", [])]
        self.write({"file": False, "is_masked": True, "error": False, "answer": answer if self.answer else False})

    def _give_up(self):
        """Stop what failed and was not gone on with in all that time: its run ends, too."""
        if self.state == "failed":
            self._stop()

    def _prepare_archive(self):
        """Return the attachment with the rows as compressed CSV; without cells if names are masked."""
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        with_cells = not (self.campaign_id.mask_personal_data or self.is_masked)
        names = [column.name for column in self.column_ids] if with_cells else []
        writer.writerow(["row", "state", "code", "salesperson", "lead_id", *map(safe_cell, names)])
        last, rows = 0, self.env["lead.import.row"]
        while True:
            found = rows.search([("batch_id", "=", self.id), ("id", ">", last)], order="id", limit=ROWS_READ)
            if not found:
                break
            for row in found:
                cells = [safe_cell(cell) for cell in row.raw or []] if with_cells else []
                user = safe_cell(row.user_id.name or "")
                writer.writerow([row.number, row.state, row.code or "", user, row.lead_id.id or "", *cells])
            last = found[-1].id
            found.invalidate_recordset()
        return {
            "name": f"import-{self.started_on.date()}-{self.id}.csv.gz",
            "res_model": "lead.distribution.campaign",
            "res_id": self.campaign_id.id,
            "mimetype": "application/gzip",
            "datas": base64.b64encode(gzip.compress(buffer.getvalue().encode(), mtime=0)),
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        """History cannot be deleted by anybody but the clean-up."""
        if self.env.su and get_inside(self.env, "lead_distribution_clean_up"):
            return None
        return super()._unlink_only_drafts()
