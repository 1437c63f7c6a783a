from odoo import api, fields, models

from ...importing.column_guess import SURE
from ...importing.targets import IGNORE, get_choices
from ...names import OPEN_IMPORTS


class LeadImportSheet(models.Model):
    """A sheet of an uploaded workbook, to choose from."""

    _name = "lead.import.sheet"
    _inherit = ["lead.distribution.part"]
    _part_of = "batch_id"
    _open_while = OPEN_IMPORTS
    _description = "Sheet of an Import"
    _order = "id"

    batch_id = fields.Many2one("lead.import.batch", required=True, ondelete="cascade", index=True)
    name = fields.Char()

    def _compute_display_name(self):
        for sheet in self:
            sheet.display_name = sheet.name or self.env._("The whole file")


class LeadImportColumn(models.Model):
    """A column of an uploaded file, and what it means."""

    _name = "lead.import.column"
    _inherit = ["lead.distribution.part"]
    _part_of = "batch_id"
    _open_while = OPEN_IMPORTS
    _description = "Column of an Import"
    _order = "position, id"

    batch_id = fields.Many2one("lead.import.batch", required=True, ondelete="cascade", index=True)
    batch_kind = fields.Selection(related="batch_id.kind")
    position = fields.Integer(readonly=True)
    name = fields.Char(string="Column", readonly=True)
    samples = fields.Char(readonly=True, help="The first values.")
    target = fields.Selection(get_choices(), string="Meaning", default=IGNORE, required=True)
    confidence = fields.Float(readonly=True)
    certainty = fields.Selection(
        [("sure", "Sure"), ("guess", "Please check"), ("kept", "As last time"), ("none", "–")],
        compute="_compute_certainty",
    )

    @api.depends("confidence", "target")
    def _compute_certainty(self):
        for column in self:
            if column.target == IGNORE or not column.confidence:
                column.certainty = "none"
            elif column.confidence > 1:
                column.certainty = "kept"
            else:
                column.certainty = "sure" if column.confidence >= SURE else "guess"
