from odoo import api, fields, models

from ...work.rights import check_manager
from ...work.system import as_system
from ..live.hand_out import hand_out


class LeadDistributionCampaign(models.Model):
    """Leads as they come: what the room ``live`` needs to know of a campaign."""

    _inherit = "lead.distribution.campaign"

    is_live = fields.Boolean(
        string="Hand out leads as they come",
        copy=False,
        tracking=True,
        help="A lead that comes, and that nobody has, is handed out within seconds; the schedule runs besides, "
        "and may only plan.",
    )
    live_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="Leads that came before are handed out by runs. Empty: not live.",
        string="As they come since",
    )
    live_delay = fields.Integer(
        string="Not before (minutes)",
        help="So long a lead stays alone after it came, for merging duplicates and enriching.",
    )
    live_fallback = fields.Selection(
        [("wait", "Keep it, and tell the responsible"), ("user", "Give it to a person")],
        string="A lead nobody can take",
        default="wait",
        required=True,
    )
    live_fallback_minutes = fields.Integer(string="After (minutes)", default=60, help="0: at once.")
    live_fallback_user_id = fields.Many2one("res.users", string="Given to", domain="[('share', '=', False)]")

    _live_minutes = models.Constraint(
        "CHECK (live_delay BETWEEN 0 AND 43200 AND live_fallback_minutes BETWEEN 0 AND 43200)",
        "A lead waits between 0 minutes and 30 days.",
    )
    _live_fallback_user = models.Constraint(
        "CHECK (live_fallback <> 'user' OR live_fallback_user_id IS NOT NULL)",
        "Choose who gets the leads that nobody can take.",
    )

    @api.model
    def hand_out_waiting(self):
        """Hand out now what waits and may be tried.

        :return: dict of counts: ``handed_out``, ``waiting``, ``not_taken``
        """
        check_manager(self)
        worked = hand_out(as_system(self).env)
        return {"handed_out": worked.handed_out, "waiting": worked.waiting, "not_taken": worked.not_taken}
