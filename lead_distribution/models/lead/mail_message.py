from odoo import api, models


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        """A message of the holder, or an activity that somebody has done, is work on the lead."""
        messages = super().create(vals_list)
        on_leads = messages.filtered(
            lambda m: m.model == "crm.lead" and (m.message_type in ("comment", "email") or m.mail_activity_type_id)
        )
        done = on_leads.filtered("mail_activity_type_id")
        self.env["crm.lead"].sudo().browse(done.mapped("res_id")).exists()._note_work()
        on_leads -= done
        for author, mine in on_leads.grouped("author_id").items():
            leads = self.env["crm.lead"].sudo().browse(mine.mapped("res_id")).exists()
            leads.filtered(
                lambda lead, author=author: author in (lead.holder_id | lead.user_id).partner_id
            )._note_work()
        return messages
