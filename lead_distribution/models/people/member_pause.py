from odoo import api, fields, models

from ...live.switch import get_paused_domain
from ...work.system import as_system


class LeadDistributionMember(models.Model):
    """Whether a member has paused, and pausing from where managers see their people."""

    _inherit = "lead.distribution.member"

    is_paused = fields.Boolean(string="Paused", compute="_compute_is_paused", search="_search_is_paused")

    @api.depends("user_id")
    def _compute_is_paused(self):
        presences = as_system(self.env["lead.distribution.presence"])  # who may see the member may see this
        domain = get_paused_domain() & fields.Domain("user_id", "in", self.user_id.ids)
        paused = set(presences.search(domain).user_id.ids)
        for member in self:
            member.is_paused = member.user_id.id in paused

    @api.model
    def _search_is_paused(self, operator, value):
        if operator != "in":
            return NotImplemented
        paused = as_system(self.env["lead.distribution.presence"])._search(get_paused_domain())
        domains = {True: fields.Domain("user_id", "in", paused.subselect("user_id"))}
        return fields.Domain.OR(domains.get(bool(wanted), ~domains[True]) for wanted in value)

    def action_resume(self):
        """Have these people receive leads again, in all campaigns: a pause is of the person."""
        return self.user_id.action_resume_leads()
