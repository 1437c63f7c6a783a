from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.conversion import smooth_rates
from ...planning import transport
from ...work.inside import get_inside
from .campaign_rules import SEGMENTS

WITH_RATES = ("performance", "optimal")


class LeadDistributionCampaign(models.Model):
    """How large a share of leads each person converts. Source: design, section 3."""

    _inherit = "lead.distribution.campaign"

    performance_days = fields.Integer(
        string="Conversions of the last (days)", default=180, help="Leads closed in this time count."
    )
    performance_prior = fields.Integer(
        string="Average counts as (leads)",
        default=20,
        help="Everybody starts as if they had converted so many leads as well as the average: who has "
        "closed few leads gets about as many as the others.",
    )
    segment_field = fields.Selection(
        SEGMENTS, string="Leads are alike by", default="source_id", required=True,
        help="People may convert leads of one kind better than those of another.",
    )  # fmt: skip

    _performance_positive = models.Constraint(
        "CHECK (performance_days > 0 AND performance_prior >= 0)",
        "Conversions need at least one day, and the average cannot count less than nothing.",
    )

    def _needs_segments(self):
        return get_inside(self.env, "with_conversions") or self.strategy == "optimal"

    def _get_rates(self, users):
        """Return ({user id: rate}, {user id: {segment: rate}}); one query."""
        return smooth_rates(self._count_conversions(users), self.performance_prior, users.ids)

    def _count_conversions(self, users):
        """Return {(user id, segment): (won, closed)} of what was closed in the window.

        Won: Odoo's state or the lead status. Lost: the same, cancelled ones included. The
        salesperson is whose it was at the end. A deal counts once, as lead or opportunity.
        """
        leads = self.env["crm.lead"]
        leads.flush_model()
        since = fields.Datetime.subtract(fields.Datetime.now(), days=self.performance_days)
        segment = SQL.identifier("l", self.segment_field)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT user_id, segment, count(*) FILTER (WHERE won), count(*) FROM (
                    SELECT l.user_id, %(segment)s AS segment,
                           (l.won_status = 'won' OR s.code = 'won') IS TRUE AS won,
                           (l.won_status = 'lost' OR s.code IN ('lost', 'cancelled')) IS TRUE AS lost
                      FROM crm_lead l LEFT JOIN crm_lead_status s ON s.id = l.lead_status_id
                     WHERE l.user_id = ANY(%(users)s) AND %(of_company)s
                       AND coalesce(l.date_closed, l.last_worked_on, l.write_date) >= %(since)s) AS closed
                 WHERE won OR lost GROUP BY user_id, segment
                """,
                segment=segment,
                users=users.ids,
                since=since,
                of_company=SQL("(l.company_id IS NULL OR l.company_id = %s)", self.company_id.id)
                if self.company_id
                else SQL("TRUE"),
            )
        )
        return {(user, kind): (won, closed) for user, kind, won, closed in rows}

    def _get_solver(self):
        """Return the solver of the strategy "optimal".

        :raise UserError: without SciPy
        """
        if not transport.is_available():
            raise UserError(
                self.env._(
                    "The strategy “Most conversions” needs the Python package scipy. Install it on the server "
                    "(pip install scipy), or choose another strategy."
                )
            )
        return transport.solve
