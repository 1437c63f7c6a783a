"""Fresh, urgent or stale: the class of a lead, by its age and by whether somebody works on it.

Older than the stale limit: stale, worked or not. Else at most as old as the fresh limit, or worked: fresh.
Else urgent. The age is counted in whole days from the creation, in the zone of the lead's company. Leads that
are not open (``statuses.get_work_domain``) have no class: nobody has to hurry for them.
"""

from odoo import fields
from odoo.tools import SQL

from ..tools.limits import LONGEST_DAYS
from . import dates
from .statuses import get_done_sql

DEFAULT_DAYS = {"fresh": 7, "stale": 30}


def get_class_limits(env):
    """Return (fresh days, stale days) from the settings; what is no number counts as not set."""
    get_param = env["ir.config_parameter"].sudo().get_param  # only administrators read settings
    limits = []
    for name, default in DEFAULT_DAYS.items():
        text = str(get_param(f"lead_distribution.{name}_days", default))
        limits.append(min(int(text), LONGEST_DAYS) if text.isdecimal() and len(text) < 20 else default)
    return tuple(limits)


def get_class_edges(env):
    """Return {company id: moments (UTC) from which a creation makes a lead fresh, and not stale}.

    Only companies whose zone differs from that of leads without a company, which is under None.
    """
    env["res.company"].flush_model(["resource_calendar_id"])
    env["resource.calendar"].flush_model(["tz"])
    zones = env.execute_query(
        SQL(
            "SELECT c.id, coalesce(k.tz, 'UTC') FROM res_company c "
            "LEFT JOIN resource_calendar k ON k.id = c.resource_calendar_id ORDER BY c.id"
        )
    )
    (_first_company, shared), *_others = zones
    limits, now = get_class_limits(env), fields.Datetime.now()
    edges = {}
    for company_id, tz in [(None, shared), *((company_id, tz) for company_id, tz in zones if tz != shared)]:
        today = dates.get_today(now, tz)
        edges[company_id] = tuple(dates.day_start(dates.days_before(today, days), tz) for days in limits)
    return edges


def get_class(lead, edges):
    """Return the class of a lead by age and work, whether it is open or not.

    :param edges: see ``get_class_edges``
    """
    fresh_from, kept_from = edges.get(lead.company_id.id, edges[None])
    if not lead.create_date:
        return False
    if lead.create_date < kept_from:
        return "stale"
    return "fresh" if lead.create_date >= fresh_from or lead.is_worked else "urgent"


def get_class_sql(leads, alias):
    """Return the class as an SQL expression of the lead's columns; leads that are not open have none."""
    leads.flush_model(["last_worked_on", "distributed_on"])
    lead = SQL.identifier(alias)
    worked = SQL("%s.last_worked_on > COALESCE(%s.distributed_on, '-infinity'::timestamp)", lead, lead)
    by_age = get_class_by_age_sql(leads, alias, worked)
    return SQL("CASE WHEN %s THEN NULL ELSE %s END", get_done_sql(leads, alias), by_age)


def get_class_by_age_sql(leads, alias, worked):
    """Return the class as an SQL expression.

    :param worked: condition for the leads that somebody works on
    """
    leads.flush_model(["create_date", "company_id"])
    lead = SQL.identifier(alias)
    edges = get_class_edges(leads.env)
    fresh_from, kept_from = (
        _get_edge_sql(lead, {company_id: moments[place] for company_id, moments in edges.items()}) for place in (0, 1)
    )
    return SQL(
        "CASE WHEN %(lead)s.create_date IS NULL THEN NULL "
        "WHEN %(lead)s.create_date < %(kept)s THEN 'stale' "
        "WHEN %(lead)s.create_date >= %(fresh)s OR %(worked)s THEN 'fresh' ELSE 'urgent' END",
        lead=lead, fresh=fresh_from, kept=kept_from, worked=worked,
    )  # fmt: skip


def _get_edge_sql(lead, moments):
    """Return a moment as an SQL expression: one value where all zones are the same.

    :param moments: {company id, None for the others: moment}
    """
    others = [SQL("WHEN %s THEN %s::timestamp", company_id, at) for company_id, at in moments.items() if company_id]
    shared = SQL("%s::timestamp", moments[None])
    if not others:
        return shared
    return SQL("CASE %s.company_id %s ELSE %s END", lead, SQL(" ").join(others), shared)
