from odoo import api, models

TOLD = "lead_distribution.scheduler_told"


class IrCron(models.Model):
    _inherit = "ir.cron"

    @api.model
    def _notifydb(self):
        """Wake the scheduler as Odoo does, once a commit, whatever was triggered in it.

        Each call opens a connection to PostgreSQL, which costs more than all else that a lead that comes is put into
        the list with; and Odoo's own enriching wakes the scheduler for the same lead.
        """
        told = self.env.cr.postcommit.data
        if told.get(TOLD):
            return None
        told[TOLD] = True
        return super()._notifydb()
