from odoo import api, models


class LeadDistributionReferring(models.AbstractModel):
    """A record that names only what whoever writes it may read.

    Odoo shows the name of what a record refers to without asking for the right to it: whoever could write any id would
    read the names of teams, mappings and portal users of other companies.
    """

    _name = "lead.distribution.referring"
    _inherit = "lead.distribution.offered"
    _description = "Record That Names What Its Author May Read"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_named(self._fields)  # defaults of the context, too
        return records

    def write(self, vals):
        result = super().write(vals)
        self._check_named(vals)
        return result

    def _check_company(self, fnames=None):
        self._check_named(self._fields if fnames is None else fnames)  # Odoo says what is of another company by name
        return super()._check_company(fnames)

    def _check_named(self, names):
        """Refuse records that the user may not read.

        :param names: of the fields that were written
        :raise AccessError: if there are any
        """
        if self.env.su:
            return
        for field in (self._fields[name] for name in names if name in self._fields):
            if field.type in ("many2one", "many2many") and field.store and not field.compute and not field.related:
                self.sudo()[field.name].sudo(False).check_access("read")
