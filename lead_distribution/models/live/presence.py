from odoo import fields, models


class LeadDistributionPresence(models.Model):
    """What a person has said about receiving leads now, and when they last heard of new ones; a row a person.

    Written by the methods of the user, and by what tells people of their leads.
    """

    _name = "lead.distribution.presence"
    _description = "Presence of a Salesperson"
    _rec_name = "user_id"
    _log_access = False

    user_id = fields.Many2one("res.users", string="Salesperson", required=True, ondelete="cascade")
    paused_since = fields.Datetime(string="Paused since", help="Empty: receives leads.")
    paused_until = fields.Datetime(string="Paused until", help="Empty: until further notice.")
    pause_reason = fields.Char(string="Reason of the pause")
    pause_told_on = fields.Datetime(string="Told of the pause on", help="When a manager was told of a long pause.")
    news_on = fields.Datetime(string="Last message on", help="When the person was last told of new leads.")

    _user_unique = models.UniqueIndex("(user_id)")
