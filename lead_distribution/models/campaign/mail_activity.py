from odoo import fields, models


class MailActivity(models.Model):
    """A to-do of ours knows what it is about, so it can be closed when that is over."""

    _inherit = "mail.activity"

    lead_distribution_todo = fields.Char(
        readonly=True, copy=False, help="What of a lead distribution went wrong; see reporting/todos.py."
    )
