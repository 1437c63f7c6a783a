from odoo import SUPERUSER_ID, api, fields, models

from odoo.addons.lead_distribution.live.worker import is_anything_to_do
from odoo.addons.lead_distribution.models.live.hand_out import hand_out
from odoo.addons.lead_distribution.work.system import as_system

METHOD = "_job_hand_out"
KEY = "lead_distribution.live"


class LeadDistributionWaiting(models.Model):
    """Waiting leads as jobs of a channel of their own: one that is ahead, and one for the next moment."""

    _inherit = "lead.distribution.waiting"

    @api.model
    @api.private
    def wake(self, at=None):
        """Make a job that works off the list, unless one is ahead that will see what this transaction does."""
        if at and at > fields.Datetime.now():
            if not self._find_ahead([("eta", "<=", at)]):
                self._delay_hand_out(f"{KEY}.{at:%Y-%m-%d %H:%M}", at)
        elif self._find_ahead([("identity_key", "=", KEY)]):
            self.env.cr.postcommit.add(self._wake_after_all)
        else:
            self._delay_hand_out(KEY)

    def _find_ahead(self, which):
        """Return the jobs of a condition that nobody has begun."""
        ahead = [("method_name", "=", METHOD), ("state", "in", ("pending", "enqueued")), *which]
        return self.env["queue.job"].sudo().search(ahead, limit=1)  # for whoever makes a lead

    def _delay_hand_out(self, key, at=None):
        scheduler = self.with_user(SUPERUSER_ID)  # whoever makes a lead, the scheduler hands it out
        description = self.env._("Hand out leads as they come")
        scheduler.with_delay(identity_key=key, eta=at, description=description)._job_hand_out()

    def _wake_after_all(self):
        """Make a job if the one that was ahead had begun before this transaction was committed."""
        with self.env.registry.cursor() as cursor:
            waiting = self.with_env(self.env(cr=cursor))
            if not waiting._find_ahead([("identity_key", "=", KEY)]):
                waiting._delay_hand_out(KEY)

    @api.model
    def _leave_to_others(self):
        """Make a job if there is anything to do: so also if one was lost."""
        if is_anything_to_do(as_system(self).env):
            self.wake()
        return True

    @api.model
    def _job_hand_out(self):
        """Work off what waits and may be tried; commits on its way."""
        worked = hand_out(self.env)
        return self.env._(
            "%(handed_out)s handed out, %(waiting)s waiting, %(not_taken)s not taken",
            handed_out=worked.handed_out,
            waiting=worked.waiting,
            not_taken=worked.not_taken,
        )
