from odoo import api, models
from odoo.exceptions import AccessError


class LeadDistributionGuard(models.AbstractModel):
    """Fields that only the addon's own code writes: who takes part, when and by what a lead was handed out.

    Limits, deadlines, verification and undoing rely on them, so nobody gives them from outside, in
    whatever way: writing, creating, importing a file, or a default in the context. Code writes
    them with full rights, after it has asked for those of the user.
    """

    _name = "lead.distribution.guard"
    _description = "Fields Nobody Writes by Hand"

    _written_by_code = frozenset()  # names of fields; set by the models

    @api.model
    def _is_closed_to_users(self, field, operation):
        return operation == "write" and field.name in self._written_by_code and not self.env.su

    @api.model
    def _has_field_access(self, field, operation):
        return not self._is_closed_to_users(field, operation) and super()._has_field_access(field, operation)

    @api.model
    def _check_field_access(self, field, operation):
        """As Odoo's; says in words why nobody writes these fields.

        :raise AccessError: when the user may not read or write the field
        """
        if self._is_closed_to_users(field, operation):
            label = field._description_string(self.env)
            raise AccessError(self.env._("“%s” is filled in by the distribution itself: nobody sets it.", label))
        return super()._check_field_access(field, operation)
