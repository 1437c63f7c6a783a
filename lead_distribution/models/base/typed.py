from odoo import api, models

from ...tools.limits import check_values


class LeadDistributionTyped(models.AbstractModel):
    """What all records have in common that somebody fills in: nothing in them is larger than it can be.

    Checked before anything is written, so that a text or a number that the database cannot
    hold is refused in words.
    """

    _name = "lead.distribution.typed"
    _description = "Something Filled In"

    # {field: largest number of characters, or (smallest, largest) of a number}, where the type's own does not fit
    _limits = {}
    # {text: field that keeps who wrote it}
    _authors = {}

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._with_authors(vals, self._authors) for vals in vals_list]
        check_values(self, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        vals = self._with_authors(vals, self._authors.keys() & vals.keys())
        check_values(self, [vals])
        return super().write(vals)

    @api.model
    def _with_authors(self, vals, names):
        """Return the values with the present user as the author of some texts; authors cannot be chosen."""
        kept = {name: value for name, value in vals.items() if name not in self._authors.values()}
        return {**kept, **{self._authors[name]: self.env.uid for name in names}}
