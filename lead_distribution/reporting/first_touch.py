"""How long owners took to touch the leads they got."""

from odoo.fields import Domain
from odoo.tools import SQL


def get_waiting_times(env, domain):
    """Return how long owners took to touch the leads of a domain of assignments; two queries.

    :return: dict with ``count`` (leads handed out), ``touched``, and what ``get_hours_to_action`` says
    """
    rows = env["lead.distribution.assignment"]
    [(count, touched)] = rows._read_group(domain, [], ["__count", "first_action_on:count"])
    return {"count": count, "touched": touched, **get_hours_to_action(env, domain, ("hours", "working_hours"))}


def get_hours_to_action(env, domain, columns=("hours",)):
    """Return median and 90th percentile of the hours until the first touch; one query.

    :param domain: of assignments that were carried out; those that nobody touched are passed over
    :param columns: which hours to sort; ``hours`` alone comes from an index that has all it needs
    :return: dict with ``median_…`` and ``p90_…`` of each column, None without a touch
    """
    rows = env["lead.distribution.assignment"]
    rows.flush_model(["first_action_on", "hours_to_action", "working_hours_to_action"])
    query = rows._search(domain & Domain("first_action_on", "!=", False))
    table = "lead_distribution_assignment"
    hours = [SQL.identifier(table, f"{name}_to_action") for name in columns]
    # both of a column at once: it is sorted once
    percentiles = [SQL("percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY %s)", column) for column in hours]
    [pairs] = env.execute_query(query.select(*percentiles))
    times = {}
    for name, pair in zip(columns, pairs, strict=True):
        median, p90 = pair or (None, None)
        times[f"median_{name}"] = median and round(median, 1)
        times[f"p90_{name}"] = p90 and round(p90, 1)
    return times
