from odoo import fields, models
from odoo.tools import SQL

from ...names import CAP_PERIODS


class LeadDistributionCampaign(models.Model):
    """How many leads each person can still get. Source: specification 4.3, ``workload_balancing``."""

    _inherit = "lead.distribution.campaign"

    max_daily = fields.Integer(
        string="Leads a person a day at most",
        help="0: no limit. What a person received earlier that day counts, by whatever way.",
    )
    min_daily = fields.Integer(
        string="Leads a person a day at least",
        help="Limits and the order of levels come first: whoever gets fewer is named in a warning of the run.",
    )
    count_weekends = fields.Boolean(
        string="Weekends count",
        default=True,
        help="Otherwise leads received on a Saturday or Sunday use up no limit.",
    )
    cap_ids = fields.One2many("lead.distribution.cap", "campaign_id", string="More limits", copy=True)

    _max_daily_not_negative = models.Constraint(
        "CHECK (max_daily >= 0 AND min_daily >= 0)", "Limits cannot be negative."
    )

    def _get_limits(self, members, request):
        """Return ({user id: how many leads more}, {user id: {class: how many leads more}}).

        Only people with a limit are among the keys. A fixed number of queries, whatever the
        number of people and limits.
        """
        users = members.user_id
        max_daily = request.get_setting(self, "max_daily")
        if request.days:
            # once more what was handed out on some days: what counts today is beside the point
            return (dict.fromkeys(users.ids, max_daily * request.days) if max_daily else {}), {}
        caps = self.env["lead.distribution.cap"]._find_for(self, users)
        if not (caps or max_daily):
            return {}, {}
        counts = self._count_for_caps(users, caps, bool(max_daily))
        caps_of = caps.grouped("user_id")
        general = caps_of.get(users.browse(), caps.browse())
        total, by_class = {}, {}
        for user in users:
            rooms = [max_daily - counts["day", False].get(user.id, 0)] if max_daily else []
            for cap in (*general, *caps_of.get(user, ())):
                room = max(0, cap.maximum - counts[cap.measure, cap.only_campaign].get(user.id, 0))
                lead_class = cap._get_class()
                if lead_class:
                    of_class = by_class.setdefault(user.id, {})
                    of_class[lead_class] = min(room, of_class.get(lead_class, room))
                else:
                    rooms.append(room)
            if rooms:
                total[user.id] = max(0, min(rooms))
        return total, by_class

    def _count_for_caps(self, users, caps, by_day):
        """Return {(measure, only this campaign): {user id: number}} for the limits there are."""
        wanted = {(cap.measure, cap.only_campaign) for cap in caps} | ({("day", False)} if by_day else set())
        leads = self.env["crm.lead"]
        counts = {}
        for only_campaign in sorted({only for _measure, only in wanted}):
            campaign = self if only_campaign else None
            measures = {measure for measure, only in wanted if only == only_campaign}
            if measures & set(CAP_PERIODS):
                received = leads._count_received(users, campaign, self.count_weekends, self.tz)
                counts |= {(period, only_campaign): received[period] for period in CAP_PERIODS}
            if measures - set(CAP_PERIODS):
                coming = leads._count_coming(users, campaign)
                for measure, held in leads._count_open(users, campaign).items():
                    more = coming[measure]
                    counts[measure, only_campaign] = {u: held.get(u, 0) + more.get(u, 0) for u in held.keys() | more}
        return counts

    def _claim_rooms(self, users):
        """Have a plan for the same people that begins at this moment begin before this one, or after it.

        Plans see only what was committed before they count. So each of them writes the members'
        rows; of two the later one fails as a conflict, is done again, and counts the other's leads.
        """
        members = self.env["lead.distribution.member"]
        members.flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE lead_distribution_member m SET rotation_turns = m.rotation_turns FROM (SELECT id FROM "
                "lead_distribution_member WHERE user_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE) l WHERE m.id = l.id",
                users.ids,
            )
        )

    def _warn_of_few(self, run, plan, members):
        """Add a warning that names the people who get fewer leads a day than wanted (reading R64)."""
        if not self.min_daily:
            return
        received = self.env["crm.lead"]._count_received(members.user_id, None, self.count_weekends, self.tz)["day"]
        few = [
            f"{m.user_id.name} ({total})"
            for m in members
            if (total := received.get(m.user_id.id, 0) + plan.received[m.user_id.id]) < self.min_daily
        ]
        if few:
            text = self.env._(
                "Fewer than %(count)s leads today: %(names)s.", count=self.min_daily, names=", ".join(few)
            )
            run.warnings = [*(run.warnings or []), text]
