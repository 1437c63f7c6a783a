from odoo import api, models

from ...names import MANAGERS


class LeadDistributionPartlyOpen(models.AbstractModel):
    """A record that salespeople may name, as in their history, but not look into: the rest is for managers.

    Whoever opens one sees the short view, ``<module>.<model>_view_<type>_short``; where there is none, the one that
    Odoo makes of the name alone.
    """

    _name = "lead.distribution.partly.open"
    _inherit = "lead.distribution.guard"
    _description = "Record That Salespeople Read in Part"

    _open_to_salespeople = frozenset()  # set by the models

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Odoo asks for the right to read a field it groups by, except for many2many fields."""
        field = self._fields.get(groupby_spec.partition(":")[0].partition(".")[0])
        if field:
            self._check_field_access(field, "read")
        return super()._read_group_groupby(alias, groupby_spec, query)

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.user.has_group(MANAGERS))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        if not (self.env.su or self.env.user.has_group(MANAGERS)):
            name = f"lead_distribution.{self._name.replace('.', '_')}_view_{view_type}_short"
            short = self.env.ref(name, raise_if_not_found=False)
            if not short:
                return getattr(self, f"_get_default_{view_type}_view")(), self.env["ir.ui.view"]
            view_id = short.id
        return super()._get_view(view_id, view_type, **options)
