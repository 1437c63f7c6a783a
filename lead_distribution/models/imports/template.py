from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...importing.lookups import get_target_labels
from ...importing.meanings import is_meaning_table

MOST_COLUMNS, LONGEST_NAME = 20_000, 255


class LeadImportTemplate(models.Model):
    """A mapping of columns and values: kept with a name for people, or silently for files with the same columns."""

    _name = "lead.import.template"
    _description = "Mapping of an Import"
    _inherit = ["lead.distribution.typed"]
    _order = "is_named desc, write_date desc, id desc"

    name = fields.Char(required=True)
    is_named = fields.Boolean(
        help="Kept by a person under a name. Others are remembered by themselves.", string="Was named"
    )
    kind = fields.Selection([("leads", "Leads"), ("people", "Salespeople")], default="leads", required=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, index=True)
    signature = fields.Char(index=True, help="The same for files with the same columns.")
    mapping = fields.Json(help="Name of a column → its meaning.")
    meanings = fields.Json(help="Meaning of a column → its values → what they mean.")

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:  # Odoo asks for the right to what was, not to what has become of it
            self.check_access("write")
        return result

    @api.constrains("mapping", "meanings", "name")
    def _check_mapping(self):
        targets = get_target_labels(self.env)
        for template in self:
            mapping = template.mapping or {}
            meanings = list(mapping.values()) if isinstance(mapping, dict) else [None]
            if len(meanings) > MOST_COLUMNS or any(not isinstance(m, str) or m not in targets for m in meanings):
                raise ValidationError(self.env._("The mapping must say for each column what it means."))
            if not is_meaning_table(template.meanings or {}):
                raise ValidationError(self.env._("The mapping must say for each value what it means."))
            if len(template.name) > LONGEST_NAME:
                raise ValidationError(self.env._("A name has at most %s characters.", LONGEST_NAME))
