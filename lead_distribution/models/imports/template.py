from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...importing.column_guess import signature
from ...importing.targets import normal

MOST_COLUMNS, LONGEST_NAME = 20_000, 255
KEPT = 2.0  # confidence of a mapping that a person chose


class LeadImportTemplate(models.Model):
    """A mapping of columns that is kept: with a name for people, or silently for files with the same columns."""

    _name = "lead.import.template"
    _description = "Mapping of an Import"
    _inherit = ["lead.distribution.typed"]
    _order = "is_named desc, write_date desc, id desc"

    name = fields.Char(required=True)
    is_named = fields.Boolean(help="Kept by a person under a name. Others are remembered by themselves.")
    kind = fields.Selection([("leads", "Leads"), ("people", "Salespeople")], default="leads", required=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, index=True)
    signature = fields.Char(index=True, help="The same for files with the same columns.")
    mapping = fields.Json(help="Name of a column → its meaning.")

    @api.constrains("mapping", "name")
    def _check_mapping(self):
        targets = dict(self.env["lead.import.column"]._fields["target"]._description_selection(self.env))
        for template in self:
            mapping = template.mapping or {}
            meanings = list(mapping.values()) if isinstance(mapping, dict) else [None]
            if len(meanings) > MOST_COLUMNS or any(not isinstance(m, str) or m not in targets for m in meanings):
                raise ValidationError(self.env._("The mapping must say for each column what it means."))
            if len(template.name) > LONGEST_NAME:
                raise ValidationError(self.env._("A name has at most %s characters.", LONGEST_NAME))

    @api.model
    def _remember(self, batch):
        """Keep the mapping of a batch for files with the same columns."""
        if not batch.header_signature:
            return
        domain = [("signature", "=", batch.header_signature), ("is_named", "=", False), ("kind", "=", batch.kind),
                  ("company_id", "=", batch.company_id.id)]  # fmt: skip
        values = self._prepare_values(batch)
        template = self.search(domain, limit=1)
        if template:
            template.write(values)
        else:
            self.create(
                {**values, "name": batch.file_name or batch.header_signature, "company_id": batch.company_id.id}
            )

    @api.model
    def _prepare_values(self, batch):
        mapping = {normal(column.name): column.target for column in batch.column_ids}
        return {"mapping": mapping, "kind": batch.kind, "signature": batch.header_signature}


class LeadImportBatch(models.Model):
    """Mappings that are kept: by name, and remembered for the same columns."""

    _inherit = "lead.import.batch"

    template_id = fields.Many2one(
        "lead.import.template", string="Saved mapping", copy=False,
        domain="[('is_named', '=', True), ('kind', '=', kind), ('company_id', 'in', (False, company_id))]",
    )  # fmt: skip
    template_name = fields.Char(string="Save the mapping as", copy=False)

    def action_use_template(self):
        """Give the columns the meanings of the chosen mapping."""
        self.ensure_one()
        self._check_importer()
        mapping = self.template_id.mapping or {}
        if not mapping:
            raise UserError(self.env._("Choose a saved mapping first."))
        for column in self.column_ids:
            target = mapping.get(normal(column.name), "ignore")
            column.write({"target": target, "confidence": KEPT if target != "ignore" else 0})
        return self._reload_form()

    def action_save_template(self):
        self.ensure_one()
        self._check_importer()
        name = (self.template_name or "").strip()
        if not name:
            raise UserError(self.env._("Give the mapping a name to save it."))
        templates = self.env["lead.import.template"]
        self.template_id = templates.create(
            {**templates._prepare_values(self), "name": name, "is_named": True, "company_id": self.company_id.id}
        )
        self.template_name = False
        return self._reload_form()

    def _get_kept_targets(self, names):
        """Return [(target, confidence)] that a person chose for a file with the same columns, or None."""
        template = self.env["lead.import.template"].search(
            [("signature", "=", signature(names)), ("kind", "=", self.kind),
             ("company_id", "in", (False, self.company_id.id))], limit=1, order="write_date desc"
        )  # fmt: skip
        if not template:
            return None
        targets = [template.mapping.get(normal(name), "ignore") for name in names]
        return [(target, KEPT if target != "ignore" else 0) for target in targets]

    def _get_known_names(self):
        """Return {normal name of a column: meaning} of all mappings that were kept."""
        templates = self.env["lead.import.template"].search(
            [("kind", "=", self.kind), ("company_id", "in", (False, self.company_id.id))], limit=200, order="write_date"
        )
        known = {}
        for template in templates:
            known.update({name: target for name, target in (template.mapping or {}).items() if target != "ignore"})
        return known
