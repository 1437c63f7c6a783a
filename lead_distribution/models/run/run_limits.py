from odoo import models

from ...planning.request import PlanRequest
from ...planning.rows import get_planned_rows
from ...work.transactions import commit


class LeadDistributionRun(models.Model):
    """A plan may wait before it is applied, and others may be applied in the meantime."""

    _inherit = "lead.distribution.run"

    def _keep_plan(self):
        """Commit a plan with limits: a conflict with another one, see ``_claim_rooms``, must not undo it."""
        campaign = self.campaign_id
        if campaign.max_daily or self.env["lead.distribution.cap"]._find_for(campaign, self.member_line_ids.user_id):
            commit(self.env)

    def _skip_over_limits(self):
        """Skip what people can no longer get, the last planned ones first."""
        campaign = self.campaign_id.with_context(active_test=False)
        people = self.member_line_ids.user_id
        members = campaign.member_ids.filtered(lambda member: member.user_id in people)
        rooms, class_rooms = campaign._get_limits(members, PlanRequest.read(self.options))
        if not (rooms or class_rooms):
            return
        campaign._claim_rooms(people)
        rows = get_planned_rows(self).filtered(lambda row: row.kind == "distribution")
        over = rows.browse()
        groups = (self.line_ups or {}).get("groups", [])
        for row in rows:
            keys = [(rooms, row.user_id.id)]
            lead_class = groups[row.line_up - 1]["class"] if row.line_up > 0 else None
            if lead_class in class_rooms.get(row.user_id.id, {}):
                keys.append((class_rooms[row.user_id.id], lead_class))
            keys = [(counts, key) for counts, key in keys if key in counts]
            if any(counts[key] <= 0 for counts, key in keys):
                over += row
                continue
            for counts, key in keys:
                counts[key] -= 1
        over.write({"state": "skipped", "note": self.env._("The limit of this person was reached meanwhile.")})
