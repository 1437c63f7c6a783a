"""Whose deadlines count: the campaign that hands a lead out wants them.

Where named people take leads over, that goes by hand, without any rules: there it is the campaign that had given them.
"""

from odoo.tools import SQL

from ..names import MOVED


def get_wanting(campaign, row):
    """Return the campaign whose deadlines count for a row that this campaign hands out."""
    return row.lead_id.distribution_campaign_id if campaign.is_by_hand and row.kind in MOVED else campaign


def get_wanting_sql(row):
    """Return the same of a row that was handed out, as its id; its own where nobody knows the other one any more.

    :param row: alias of the table of the history
    """
    return SQL(
        "coalesce(CASE WHEN %(row)s.kind = ANY(%(moved)s) "
        "AND (SELECT is_by_hand FROM lead_distribution_campaign WHERE id = %(row)s.campaign_id) "
        "THEN (SELECT distribution_campaign_id FROM crm_lead WHERE id = %(row)s.lead_id) END, %(row)s.campaign_id)",
        row=SQL.identifier(row),
        moved=list(MOVED),
    )
