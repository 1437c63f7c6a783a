from odoo import api, fields, models

from ...live.long_pauses import tell_long_pauses
from ...live.switch import describe_switch
from ...work.rights import check_scheduler


class LeadDistributionPresence(models.Model):
    """What a person has said about receiving leads now, and when they last heard of new ones; a row a person.

    Written by the methods of the user, and by what tells people of their leads.
    """

    _name = "lead.distribution.presence"
    _description = "Presence of a Salesperson"
    _rec_name = "user_id"
    _log_access = False
    _order = "paused_since desc, id desc"

    user_id = fields.Many2one("res.users", string="Salesperson", required=True, ondelete="cascade")
    paused_since = fields.Datetime(string="Paused since", help="Empty: receives leads.")
    paused_until = fields.Datetime(string="Paused until", help="Empty: until further notice.")
    pause_reason = fields.Char(string="Reason of the pause")
    paused_by_id = fields.Many2one("res.users", string="Paused by", ondelete="set null")
    pause_told_on = fields.Datetime(string="Told of the pause on", help="When a manager was told of a long pause.")
    news_on = fields.Datetime(string="Last message on", help="When the person was last told of new leads.")

    _user_unique = models.UniqueIndex("(user_id)")

    @api.model
    @api.readonly
    def get_mine(self):
        """Return what the switch in the top bar shows of the user, see ``live.switch``."""
        return describe_switch(self.env.user)

    def action_resume(self):
        return self.user_id.action_resume_leads()

    @api.model
    def _cron_tell_long_pauses(self):
        check_scheduler(self.env)
        tell_long_pauses(self.env)
