from odoo import api, fields, models

from ...names import ARMS, MANAGERS

STATES = [
    ("ready", "To import"),
    ("update", "To update"),
    ("done", "Imported"),
    ("updated", "Updated"),
    ("skipped", "Skipped"),
    ("error", "Error"),
    ("cancelled", "Not imported"),
    ("undone", "Undone"),
    ("kept", "Lead kept"),
]


class LeadImportRow(models.Model):
    """One row of an imported file: what it said, what is to be done with it, what became of it.

    There may be 100,000 of them, so they are written in bulk, see ``importing/row_table.py``. Nobody
    edits them; the batch does, after checking rights.
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
    raw = fields.Json(help="The cells as they stand in the file.", string="As in the file")
    values = fields.Json(help="The cleaned values.")
    summary = fields.Char(compute="_compute_summary", string="Who")
    email_key = fields.Char(string="Email, to compare")
    phone_keys = fields.Json(string="Phones, to compare")
    name_key = fields.Char(string="Name, to compare")
    do_not_call = fields.Char(
        help="Why nobody may call: such leads are imported, but handed to nobody.", string="Do not call"
    )
    match_lead_id = fields.Many2one("crm.lead", string="Same as the lead", ondelete="set null", index="btree_not_null")
    match_partner_id = fields.Many2one("res.partner", string="Same as the contact", ondelete="set null")
    user_id = fields.Many2one("res.users", string="Salesperson", ondelete="set null")
    turn = fields.Integer(aggregator=None, string="Number in the run")
    line_up = fields.Integer(aggregator=None, string="Line-up")
    reason = fields.Char(string="Strategy and rules")
    arm = fields.Selection(ARMS, string="Way", groups=MANAGERS, help="Chosen by chance, in an experiment.")
    lead_id = fields.Many2one("crm.lead", ondelete="set null", index="btree_not_null")
    before = fields.Json(help="What an update wrote over, and what it wrote.")
    done_on = fields.Datetime(string="Done on")

    _batch_state_idx = models.Index("(batch_id, state, number)")

    @api.depends("values")
    def _compute_summary(self):
        for row in self:
            values = row.values or {}
            texts = (values.get(name) for name in ("contact_name", "partner_name", "email_from", "phone", "who"))
            row.summary = ", ".join(text for text in texts if text) or ", ".join(filter(None, row.raw or []))[:120]
