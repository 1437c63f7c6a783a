"""Who gets leads of a kind next, on the dashboard."""

from ...tools.labels import get_labels
from ..turns import explain_next

MOST_SOURCES = 200  # offered to choose from


def describe_next(campaign, next_ones, left_out, describe_rule):
    """Return who gets the next leads of a kind, each with the reason; and how many cannot.

    :param next_ones: list of ``planning.who.NextOne``
    :param left_out: {name: why this person receives nothing}
    :param describe_rule: (campaign, name of a rule) → words
    """
    return {
        "campaign": campaign.name,
        "people": [{"name": one.person.name, "why": explain_next(campaign, one, describe_rule)} for one in next_ones],
        "left_out": len(left_out),
    }


def list_kinds(env):
    """Return what leads of a kind can have: lists of ``id`` and ``name`` to choose from.

    :param env: of the user
    """
    sources = env["utm.source"].search_fetch([], ["name"], limit=MOST_SOURCES, order="name")
    statuses = env["crm.lead.status"].search_fetch([], ["name"])
    return {
        "sources": [{"id": source.id, "name": source.name} for source in sources],
        "statuses": [{"id": status.id, "name": status.name} for status in statuses],
        "priorities": [{"id": key, "name": name} for key, name in get_labels(env["crm.lead"], "priority").items()],
    }
