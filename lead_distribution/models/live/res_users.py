from odoo import api, models

from ...following.pull import find_campaigns
from ...live.pause import check_may_switch, pause, resume
from ...live.switch import describe_switch
from ...names import SALESPEOPLE


class ResUsers(models.Model):
    """Receiving leads, or not now: oneself, or as a manager for others."""

    _inherit = "res.users"

    def action_pause_leads(self, until=None, reason=None):
        """Have these people receive no leads; of a pause that runs already, end and reason become these.

        :param until: moment in UTC, a text such as 2026-11-23 08:00:00 or a datetime; nothing: until they resume
        :param reason: text, seen by managers
        :raise AccessError: for other people, unless the caller is a manager of one of their companies
        :raise ValidationError: with all that is wrong with moment and reason
        """
        check_may_switch(self)
        pause(self, until, reason)
        return True

    def action_resume_leads(self):
        """Have these people receive leads again.

        :raise AccessError: for other people, unless the caller is a manager of one of their companies
        """
        check_may_switch(self)
        resume(self)
        return True


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @api.model
    def lazy_session_info(self):
        """As Odoo's; with what the switch of salespeople shows, and whether they can take leads."""
        info = super().lazy_session_info()
        if self.env.user.has_group(SALESPEOPLE):
            info["lead_distribution_presence"] = describe_switch(self.env.user)
            info["lead_distribution_pull"] = bool(find_campaigns(self.env))
        return info
