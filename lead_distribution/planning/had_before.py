"""Who had a lead before: to them it is not given again."""

from odoo.tools import SQL

FEW = 1000  # leads that are named in a statement; of more, all that was ever declined is read, which is little


def find_former_holders(leads, most):
    """Return {lead id: ids of who has it, and of the last who had it before, so many}; one query.

    Those to whom a run gave it, from whom it took it, and to whom somebody gave it by hand. What was put back has
    never been.

    :param leads: crm.lead, with full rights
    :param most: people beside who has it now
    """
    env = leads.env
    env["lead.distribution.assignment"].flush_model()
    env["lead.distribution.by.hand"].flush_model()
    env["crm.lead"].flush_model(["holder_id"])
    rows = env.execute_query(
        SQL(
            """
            SELECT lead_id, array_agg(user_id)
              FROM (SELECT had.lead_id, had.user_id,
                           row_number() OVER (
                               PARTITION BY had.lead_id
                                   ORDER BY max(had.at) DESC, max(had.number) DESC, had.user_id) AS place
                      FROM (%(had)s) AS had
                      JOIN crm_lead l ON l.id = had.lead_id
                     WHERE had.user_id IS DISTINCT FROM l.holder_id AND had.user_id IS NOT NULL
                     GROUP BY had.lead_id, had.user_id) AS placed
             WHERE place <= %(most)s
             GROUP BY lead_id
            """,
            had=_get_had_sql(leads.ids),
            most=most,
        )
    )
    had = {lead_id: set(user_ids) for lead_id, user_ids in rows}
    return {lead.id: frozenset(had.get(lead.id, set()) | set(lead.holder_id.ids)) for lead in leads}


def _get_had_sql(lead_ids):
    """Return the statement that selects lead, person and moment, whoever had a lead by whatever way.

    A moment is a second: of those of the same, the row that was written later is the later one.
    """
    return SQL(
        "SELECT a.lead_id, p.user_id, a.applied_on AS at, a.id AS number FROM lead_distribution_assignment a "
        "CROSS JOIN LATERAL (VALUES (a.user_id), (a.previous_user_id)) AS p (user_id) "
        "WHERE a.lead_id = ANY(%(leads)s) AND a.state = 'done' "
        "UNION ALL SELECT h.lead_id, p.user_id, h.given_on, 0 FROM lead_distribution_by_hand h "
        "CROSS JOIN LATERAL (VALUES (h.user_id), (h.previous_user_id)) AS p (user_id) "
        "WHERE h.lead_id = ANY(%(leads)s)",
        leads=lead_ids,
    )


def find_decliners(env, lead_ids):
    """Return {lead id: ids of who gave it back}; one query, which costs what was declined, not what is out.

    :param lead_ids: of the leads that are to be handed out
    """
    if not lead_ids:
        return {}
    env["lead.distribution.assignment"].flush_model(["declined_on", "lead_id", "user_id", "state"])
    some = SQL("AND lead_id = ANY(%s)", list(lead_ids)) if len(lead_ids) <= FEW else SQL()
    rows = env.execute_query(
        SQL(
            "SELECT lead_id, array_agg(DISTINCT user_id) FROM lead_distribution_assignment "
            "WHERE declined_on IS NOT NULL AND state = 'done' AND lead_id IS NOT NULL AND user_id IS NOT NULL %s "
            "GROUP BY lead_id",
            some,
        )
    )
    return {lead_id: frozenset(user_ids) for lead_id, user_ids in rows}


def join(*parts):
    """Return {lead id: ids of people} of all parts together.

    >>> join({1: {5}}, {1: {6}, 2: {7}}) == {1: frozenset({5, 6}), 2: frozenset({7})}
    True
    """
    joined = {}
    for part in parts:
        for lead_id, user_ids in part.items():
            joined[lead_id] = joined.get(lead_id, frozenset()) | frozenset(user_ids)
    return joined
