"""How many leads people received so far, and have open: what limits count."""

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from ..finding.statuses import get_work_domain
from ..names import GIVEN, HANDED_OUT, LEAD_CLASSES
from ..work.system import as_system
from .people import get_zones


def count_received(env, users, campaign=None, weekends=True, tz="UTC", types=("lead",), by_hand=True):
    """Return {"day", "week", "month": {user id: number}} of leads received so far, in one query.

    Leads handed out by a run count, also when they have moved on or are deleted since, and
    those that a run is just handing out; so do leads given by hand or by another program
    that the person has now. Leads that people made for themselves were not received.
    Periods begin at midnight of the person's time zone.

    :param campaign: count only leads of this campaign's runs
    :param weekends: whether what came on a Saturday or Sunday counts
    :param tz: time zone of people who have none, or one that nobody knows
    :param types: of leads that count where somebody gave them by hand
    :param by_hand: whether leads count that a person was given outside of runs
    """
    env["lead.distribution.assignment"].flush_model()
    env["lead.distribution.run"].flush_model(["state"])
    env["lead.import.batch"].flush_model(["state", "campaign_id"])
    env["lead.import.row"].flush_model(["state", "user_id"])
    env["crm.lead"].flush_model(["user_id", "received_on", "create_uid", "type"])
    zones = get_zones(as_system(users), tz)
    rows = env.execute_query(
        SQL(
            """
            WITH u AS MATERIALIZED (
                SELECT id, tz,
                       date_trunc('day', local) AT TIME ZONE tz AT TIME ZONE 'UTC' AS day,
                       date_trunc('week', local) AT TIME ZONE tz AT TIME ZONE 'UTC' AS week,
                       date_trunc('month', local) AT TIME ZONE tz AT TIME ZONE 'UTC' AS month
                  FROM (SELECT id, tz, (%(now)s AT TIME ZONE 'UTC') AT TIME ZONE tz AS local
                          FROM unnest(%(users)s::int[], %(zones)s::text[]) AS z (id, tz)) AS z)
            SELECT r.user_id, count(*) FILTER (WHERE r.at >= u.day),
                   count(*) FILTER (WHERE r.at >= u.week), count(*) FILTER (WHERE r.at >= u.month)
              FROM (%(received)s) AS r JOIN u ON u.id = r.user_id
             WHERE %(weekends)s OR extract(isodow FROM (r.at AT TIME ZONE 'UTC') AT TIME ZONE u.tz) < 6
             GROUP BY r.user_id
            """,
            now=fields.Datetime.now(),
            users=list(zones),
            zones=list(zones.values()),
            received=_get_received_sql(users, campaign, types, by_hand),
            weekends=weekends,
        )
    )
    return {period: {row[0]: row[place] for row in rows} for place, period in enumerate(("day", "week", "month"), 1)}


def _get_received_sql(users, campaign, types, by_hand):
    """Return the statement that selects user and moment of all leads received lately."""
    first = _get_first_day()
    by_runs = SQL(
        "SELECT a.user_id, coalesce(a.applied_on, %s) AS at FROM lead_distribution_assignment a "
        "WHERE a.user_id = ANY(%s) AND a.kind = ANY(%s) AND a.distribution_date >= %s AND a.is_uncounted IS NOT TRUE "
        "AND (a.state = 'done' OR a.state = 'planned' AND EXISTS ("
        "SELECT FROM lead_distribution_run run WHERE run.id = a.run_id AND run.state = 'applying'))",
        fields.Datetime.now(),
        users.ids,
        list(HANDED_OUT),
        first.date(),
    )
    by_imports = _get_coming_sql(users)
    if campaign:
        return SQL(
            "%s AND a.campaign_id = %s UNION ALL %s AND b.campaign_id = %s",
            by_runs, campaign.id, by_imports, campaign.id,
        )  # fmt: skip
    if not by_hand:
        return SQL("%s UNION ALL %s", by_runs, by_imports)
    # a lead that a run handed over has the run's moment, by hand it has another
    given = SQL(
        "SELECT l.user_id, l.received_on FROM crm_lead l WHERE l.user_id = ANY(%s) AND l.received_on >= %s "
        "AND l.type = ANY(%s) AND l.user_id IS DISTINCT FROM l.create_uid "
        "AND NOT EXISTS (SELECT FROM lead_distribution_assignment a WHERE a.lead_id = l.id AND a.state = 'done' "
        "AND a.kind = ANY(%s) AND a.user_id = l.user_id AND a.applied_on = l.received_on)",
        users.ids,
        first,
        list(types),
        list(GIVEN),
    )
    return SQL("%s UNION ALL %s UNION ALL %s", by_runs, by_imports, given)


def _get_coming_sql(users):
    """Return the statement that selects user and moment of what imports are just handing out."""
    return SQL(
        "SELECT r.user_id, %s AS at FROM lead_import_batch b JOIN lead_import_row r ON r.batch_id = b.id "
        "WHERE b.state = 'importing' AND r.state = 'ready' AND r.user_id = ANY(%s)",
        fields.Datetime.now(),
        users.ids,
    )


def _get_first_day():
    """Return a moment before the month, the week and the day begin in every time zone."""
    return fields.Datetime.subtract(fields.Datetime.now(), days=33)


def count_open(env, users, types, campaign=None):
    """Return {"open", "open_fresh" …: {user id: number}} of open leads held of some types; one query."""
    domain = Domain("holder_id", "in", users.ids) & Domain("type", "in", types)
    domain &= get_work_domain(env)
    if campaign:
        domain &= Domain("distribution_campaign_id", "=", campaign.id)
    groups = as_system(env["crm.lead"]).with_context(active_test=True)._read_group(
        domain, ["holder_id", "classification"], ["__count"]
    )  # fmt: skip
    counts = {"open": {}, **{f"open_{code}": {} for code, _label in LEAD_CLASSES}}
    for user, name, count in groups:
        counts["open"][user.id] = counts["open"].get(user.id, 0) + count
        if name:
            counts[f"open_{name}"][user.id] = count
    return counts


def count_coming(env, users, campaign=None):
    """Return {"open", "open_fresh" …: {user id: number}} of leads that runs and imports are just handing out."""
    domain = Domain("run_id.state", "=", "applying") & Domain("state", "=", "planned")
    domain &= Domain("kind", "in", HANDED_OUT) & Domain("user_id", "in", users.ids)
    if campaign:
        domain &= Domain("campaign_id", "=", campaign.id)
    rows = as_system(env["lead.distribution.assignment"]).search(domain)
    coming = [(row.user_id.id, row.lead_id.classification) for row in rows]
    imported = SQL("%s AND b.campaign_id = %s" if campaign else "%s", _get_coming_sql(users),
                   *([campaign.id] if campaign else []))  # fmt: skip
    coming += [(user_id, "fresh") for user_id, _at in env.execute_query(imported)]
    counts = {"open": {}, **{f"open_{code}": {} for code, _label in LEAD_CLASSES}}
    for user_id, name in coming:
        for key in ("open", f"open_{name}") if name else ("open",):
            counts[key][user_id] = counts[key].get(user_id, 0) + 1
    return counts
