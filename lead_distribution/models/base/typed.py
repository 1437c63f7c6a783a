from odoo import api, models

from ...experiments import in_step
from ...live.settings import note_settings
from ...tools.limits import check_values


class LeadDistributionTyped(models.AbstractModel):
    """What all records have in common that somebody fills in: nothing in them is larger than it can be.

    Checked before anything is written, so that a text or a number that the database cannot
    hold is refused in words. What an experiment has in common with its campaign is kept in step. And who
    waits for a lead, or a lead for them, is looked at again when a setting changes.
    """

    _name = "lead.distribution.typed"
    _inherit = "lead.distribution.referring"
    _description = "Something Filled In"

    # {field: largest number of characters, or (smallest, largest) of a number}, where the type's own does not fit
    _limits = {}
    # {text: field that keeps who wrote it}
    _authors = {}

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._with_authors(vals, self._authors) for vals in vals_list]
        check_values(self, vals_list)
        records = super().create(vals_list)
        in_step.add_people(records)
        note_settings(records, records._fields)
        return records

    def write(self, vals):
        vals = self._with_authors(vals, self._authors.keys() & vals.keys())
        check_values(self, [vals])
        twins = in_step.find_twins(self, vals)
        result = super().write(vals)
        in_step.write_people(self, twins, vals)
        in_step.write_campaigns(self, vals)
        note_settings(self, vals)
        return result

    def unlink(self):
        note_settings(self, self._fields)
        twins = in_step.find_twins(self, in_step.OF_MEMBERS)
        result = super().unlink()
        in_step.remove_people(twins)
        return result

    @api.model
    def _with_authors(self, vals, names):
        """Return the values with the present user as the author of some texts; authors cannot be chosen."""
        kept = {name: value for name, value in vals.items() if name not in self._authors.values()}
        return {**kept, **{self._authors[name]: self.env.uid for name in names}}
