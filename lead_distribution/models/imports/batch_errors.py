from odoo import models
from odoo.exceptions import UserError

from ...tools.safe_export import write_xlsx

STATES = ("error", "skipped", "cancelled")
AT_ONCE = 2000


class LeadImportBatch(models.Model):
    """The rows that were not imported, as a file: the original columns, the row number and the reasons."""

    _inherit = "lead.import.batch"

    def action_download_errors(self):
        self.ensure_one()
        if not sum((self.counts or {}).get(state, 0) for state in STATES):
            raise UserError(self.env._("Every row was imported."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/lead_distribution/import/{self.id}/errors",
            "target": "download",
        }

    def _make_error_file(self):
        """Return (name, bytes) of a workbook that can be mended and uploaded again."""
        self.ensure_one()
        columns = [column.name for column in self.column_ids]
        header = [*columns, self.env._("Row"), self.env._("Reason")]
        stem = (self.file_name or self.env._("import")).rsplit(".", 1)[0]
        data = write_xlsx(self.env._("Not imported"), header, self._iterate_error_rows(len(columns)))
        return f"{stem}_{self.env._('not imported')}.xlsx", data

    def _iterate_error_rows(self, width):
        last = 0
        domain = [("batch_id", "=", self.id), ("state", "in", STATES)]
        while True:
            rows = self.env["lead.import.row"].search([*domain, ("number", ">", last)], order="number", limit=AT_ONCE)
            if not rows:
                return
            for row in rows:
                raw = (row.raw or [])[:width] if width else [" | ".join(row.raw or [])]
                yield [*raw, *[""] * (width - len(raw)), row.number, row.message or ""]
            last = rows[-1].number
            rows.invalidate_recordset()
