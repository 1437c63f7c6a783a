from odoo import api, models

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
        note_presence(as_system(leaves).resource_id.user_id)
        return leaves

    def write(self, vals):
        before = as_system(self).resource_id.user_id
        result = super().write(vals)
        note_presence(before | as_system(self).resource_id.user_id)
        return result

    def unlink(self):
        users = as_system(self).resource_id.user_id
        result = super().unlink()
        note_presence(users)
        return result
