from odoo import api, models
from odoo.fields import Domain

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
        before, of_all = as_system(self).resource_id.user_id, self._find_everybody()
        result = super().write(vals)
        self._note(before | as_system(self).resource_id.user_id, of_all)
        return result

    def unlink(self):
        users, of_all = as_system(self).resource_id.user_id, self._find_everybody()
        result = super().unlink()
        self.browse()._note(users, of_all)
        return result

    def _find_everybody(self):
        """Return the people whom public holidays concern."""
        public = as_system(self).filtered(lambda leave: not leave.resource_id)
        companies = public.company_id or (public and public.env["res.company"].search(Domain.TRUE))
        return companies.user_ids if public else self.env["res.users"]

    def _note(self, users, of_all=None):
        """Tell who depends on who is there; the deadlines of everybody are reckoned anew by the schedule."""
        note_presence(users)
        everybody = as_system(of_all or self.env["res.users"]) | self._find_everybody()
        if everybody:
            look_anew(self.env, everybody)
