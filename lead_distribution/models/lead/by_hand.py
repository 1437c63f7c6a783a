from odoo import api, models

from ...live.by_hand import find_given, tell_later, warn


class CrmLead(models.Model):
    """Giving a lead to somebody who is away or full: it is told, and not stopped."""

    _inherit = "crm.lead"

    @api.onchange("user_id", "open_user_id")
    def _onchange_given_by_hand(self):
        warning = warn(self)
        return {"warning": warning} if warning else None

    def write(self, vals):
        given = find_given(self, vals)
        result = super().write(vals)
        if given:
            tell_later(self.env, given)
        return result
