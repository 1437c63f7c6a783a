import base64

from odoo import api, fields, models


class LeadDistributionConfigText(models.TransientModel):
    """A campaign as text: to read, to keep under version control, to move to another database."""

    _name = "lead.distribution.config.text"
    _inherit = ["lead.distribution.form"]
    _description = "Campaign as Text"

    campaign_id = fields.Many2one("lead.distribution.campaign", required=True, readonly=True)
    config_text = fields.Text(string="Configuration", compute="_compute_config_text")
    file = fields.Binary(compute="_compute_config_text")
    file_name = fields.Char(compute="_compute_config_text", string="Name of the file")

    @api.depends("campaign_id")
    def _compute_config_text(self):
        for wizard in self:
            text = wizard.campaign_id.dump_config() if wizard.campaign_id else ""
            wizard.config_text = text
            wizard.file = base64.b64encode(text.encode())
            wizard.file_name = f"{wizard.campaign_id.name or ''}.yaml"
