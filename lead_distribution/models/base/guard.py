from odoo import api, models
from odoo.exceptions import AccessError

from ...names import MANAGERS

# who follows a record, and what of it one has not read: guarded by Odoo. What was written and is to be done is not:
# Odoo searches it without asking for the rights to it, as it takes who reads a record for who reads what is beside it
THREAD, CLOSED = "mail.thread", ("message_ids", "website_message_ids")


class LeadDistributionGuard(models.AbstractModel):
    """Fields that only the addon's own code writes: who takes part, when and by what a lead was handed out.

    Limits, deadlines, verification and undoing rely on them, so nobody gives them from outside, in
    whatever way: writing, creating, importing a file, or a default in the context. Code writes
    them with full rights, after it has asked for those of the user.

    And fields that are for managers only, where salespeople may name a record without looking into it.
    """

    _name = "lead.distribution.guard"
    _description = "Fields Nobody Writes by Hand"

    _written_by_code = frozenset()  # names of fields; set by the models
    _open_to_salespeople = None  # names of fields, the others are for managers; None: all are open

    @api.model
    def _is_closed_to_users(self, field, operation):
        return operation == "write" and field.name in self._written_by_code and not self.env.su

    @api.model
    def _is_for_managers(self, field):
        if self.env.su or self._open_to_salespeople is None or field.name in self._open_to_salespeople:
            return False
        of_thread = field.name in self.env[THREAD]._fields and field.name not in CLOSED
        return not (of_thread or self.env.user.has_group(MANAGERS))

    @api.model
    def _has_field_access(self, field, operation):
        closed = self._is_closed_to_users(field, operation) or self._is_for_managers(field)
        return not closed and super()._has_field_access(field, operation)

    @api.model
    def _check_field_access(self, field, operation):
        """As Odoo's; says in words why nobody writes these fields.

        :raise AccessError: when the user may not read or write the field
        """
        if self._is_closed_to_users(field, operation):
            label = field._description_string(self.env)
            raise AccessError(self.env._("“%s” is filled in by the distribution itself: nobody sets it.", label))
        return super()._check_field_access(field, operation)
