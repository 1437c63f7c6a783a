from datetime import timedelta

from odoo import api, fields, models

KEPT = timedelta(days=400)  # longer than any deadline runs


class LeadDistributionStopped(models.Model):
    """A pause that is over: working hours do not run while somebody pauses. Written when a pause ends or changes."""

    _name = "lead.distribution.stopped"
    _description = "Past Pause"
    _order = "id desc"
    _rec_name = "user_id"
    _log_access = False

    user_id = fields.Many2one("res.users", string="Salesperson", required=True, ondelete="cascade")
    date_from = fields.Datetime(required=True, string="Paused from")
    date_to = fields.Datetime(required=True, string="Paused until")

    _user_idx = models.Index("(user_id, date_to)")

    @api.autovacuum
    def _gc_stopped(self):
        self.search([("date_to", "<", fields.Datetime.now() - KEPT)]).unlink()
