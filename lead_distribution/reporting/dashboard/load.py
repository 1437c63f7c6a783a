"""Who holds how many leads now, how old they are, and what nobody holds."""

from collections import Counter

from odoo.fields import Domain

from ...engine.figures import percentage
from ...names import LEAD_CLASSES
from ...tools.labels import get_labels
from ..periods import get_company_domain
from .opening import open_records

BARS = 30  # people in one chart
CLASSES = [name for name, _label in LEAD_CLASSES]
LEADS = Domain("type", "=", "lead")


def get_load(env, campaign):
    """Return the load of the people of a campaign, or of all; one pass over the leads.

    :param env: with full rights, and the companies of the user
    :return: dict with ``people``, ``unassigned`` (count), ``open_unassigned`` and ``aging``
    """
    domain = LEADS & get_company_domain(env)
    groups = env["crm.lead"]._read_group(domain, ["holder_id", "classification"], ["__count"], order="__count DESC")
    members = get_members(env, campaign)
    people = set(members.user_id.ids)
    held, aging = Counter(), {name: {"held": 0, "nobody": 0} for name in CLASSES}
    for user, name, count in groups:
        held[user.id] += count
        if name in aging and (not user or user.id in people):
            aging[name]["held" if user else "nobody"] += count
    shown = domain & Domain("holder_id", "in", [*sorted(people), False])
    nobodys = domain & Domain("holder_id", "=", False)
    return {
        "people": get_utilization(members, held)[:BARS],
        "unassigned": held[False],
        "open_unassigned": open_records("crm.lead", nobodys, env._("Nobody's leads")),
        "aging": _describe_aging(env, aging, shown),
    }


def get_own_load(user):
    """Return the leads of one person: ``total``, ``open``, ``aging``, and against the target of each campaign.

    :param user: with full rights
    """
    env = user.env
    domain = Domain("holder_id", "=", user.id) & LEADS
    counts = dict(env["crm.lead"]._read_group(domain, ["classification"], ["__count"]))
    total = sum(counts.values())
    aging = {name: {"held": counts.get(name, 0), "nobody": 0} for name in CLASSES}
    members = env["lead.distribution.member"].search([("user_id", "=", user.id)])
    return {
        "total": total,
        "open": open_records("crm.lead", domain, env._("My leads")),
        "aging": _describe_aging(env, aging, domain),
        "campaigns": [
            {
                "name": member.campaign_id.name,
                "leads": total,
                "target": member.target_leads,
                "utilization": percentage(total, member.target_leads, 1),
            }
            for member in members
        ],
    }


def _describe_aging(env, counts, domain):
    labels = get_labels(env["crm.lead"], "classification")
    return [
        {
            "name": labels[name],
            **counts[name],
            "open": open_records("crm.lead", domain & Domain("classification", "=", name), labels[name]),
        }
        for name in CLASSES
    ]


def get_members(env, campaign):
    """Return the members of a campaign, or of all of the user's companies, who can log in."""
    members = env["lead.distribution.member"].search_fetch(
        Domain("campaign_id", "=", campaign.id) if campaign else get_company_domain(env),
        ["user_id", "level_id", "has_own_target", "own_target", "campaign_id"],
    )
    return members.filtered(lambda m: m.user_id.active)


def get_utilization(members, held):
    """Return leads now and target of each person; of several campaigns the targets add up.

    :param held: {user id: leads}
    """
    targets = Counter()
    for member in members:
        targets[member.user_id] += member.target_leads
    people = [
        {
            "user_id": user.id,
            "name": user.name,
            "leads": held.get(user.id, 0),
            "target": target,
            "utilization": percentage(held.get(user.id, 0), target, 1),
            "open": open_records("crm.lead", LEADS & Domain("holder_id", "=", user.id), user.name),
        }
        for user, target in targets.items()
    ]
    return sorted(people, key=lambda person: -person["utilization"])
