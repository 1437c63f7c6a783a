"""Leads given by hand as turns, where a campaign wants so.

Whoever gives a lead only adds a row to a list, so that nobody waits. A plan counts the rows that are no turns of its
campaign yet; a run that is applied makes them turns. Which rows are turns already stands with each of them: rows of
transactions that end later are not missed.
"""

from datetime import datetime, time, timezone
from zoneinfo import ZoneInfo

from odoo.tools import SQL

from ..engine.zones import pick_zone
from ..finding.scope import list_types
from .arms import get_base


def count_given(campaign, users, since):
    """Return {user id: leads given by hand that are no turns yet}; no statement if the campaign does not count them.

    :param since: date from which they count; None: none does
    """
    rows = _get_rows_sql(campaign, users, since)
    if rows is None:
        return {}
    return dict(campaign.env.execute_query(SQL("SELECT user_id, count(*) FROM (%s) AS given GROUP BY user_id", rows)))


def take_given(campaign, users, since):
    """Make turns of leads given by hand; return {user id: number}, see ``count_given``."""
    rows = _get_rows_sql(campaign, users, since)
    if rows is None:
        return {}
    statement = SQL(
        "WITH given AS (%s), counted AS (INSERT INTO lead_distribution_by_hand_counted_rel (by_hand_id, campaign_id) "
        "SELECT id, %s FROM given ON CONFLICT DO NOTHING) SELECT user_id, count(*) FROM given GROUP BY user_id",
        rows,
        campaign.id,
    )
    campaign.env["lead.distribution.by.hand"].invalidate_model(["counted_campaign_ids"], flush=False)
    return dict(campaign.env.execute_query(statement))


def _get_rows_sql(campaign, users, since):
    """Return the statement that selects id and person; None if nothing counts.

    A lead that a campaign had handed out is a turn there, if the person takes part; else in all their campaigns. Of
    the two ways of an experiment, way A alone counts it: else it was two turns.
    """
    if not (campaign.by_hand_turns and users and since) or get_base(campaign) != campaign:
        return None
    campaign.env["lead.distribution.member"].flush_model(["active", "user_id", "campaign_id"])
    return SQL(
        "SELECT b.id, b.user_id FROM lead_distribution_by_hand b WHERE b.user_id = ANY(%(users)s) "
        "AND b.given_on >= %(since)s AND b.lead_type = ANY(%(types)s) "
        "AND (%(company)s::int IS NULL OR b.company_id IS NULL OR b.company_id = %(company)s) "
        "AND (b.campaign_id IS NULL OR b.campaign_id = %(campaign)s OR NOT EXISTS ("
        "SELECT FROM lead_distribution_member m WHERE m.campaign_id = b.campaign_id AND m.user_id = b.user_id "
        "AND m.active)) AND NOT EXISTS (SELECT FROM lead_distribution_by_hand_counted_rel c "
        "WHERE c.by_hand_id = b.id AND c.campaign_id = %(campaign)s)",
        users=users.ids,
        since=_get_midnight(campaign, since),
        types=list_types(campaign),
        company=campaign.company_id.id or None,
        campaign=campaign.id,
    )


def _get_midnight(campaign, day):
    """Return the moment (UTC) at which a day of the campaign begins."""
    moment = datetime.combine(day, time(), ZoneInfo(pick_zone(campaign.tz)))
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
