from odoo import api, fields, models
from odoo.exceptions import UserError

from ..reporting.mails import attach_report, send_report
from ..reporting.readers import can_read, get_report_users
from ..work.rights import check_manager
from ..work.system import as_system


class LeadDistributionReportSend(models.TransientModel):
    """Says to whom the report of a run goes before it is sent, and that it was afterwards."""

    _name = "lead.distribution.report.send"
    _inherit = ["lead.distribution.form"]
    _description = "Report to Send"

    run_id = fields.Many2one("lead.distribution.run", required=True, ondelete="cascade")
    user_ids = fields.Many2many(
        "res.users",
        string="To",
        compute="_compute_user_ids",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
        help="At first those the campaign names for its reports, else its responsible.",
    )

    @api.depends("run_id")
    def _compute_user_ids(self):
        for wizard in self:
            wizard.user_ids = get_report_users(wizard.run_id.campaign_id) if wizard.run_id else False

    def _check_allowed(self):
        for wizard in self:
            check_manager(wizard.run_id.campaign_id)

    def action_send(self):
        """Send the report to these people, and say so."""
        self.ensure_one()
        check_manager(self.run_id.campaign_id)
        run, users = as_system(self.run_id), as_system(self.user_ids)
        if not users:
            raise UserError(self.env._("Choose who is to get the report."))
        unreached = users.filtered(lambda user: not user.email or not can_read(user, run.campaign_id))
        if unreached:
            names = ", ".join(unreached.mapped("name"))
            raise UserError(self.env._("No email address, or no right to see the campaign: %s", names))
        send_report(run, attach_report(run), users.partner_id)
        addresses = ", ".join(f"{user.name} <{user.email}>" for user in users)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The report goes to %s.", addresses),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
