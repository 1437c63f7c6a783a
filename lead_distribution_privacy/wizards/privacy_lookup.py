from odoo import api, models
from odoo.tools import SQL, email_normalize

from ..applying.forget import get_way
from ..finding.person import Person
from ..finding.records import find_records


class PrivacyLookupWizard(models.TransientModel):
    """Odoo's look-up of a person, by name and address: in imports, the history, reports and experiments, too."""

    _inherit = "privacy.lookup.wizard"

    def _get_person(self):
        return Person(self.name, email_normalize(self.email.strip()) or self.email.strip())

    def _get_query_models_blacklist(self):
        return [*super()._get_query_models_blacklist(), "lead.import.row"]  # found below, with all its cells

    def _get_query(self):
        query = super()._get_query()  # refuses what is no address
        for name, ids in find_records(self.env, self._get_person()).items():
            model = self.env[name]
            query = SQL(
                "%s UNION SELECT %s AS res_model_id, id AS res_id, %s AS is_active FROM %s WHERE id = ANY(%s)",
                query,
                self.env["ir.model"]._get_id(name),
                SQL.identifier("active") if "active" in model else True,
                SQL.identifier(model._table),
                ids,
            )
        return query


class PrivacyLookupWizardLine(models.TransientModel):
    """Deleting takes the person out of what must stay: what was imported and handed out still adds up."""

    _inherit = "privacy.lookup.wizard.line"

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        result = super()._compute_res_name()
        for line in self.filtered(lambda line: line.res_model == "lead.import.row"):
            row = self.env["lead.import.row"].sudo().browse(line.res_id).exists()  # named as Odoo names all others
            if row:
                line.res_name = self.env._("Row %(number)s of %(file)s", number=row.number, file=row.batch_id.name)
        return result

    def action_unlink(self):
        self.ensure_one()
        self.check_access("write")
        # as Odoo's own: administrators clean what they may not look at
        record = self.env[self.res_model].sudo().browse(self.res_id).exists()
        way = get_way(record) if record and not self.is_unlinked else None
        if not way:
            return super().action_unlink()
        way(record, self.wizard_id._get_person())
        model, number = self.res_model_id.name, self.res_id
        self.execution_details = self.env._("Personal data removed: %(model)s #%(number)s", model=model, number=number)
        self.is_unlinked = True
        return None
