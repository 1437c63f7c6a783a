from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...names import MANAGERS


class LeadDistributionAside(models.AbstractModel):
    """What belongs to way B of an experiment is found only by who names it: its campaign is nobody's campaign else.

    Lists, choices, figures and schedules search; the forms of an experiment open records, and their lists name the
    campaign.
    """

    _name = "lead.distribution.aside"
    _description = "Found Only Through Its Campaign"

    _campaign_column = "campaign_id"
    _named_by = frozenset({"id", "campaign_id"})  # who searches for values of these means what belongs to them

    @api.model
    def _search(self, domain, *args, **kwargs):
        query = super()._search(domain, *args, **kwargs)
        if not (self._may_know_of_ways() and self._names_campaign(Domain(domain))):
            query.add_where(self._get_condition(query.table))
        return query

    def _may_know_of_ways(self):
        return self.env.su or self.env.user.has_group(MANAGERS)

    def _names_campaign(self, domain):
        return any(
            condition.field_expr in self._named_by and condition.operator in ("in", "=", "any")
            for condition in domain.iter_conditions()
        )

    def _get_condition(self, table):
        campaigns = self.env["lead.distribution.campaign"]
        return SQL(
            "NOT EXISTS (SELECT FROM lead_distribution_campaign way_b WHERE way_b.id = %s AND %s IS NOT NULL)",
            SQL.identifier(table, self._campaign_column, to_flush=self._fields[self._campaign_column]),
            SQL.identifier("way_b", "variant_of_id", to_flush=campaigns._fields["variant_of_id"]),
        )
