"""How large a share of leads each person converts."""

from odoo import fields
from odoo.tools import SQL

from ..engine.conversion import smooth_rates


def get_rates(campaign, users):
    """Return ({user id: rate}, {user id: {segment: rate}}); one query."""
    return smooth_rates(count_conversions(campaign, users), campaign.performance_prior, users.ids)


def count_conversions(campaign, users):
    """Return {(user id, segment): (won, closed)} of what was closed in the window.

    Won: Odoo's state or the lead status. Lost: the same, cancelled ones included. The
    salesperson is whose it was at the end. A deal counts once, as lead or opportunity.
    """
    campaign.env["crm.lead"].flush_model()
    rows = campaign.env.execute_query(
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
            segment=SQL.identifier("l", campaign.segment_field),
            users=users.ids,
            since=fields.Datetime.subtract(fields.Datetime.now(), days=campaign.performance_days),
            of_company=SQL("(l.company_id IS NULL OR l.company_id = %s)", campaign.company_id.id)
            if campaign.company_id
            else SQL("TRUE"),
        )
    )
    return {(user, kind): (won, closed) for user, kind, won, closed in rows}
