"""The steps of finding as one statement."""

from typing import NamedTuple

from odoo.tools import SQL


class Refused(NamedTuple):
    """Leads with the same first step that refuses them; those of no step pass all."""

    key: str | None
    count: int
    marked: int = 0  # those of them for which a condition holds


def list_conditions(leads, steps, query):
    """Return the SQL condition of each step; joins they need go into the query."""
    return [step.domain.optimize_full(leads)._to_sql(leads, leads._table, query) for step in steps]


def count_refused(leads, base, steps, marked=None):
    """Count the leads by the first step that refuses them, list of ``Refused``, in one statement."""
    statement = get_funnel_sql(leads, base, steps, marked)
    return [Refused(*row) for row in leads.env.execute_query(statement)] if statement else []


def get_funnel_sql(leads, base, steps, marked=None):
    """Return the statement that counts the leads by the first step that refuses them, or None.

    :param leads: crm.lead, with the rights and the context to look with
    :param base: Domain of the leads that are looked at
    :param steps: list of ``Step`` with their domains
    :param marked: SQL condition, of the table ``crm_lead``; those for which it holds are counted besides
    """
    query = leads._search(base)
    if query.is_empty() or not steps:
        return None
    branches = [
        # unknown (NULL) is refused, as WHERE would
        SQL("WHEN (%s) IS NOT TRUE THEN %s", condition, step.key)
        for step, condition in zip(steps, list_conditions(leads, steps, query), strict=True)
    ]
    # those that pass come along as a row without a reason: a condition on the reason would
    # have PostgreSQL work it out twice for each lead
    return SQL(
        "SELECT reason, count(*)%s FROM (SELECT CASE %s END AS reason%s FROM %s WHERE %s) AS funnel GROUP BY reason",
        SQL(", count(*) FILTER (WHERE marked)") if marked else SQL(),
        SQL(" ").join(branches),
        SQL(", (%s) AS marked", marked) if marked else SQL(),
        query.from_clause,
        query.where_clause,
    )
