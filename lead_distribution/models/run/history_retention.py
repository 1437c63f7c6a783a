import base64
import csv
import gzip
import io
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ...names import MASKED
from ...reporting.writers import safe_cell
from ...work.inside import YES

ROWS_AT_ONCE = 5000  # rows of one file and one transaction
FINISHED = ("planned", "done", "failed", "cancelled", "reverted")  # all states but applying


class LeadDistributionCampaign(models.Model):
    """How long the history is kept. Source: specification 9.4 ``retention_days``, 13.2.

    The daily clean-up writes rows past their age into compressed CSV files, and removes
    them in the same transaction: assignments first, then tracking lines, then runs.
    """

    _inherit = "lead.distribution.campaign"

    @api.autovacuum
    def _gc_history(self):
        """Archive and remove one batch; the clean-up calls again while something remains.

        :return: (rows removed, rows that remain, counted up to a batch)
        """
        done = remaining = 0
        for campaign in self.with_context(active_test=False).search([("retention_days", ">", 0)], order="id"):
            for model in campaign._get_history_models():
                domain = campaign._get_expired_domain(model)
                # by date: the index of campaign and date leads to the old ones
                batch = model.search(domain, order="distribution_date, id", limit=ROWS_AT_ONCE)
                if not batch:
                    continue
                campaign._archive_and_remove(batch)
                done += len(batch)
                if len(batch) == ROWS_AT_ONCE:
                    remaining += model.search_count(domain, limit=ROWS_AT_ONCE)
                    break  # runs go last, when nothing hangs on them any more
        return done, remaining

    def _get_history_models(self):
        names = ("lead.distribution.assignment", "lead.distribution.run.member", "lead.distribution.run")
        return [self.env[name] for name in names]

    def _get_expired_domain(self, model):
        """Return what is past its age; nothing of a run that is still being applied, ever."""
        limit = self._get_today() - timedelta(days=self.retention_days)
        domain = Domain("campaign_id", "=", self.id) & Domain("distribution_date", "<", limit)
        if model._name == "lead.distribution.run":
            return domain & Domain("state", "in", FINISHED) & Domain("assignment_ids", "=", False)
        return domain & Domain("run_id.state", "in", FINISHED)

    def _archive_and_remove(self, rows):
        if self.archive_history:
            self.env["ir.attachment"].create(self._prepare_archive(rows))
        rows.with_context(lead_distribution_clean_up=YES).unlink()

    def _prepare_archive(self, rows):
        """Return the attachment with the rows as compressed CSV; its columns are the fields of the model."""
        names = [
            name for name, field in rows._fields.items()
            if field.store and field.type not in ("one2many", "many2many") and name != "id"
        ]  # fmt: skip
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        writer.writerow(["id", *names])
        for values in rows.read(names, load=None):
            if self.mask_personal_data and values.get("lead_name"):
                values["lead_name"] = MASKED
            writer.writerow([values["id"], *(safe_cell(values[name]) for name in names)])
        dates = rows.mapped("distribution_date")
        title = rows._name.rsplit(".", 1)[-1]
        return {
            "name": f"{title}-{min(dates)}-{max(dates)}-{rows[0].id}.csv.gz",
            "res_model": self._name,
            "res_id": self.id,
            "mimetype": "application/gzip",
            "datas": base64.b64encode(gzip.compress(buffer.getvalue().encode(), mtime=0)),
        }

    @api.autovacuum
    def _gc_personal_data(self):
        """Mask the names of leads in the history after the campaign's number of days."""
        done = 0
        campaigns = self.with_context(active_test=False)
        for campaign in campaigns.search([("mask_personal_data", "=", True)], order="id"):
            limit = campaign._get_today() - timedelta(days=campaign.mask_days)
            rows = self.env["lead.distribution.assignment"].search(
                [
                    ("campaign_id", "=", campaign.id),
                    ("distribution_date", "<", limit),
                    ("lead_name", "not in", (False, MASKED)),
                    ("state", "!=", "planned"),
                ],
                order="distribution_date, id",
                limit=ROWS_AT_ONCE,
            )
            rows.write({"lead_name": MASKED})
            done += len(rows)
            if len(rows) == ROWS_AT_ONCE:
                return done, 1
        return done, 0
