from odoo import api, fields, models

from ..applying.reverter import foresee_revert
from ..reporting.reverted import list_reasons
from ..work.rights import check_manager
from ..work.system import as_system


class LeadDistributionRevert(models.TransientModel):
    """Asks before a run is reverted: how many leads go back, how many stay, and why."""

    _name = "lead.distribution.revert"
    _inherit = ["lead.distribution.form"]
    _description = "Revert a Run"

    run_id = fields.Many2one("lead.distribution.run", required=True, readonly=True, ondelete="cascade")
    leads_back = fields.Integer(readonly=True)
    leads_kept = fields.Integer(readonly=True)
    going_back = fields.Char(compute="_compute_texts")
    staying = fields.Char(compute="_compute_texts")
    reasons = fields.Char(readonly=True)
    is_told = fields.Boolean(string="People are told", compute="_compute_texts")

    def _check_allowed(self):
        for wizard in self:
            check_manager(wizard.run_id.campaign_id)

    @api.model
    def _open(self, run):
        """Look what reverting would do, and return the action that asks."""
        check_manager(run.campaign_id)
        system_run = as_system(run)
        system_run._check_may_revert()
        back, kept = foresee_revert(system_run)
        wizard = self.create(
            {
                "run_id": run.id, "leads_back": back, "leads_kept": sum(kept.values()),
                "reasons": list_reasons(self.env, kept) if kept else False,
            }
        )  # fmt: skip
        return wizard._get_form_action(self.env._("Revert %s?", run.name))

    @api.depends("leads_back", "leads_kept", "run_id.leads_dropped_back", "run_id.campaign_id.notify_salespeople")
    def _compute_texts(self):
        for wizard in self:
            back, kept = wizard.leads_back, wizard.leads_kept
            wizard.is_told = wizard.run_id.campaign_id.notify_salespeople != "none"
            one = self.env._("1 lead goes back to where it came from.")
            wizard.going_back = one if back == 1 else self.env._("%s leads go back to where they came from.", back)
            if back and wizard.run_id.leads_dropped_back:
                wizard.going_back += " " + self.env._("Those that were dropped back are among them.")
            wizard.staying = self.env._("1 stays, because") if kept == 1 else self.env._("%s stay, because", kept)

    def action_revert(self):
        """Revert, and say what came of it."""
        self.ensure_one()
        is_done = self.run_id._start_revert()
        text = self.run_id.revert_summary if is_done else self.env._("You can leave the page; the work goes on.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Reverted") if is_done else self.env._("The leads are being put back"),
                "message": text,
                "type": "warning" if self.run_id.leads_kept else "success",
                "sticky": bool(self.run_id.leads_kept),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
