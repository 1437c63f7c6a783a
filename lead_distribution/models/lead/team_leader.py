from odoo import models

NO_LIVE = "lead_distribution_no_live"


class CrmLead(models.Model):
    """Who hands out leads as they come decides who gets them, not the chance that their team has a leader."""

    _inherit = "crm.lead"

    def _is_rule_based_assignment_activated(self):
        """Leads of the website, e-mails and chats that nobody has go to the leader of their team, Odoo says, unless
        something assigns them by rules. Live campaigns do."""
        if super()._is_rule_based_assignment_activated():
            return True
        live = None if self.env.context.get(NO_LIVE) else self.env["lead.distribution.waiting"].get_live()
        # asked without a lead, it is about one that is being made
        companies = self.sudo().mapped("company_id.id") if self else self.env.company.ids
        return bool(live) and all(live.concerns(company) for company in companies)


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def _compute_assignment_enabled(self):
        """What teams show of Odoo's own assignment is about that alone."""
        return super(CrmTeam, self.with_context(**{NO_LIVE: True}))._compute_assignment_enabled()
