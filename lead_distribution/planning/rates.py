"""How large a share of leads each person converts."""

from odoo import fields
from odoo.tools import SQL

from ..engine.conversion import smooth_rates
from ..finding.statuses import get_closing_sql, get_outcome_sql


def get_rates(campaign, users):
    """Return ({user id: rate}, {user id: {segment: rate}}); one query."""
    return smooth_rates(count_conversions(campaign, users), campaign.performance_prior, users.ids)


def count_conversions(campaign, users):
    """Return {(user id, segment): (won, closed)} of what was closed in the window.

    Won and lost: see ``get_outcome_sql``. The
    salesperson is whose it was at the end. A deal counts once, as lead or opportunity.
    """
    leads = campaign.env["crm.lead"]
    leads.flush_model()
    rows = campaign.env.execute_query(
        SQL(
            """
            SELECT user_id, segment, count(*) FILTER (WHERE won), count(*) FROM (
                SELECT l.user_id, %(segment)s AS segment,
                       %(won)s AS won, %(lost)s AS lost
                  FROM crm_lead l
                 WHERE l.user_id = ANY(%(users)s) AND %(of_company)s AND %(closed_on)s >= %(since)s) AS closed
             WHERE won OR lost GROUP BY user_id, segment
            """,
            won=get_outcome_sql(leads, "l", "won"),
            lost=get_outcome_sql(leads, "l", "lost"),
            closed_on=get_closing_sql("l"),
            segment=SQL.identifier("l", campaign.segment_field),
            users=users.ids,
            since=fields.Datetime.subtract(fields.Datetime.now(), days=campaign.performance_days),
            of_company=SQL("(l.company_id IS NULL OR l.company_id = %s)", campaign.company_id.id)
            if campaign.company_id
            else SQL("TRUE"),
        )
    )
    return {(user, kind): (won, closed) for user, kind, won, closed in rows}
