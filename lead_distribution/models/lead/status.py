from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...finding.statuses import normalize_code
from ...tools.uses import find_uses


class CrmLeadStatus(models.Model):
    """How far the work on a lead is, as callers say it: new, call back, do not call.

    A status decides which leads qualify for a distribution, never who gets them. It is
    not a pipeline stage: leads that were never made opportunities have one too.
    """

    _name = "crm.lead.status"
    _description = "Lead Status"
    _inherit = ["lead.distribution.typed"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        compute="_compute_code",
        store=True,
        readonly=False,
        precompute=True,
        help="Technical name, used in configurations and files. Case, blanks and repeated "
        "underscores do not matter: it is kept in its normal form.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    category = fields.Selection(
        [
            ("open", "Open"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("cancelled", "Cancelled"),
            ("do_not_call", "Do not call"),
        ],
        default="open",
        required=True,
        help="Won, lost and cancelled leads are closed: a campaign can leave them out. "
        "Leads not to be called are never handed to anybody.",
    )
    is_closed = fields.Boolean(compute="_compute_is_closed", search="_search_is_closed", string="Closes the lead")

    is_folded = fields.Boolean(
        compute="_compute_is_folded",
        help="Stands behind the others where one sets a status.",
        string="Folded in the status bar",
    )

    _code_unique = models.UniqueIndex("(code)", "Another lead status has this code already.")

    @api.depends("name")
    def _compute_code(self):
        for status in self:
            status.code = status.code or normalize_code(status.name)

    @api.depends("category")
    def _compute_is_closed(self):
        for status in self:
            status.is_closed = status.category in ("won", "lost", "cancelled")

    @api.depends("category")
    def _compute_is_folded(self):
        for status in self:
            status.is_folded = status.category != "open"

    def _search_is_closed(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("category", "in" if True in value else "not in", ["won", "lost", "cancelled"])]

    @api.constrains("code")
    def _check_code(self):
        for status in self:
            if not normalize_code(status.code).strip("_"):
                raise ValidationError(self.env._("The status “%s” needs a code with letters or digits.", status.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unused(self):
        uses = find_uses(self, history=("lead.distribution.assignment", "lead.import.value"))
        if uses:
            places = ", ".join(f"{words}: {count}" for words, count in uses.items())
            text = self.env._(
                "%(statuses)s: still in use, so it cannot be deleted; archive it instead. It is used here: %(places)s.",
                statuses=", ".join(self.mapped("name")),
                places=places,
            )
            raise UserError(text)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_normal_code(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_normal_code(vals))

    def _with_normal_code(self, vals):
        if vals.get("code"):
            vals = dict(vals, code=normalize_code(vals["code"]))
        return vals
