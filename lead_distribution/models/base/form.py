from odoo import api, models


class LeadDistributionForm(models.AbstractModel):
    """A form somebody fills in: it refers to nothing that its author may not read.

    What a form shows is worked out when it is stored, by whoever stores it, so rights are asked then.
    """

    _name = "lead.distribution.form"
    _inherit = "lead.distribution.offered"
    _description = "Form of Lead Distribution"

    @api.model_create_multi
    def create(self, vals_list):
        forms = super().create(vals_list)
        forms._check_references()
        forms._check_allowed()
        return forms

    def write(self, vals):
        result = super().write(vals)
        self._check_references()
        self._check_allowed()
        return result

    def _check_references(self):
        """Refuse records that the user may not read.

        :raise AccessError: if there are any
        """
        for name, field in self._fields.items():
            if field.type in ("many2one", "many2many") and field.store and not field.compute:
                self[name].check_access("read")

    def _get_form_action(self, name):
        """Return the action that shows this form in a dialog, or shows it anew.

        :param name: title of the dialog
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _check_allowed(self):
        """Hook: refuse what else this user may not ask for."""
