from odoo import api, models

from ...applying.due import look_anew
from ...live.pause import note_presence
from ...work.system import as_system


class ResourceCalendarLeaves(models.Model):
    """Leave and public holidays: who is there changes with them, and leads may wait for somebody.

    Whoever enters leave need not see whose it is to have leads tried again.
    """

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._note(as_system(leaves).resource_id.user_id)
        return leaves

    def write(self, vals):
        before, is_public = as_system(self).resource_id.user_id, self._is_of_all()
        result = super().write(vals)
        self._note(before | as_system(self).resource_id.user_id, is_public)
        return result

    def unlink(self):
        users, is_public = as_system(self).resource_id.user_id, self._is_of_all()
        result = super().unlink()
        self.browse()._note(users, is_public)
        return result

    def _is_of_all(self):
        return any(not leave.resource_id for leave in as_system(self))

    def _note(self, users, is_public=False):
        """Tell who depends on who is there; what is everybody's concerns the deadlines of all."""
        note_presence(users)
        if is_public or self._is_of_all():
            look_anew(self.env)
