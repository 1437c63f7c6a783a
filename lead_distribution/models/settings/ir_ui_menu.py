from odoo import models

from ...names import MANAGERS


class IrUiMenu(models.Model):
    """For salespeople the menu begins with their leads, for managers with the dashboard."""

    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        hidden = super()._load_menus_blacklist()
        first = self.env.ref("lead_distribution.lead_distribution_my_leads_menu", raise_if_not_found=False)
        return [*hidden, first.id] if first and self.env.user.has_group(MANAGERS) else hidden
