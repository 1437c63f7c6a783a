from odoo import api, models

from ...applying.touches import note_messages


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        """A message of the holder, or an activity that somebody has done, is work on the lead."""
        messages = super().create(vals_list)
        note_messages(messages)
        return messages
