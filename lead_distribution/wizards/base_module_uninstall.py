from odoo import api, fields, models

from ..tools.numbers import format_number


class BaseModuleUninstall(models.TransientModel):
    """Says before the addon is uninstalled that the history of the leads goes with it."""

    _inherit = "base.module.uninstall"

    lead_distribution_loss = fields.Text(compute="_compute_lead_distribution_loss")

    @api.depends("module_ids")
    def _compute_lead_distribution_loss(self):
        for wizard in self:
            names = wizard._get_modules().mapped("name")
            wizard.lead_distribution_loss = self._describe_loss() if "lead_distribution" in names else False

    @api.model
    def _describe_loss(self):
        # as the system: all that goes is told, also what the administrator does not see
        runs = self.env["lead.distribution.run"].sudo().search_count([])
        rows = self.env["lead.distribution.assignment"].sudo().search_count([])
        return self.env._(
            "The history goes, too: %(runs)s, %(rows)s telling who got which lead and why, the lead statuses and what "
            "imports brought. The leads stay with those who have them now. Export first what has to be kept: this "
            "cannot be undone.",
            runs=self.env._("1 run") if runs == 1 else self.env._("%s runs", format_number(self.env, runs)),
            rows=self.env._("1 line") if rows == 1 else self.env._("%s lines", format_number(self.env, rows)),
        )
