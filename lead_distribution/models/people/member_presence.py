from odoo import api, fields, models

from ...planning.people import explain_inactive
from ...planning.presence.look import look
from ...work.system import as_system


class LeadDistributionMember(models.Model):
    """Whether a member is there at this moment."""

    _inherit = "lead.distribution.member"

    is_available = fields.Boolean(
        string="There",
        compute="_compute_is_available",
        help="Receives leads now: neither absent nor paused, and at work if the campaign looks at working hours.",
    )
    unavailable_reason = fields.Char(
        string="Not there because", compute="_compute_is_available", help="Why, and until when. Empty: there."
    )

    @api.depends(
        "active", "user_id.active", "campaign_id.include_inactive", "campaign_id.company_id",
        "campaign_id.availability", "campaign_id.look_ahead_hours", "campaign_id.shift_end_minutes", "campaign_id.tz",
    )  # fmt: skip
    @api.depends_context("uid", "lang")
    def _compute_is_available(self):
        for campaign, members in self.grouped("campaign_id").items():
            # what their calendars say of them is theirs; whether they are there may know who may see the member
            found = look(as_system(campaign), as_system(members.user_id))
            for member in members:
                presence = found.get(member.user_id.id)
                inactive = presence and explain_inactive(as_system(campaign), as_system(member))
                member.unavailable_reason = inactive or (presence and presence.reason) or False
                member.is_available = bool(presence and presence.can_receive and not inactive)
