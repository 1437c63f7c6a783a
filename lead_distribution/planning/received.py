"""How many leads people received so far, and have open: what limits count."""

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from ..finding.statuses import get_work_domain
from ..names import CAP_PERIODS, GIVEN, HANDED_OUT, LEAD_CLASSES
from ..work.system import as_system
from .people import get_zones

# days after which each has begun anew, a day on which clocks change included
LONGEST = {"day": 2, "week": 8, "month": 32}


def count_received(
    env, users, campaign=None, weekends=True, tz="UTC", types=("lead",), by_hand=True, periods=CAP_PERIODS
):
    """Return {period: {user id: number}} of leads received since it began, in one query.

    Leads handed out by a run count, also when they have moved on or are deleted since, and
    those that a run is just handing out; so do leads given by hand or by another program
    that the person has now. Leads that people made for themselves were not received.
    Periods begin at midnight of the person's time zone. What was before them is not read.

    :param campaign: count only leads of this campaign's runs
    :param weekends: whether what came on a Saturday or Sunday counts
    :param tz: time zone of people who have none, or one that nobody knows
    :param types: of leads that count where somebody gave them by hand
    :param by_hand: whether leads count that a person was given outside of runs
    :param periods: which of day, week and month are asked for
    """
    _flush(env)
    zones = get_zones(as_system(users), tz)
    rows = env.execute_query(
        SQL(
            """
            WITH u AS MATERIALIZED (
                SELECT id, tz, %(begins)s
                  FROM (SELECT id, tz, (%(now)s AT TIME ZONE 'UTC') AT TIME ZONE tz AS local
                          FROM unnest(%(users)s::int[], %(zones)s::text[]) AS z (id, tz)) AS z)
            SELECT r.user_id, %(counts)s
              FROM (%(received)s) AS r JOIN u ON u.id = r.user_id
             WHERE %(weekends)s OR extract(isodow FROM (r.at AT TIME ZONE 'UTC') AT TIME ZONE u.tz) < 6
             GROUP BY r.user_id
            """,
            now=fields.Datetime.now(),
            users=list(zones),
            zones=list(zones.values()),
            begins=SQL(", ").join(
                SQL("date_trunc(%s, local) AT TIME ZONE tz AT TIME ZONE 'UTC' AS %s", period, SQL.identifier(period))
                for period in periods
            ),
            counts=SQL(", ").join(
                SQL("count(*) FILTER (WHERE r.at >= %s)", SQL.identifier("u", period)) for period in periods
            ),
            received=_get_received_sql(users, campaign, types, by_hand, _get_first(periods)),
            weekends=weekends,
        )
    )
    return {period: {row[0]: row[place] for row in rows} for place, period in enumerate(periods, 1)}


def _flush(env):
    env["lead.distribution.assignment"].flush_model()
    env["lead.distribution.run"].flush_model(["state"])
    env["lead.import.batch"].flush_model(["state", "campaign_id"])
    env["lead.import.row"].flush_model(["state", "user_id"])
    env["crm.lead"].flush_model(["holder_id", "received_on", "distributed_on", "create_uid", "type"])


def _get_first(periods):
    """Return a moment before each of the periods begins in every time zone."""
    return fields.Datetime.subtract(fields.Datetime.now(), days=max(LONGEST[period] for period in periods))


def _get_received_sql(users, campaign, types, by_hand, first):
    """Return the statement that selects user and moment of all leads received since a moment."""
    parts = [*_list_by_runs(users, campaign, first), _get_coming_sql(users, campaign)]
    if by_hand and not campaign:
        parts.append(_get_given_sql(users, types, first))
    return SQL(" UNION ALL ").join(parts)


def _list_by_runs(users, campaign, first):
    """Return the statements that select what runs have handed out since a moment, and what they are handing out."""
    counted = SQL(
        "a.user_id = ANY(%s) AND a.kind = ANY(%s) AND a.is_uncounted IS NOT TRUE%s",
        users.ids,
        list(HANDED_OUT),
        SQL(" AND a.campaign_id = %s", campaign.id) if campaign else SQL(),
    )
    done = SQL(
        "SELECT a.user_id, a.applied_on AS at FROM lead_distribution_assignment a "
        "WHERE a.state = 'done' AND a.applied_on >= %s AND %s",
        first,
        counted,
    )
    planned = SQL(
        "SELECT a.user_id, %s FROM lead_distribution_run run JOIN lead_distribution_assignment a ON a.run_id = run.id "
        "WHERE run.state = 'applying' AND a.state = 'planned' AND %s",
        fields.Datetime.now(),
        counted,
    )
    return [done, planned]


def _get_given_sql(users, types, first):
    """Return the statement that selects what was given to people by hand since a moment, and what they still have.

    A lead that a run handed over has the run's moment, by hand it has another; so has one that came back to somebody.
    """
    return SQL(
        "SELECT l.holder_id, l.received_on FROM crm_lead l WHERE l.holder_id = ANY(%s) AND l.received_on >= %s "
        "AND l.received_on IS DISTINCT FROM l.distributed_on "
        "AND l.type = ANY(%s) AND l.holder_id IS DISTINCT FROM l.create_uid "
        "AND NOT EXISTS (SELECT FROM lead_distribution_assignment a WHERE a.lead_id = l.id AND a.state = 'done' "
        "AND a.kind = ANY(%s) AND a.user_id = l.holder_id AND a.applied_on = l.received_on)",
        users.ids,
        first,
        list(types),
        list(GIVEN),
    )


def _get_coming_sql(users, campaign):
    """Return the statement that selects user and moment of what imports are just handing out."""
    return SQL(
        "SELECT r.user_id, %s AS at FROM lead_import_batch b JOIN lead_import_row r ON r.batch_id = b.id "
        "WHERE b.state = 'importing' AND r.state = 'ready' AND r.user_id = ANY(%s)%s",
        fields.Datetime.now(),
        users.ids,
        SQL(" AND b.campaign_id = %s", campaign.id) if campaign else SQL(),
    )


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
    coming += [(user_id, "fresh") for user_id, _at in env.execute_query(_get_coming_sql(users, campaign))]
    counts = {"open": {}, **{f"open_{code}": {} for code, _label in LEAD_CLASSES}}
    for user_id, name in coming:
        for key in ("open", f"open_{name}") if name else ("open",):
            counts[key][user_id] = counts[key].get(user_id, 0) + 1
    return counts
