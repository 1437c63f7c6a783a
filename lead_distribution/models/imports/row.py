import json

from odoo import api, fields, models
from odoo.tools import SQL

STATES = [
    ("ready", "To import"),
    ("update", "To update"),
    ("done", "Imported"),
    ("updated", "Updated"),
    ("skipped", "Skipped"),
    ("error", "Error"),
    ("cancelled", "Not imported"),
    ("undone", "Undone"),
    ("kept", "Kept"),
]
COLUMNS = {
    "batch_id": "int", "number": "int", "state": "text", "code": "text", "message": "text", "raw": "jsonb",
    "values": "jsonb", "email_key": "text", "phone_keys": "jsonb", "name_key": "text", "do_not_call": "text",
    "match_lead_id": "int", "match_partner_id": "int", "user_id": "int", "turn": "int", "line_up": "int",
    "reason": "text", "lead_id": "int",
    "before": "jsonb", "done_on": "timestamp",
}  # fmt: skip


class LeadImportRow(models.Model):
    """One row of an imported file: what it said, what is to be done with it, what became of it.

    There may be 100,000 of them, so rows are written in bulk, see ``_insert_rows`` and
    ``_update_rows``. Nobody edits them; the batch does, after checking rights.
    """

    _name = "lead.import.row"
    _description = "Row of a Lead Import"
    _order = "batch_id, number"
    _rec_name = "number"

    batch_id = fields.Many2one("lead.import.batch", required=True, ondelete="cascade")
    number = fields.Integer(string="Row", aggregator=None, help="The row of the file, as a spreadsheet counts.")
    state = fields.Selection(STATES, required=True)
    code = fields.Char(help="The kind of the reason.")
    message = fields.Char(string="Reason")
    raw = fields.Json(help="The cells as they stand in the file.")
    values = fields.Json(help="The cleaned values.")
    summary = fields.Char(compute="_compute_summary", string="Who")
    email_key = fields.Char()
    phone_keys = fields.Json()
    name_key = fields.Char()
    do_not_call = fields.Char(help="Why nobody may call: such leads are imported, but handed to nobody.")
    match_lead_id = fields.Many2one("crm.lead", string="Same as the lead", ondelete="set null", index="btree_not_null")
    match_partner_id = fields.Many2one("res.partner", string="Same as the contact", ondelete="set null")
    user_id = fields.Many2one("res.users", string="Caller", ondelete="set null")
    turn = fields.Integer(aggregator=None)
    line_up = fields.Integer(aggregator=None)
    reason = fields.Char(string="Strategy and rules")
    lead_id = fields.Many2one("crm.lead", ondelete="set null", index="btree_not_null")
    before = fields.Json(help="What an update wrote over, and what it wrote.")
    done_on = fields.Datetime()

    _batch_state_idx = models.Index("(batch_id, state, number)")

    @api.depends("values")
    def _compute_summary(self):
        for row in self:
            values = row.values or {}
            texts = (values.get(name) for name in ("contact_name", "partner_name", "email_from", "phone", "who"))
            row.summary = ", ".join(text for text in texts if text) or ", ".join(filter(None, row.raw or []))[:120]

    @api.model
    def _insert_rows(self, rows):
        """Insert many rows with one statement.

        :param rows: list of dicts with keys of ``COLUMNS``
        """
        if not rows:
            return
        names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        types = SQL(", ").join(SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in COLUMNS.items())
        statement = SQL(
            "INSERT INTO lead_import_row (%s, create_uid, create_date) SELECT %s, %s, %s FROM "
            "jsonb_to_recordset(%s::jsonb) AS r(%s)",
            names, names, self.env.uid, self.env.cr.now(), _dump(rows), types,
        )  # fmt: skip
        self.env.cr.execute(statement)
        self.invalidate_model()

    @api.model
    def _update_rows(self, rows, *names):
        """Set these columns of many rows with one statement; ``rows`` are dicts with ``id``."""
        if not rows:
            return
        types = SQL(", ").join(SQL("%s %s", SQL.identifier(name), SQL(COLUMNS[name])) for name in names)
        settings = SQL(", ").join(SQL("%s = v.%s", SQL.identifier(name), SQL.identifier(name)) for name in names)
        statement = SQL(
            "UPDATE lead_import_row r SET %s FROM jsonb_to_recordset(%s::jsonb) AS v(id int, %s) WHERE r.id = v.id",
            settings, _dump(rows), types,
        )  # fmt: skip
        self.env.cr.execute(statement)
        self.invalidate_model()


def _dump(rows):
    return json.dumps(rows, default=str, ensure_ascii=True)
