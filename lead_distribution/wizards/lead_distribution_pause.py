from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..engine.zones import pick_zone
from ..live.pause import check_may_switch
from ..tools.days import get_end_of_day
from ..work.system import as_system

MINUTES = {"half_hour": 30, "hour": 60}


class LeadDistributionPause(models.TransientModel):
    """Pauses people: how long, and why."""

    _name = "lead.distribution.pause"
    _inherit = ["lead.distribution.form", "lead.distribution.typed"]
    _description = "Pause People"

    user_ids = fields.Many2many(
        "res.users",
        "lead_distribution_pause_user_rel",
        "wizard_id",
        "user_id",
        string="Who",
        required=True,
        domain="[('share', '=', False)]",
        default=lambda self: self._default_user_ids(),
    )
    how_long = fields.Selection(
        [
            ("half_hour", "30 minutes"),
            ("hour", "1 hour"),
            ("day", "The rest of the day"),
            ("until", "Until a time"),
            ("open", "Until switched on again"),
        ],
        default="day",
        required=True,
    )
    until = fields.Datetime()
    reason = fields.Char()

    def _default_user_ids(self):
        """Return the people of the members from whose list it was opened."""
        if self.env.context.get("active_model") != "lead.distribution.member":
            return False
        return self.env["lead.distribution.member"].browse(self.env.context.get("active_ids", [])).user_id.ids

    def _check_allowed(self):
        for wizard in self:
            check_may_switch(wizard.user_ids)

    def action_pause(self):
        """Pause everybody who was chosen; the rest of the day is that of each person."""
        self.ensure_one()
        if self.how_long == "until" and not self.until:
            raise UserError(self.env._("Say until when."))
        users_until = {}
        for user in self.user_ids:
            users_until.setdefault(self._get_end(user), []).append(user.id)
        for until, ids in users_until.items():
            self.env["res.users"].browse(ids).action_pause_leads(until, self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _get_end(self, user):
        now = fields.Datetime.now()
        if self.how_long in MINUTES:
            return now + timedelta(minutes=MINUTES[self.how_long])
        if self.how_long == "day":
            return get_end_of_day(pick_zone(as_system(user).tz, self.env.user.tz))
        return self.until if self.how_long == "until" else None
