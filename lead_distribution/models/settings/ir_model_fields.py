from odoo import models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ...finding.choosable import find_choosing


class IrModelFields(models.Model):
    """A field of leads that a campaign names is not deleted; where it goes with its addon, the campaign tells."""

    _inherit = "ir.model.fields"

    def unlink(self):
        of_leads = self.filtered(lambda field: field.model == "crm.lead")
        if of_leads and not self._is_distribution_leaving():
            choosing = list(find_choosing(of_leads))
            if choosing and not self.env.context.get(MODULE_UNINSTALL_FLAG):
                self._refuse_deleting(choosing)
            for choice in choosing:
                self._note_lost(choice)
        return super().unlink()

    def _is_distribution_leaving(self):
        """Whether campaigns go as well, and so have nothing to tell."""
        module = self.env["ir.module.module"].sudo().search([("name", "=", "lead_distribution")])  # the system's
        return module.state == "to remove"

    def _refuse_deleting(self, choosing):
        lines = [
            self.env._("“%(field)s” is “%(setting)s” of the campaign “%(campaign)s”: choose another one there first.",
                       field=choice.field.field_description, setting=choice.label, campaign=choice.campaign.name)
            for choice in choosing
        ]  # fmt: skip
        raise UserError("\n".join(dict.fromkeys(lines)))

    def _note_lost(self, choice):
        """Have the campaign tell in its form and its runs, until somebody has read it."""
        text = self.env._(
            "“%(setting)s” was “%(field)s”, which leads do not have any more: choose what is to count instead.",
            setting=choice.label,
            field=choice.field.field_description,
        )
        note = {"kind": "warning", "path": "", "text": text, "line": None, "lasting": True}
        choice.campaign.config_report = [*(choice.campaign.config_report or []), note]
