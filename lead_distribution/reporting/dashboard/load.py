"""Who holds how many leads now, how old the open ones are, and what nobody holds."""

from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.figures import percentage
from ...finding.scope import get_company_domain as get_domain_of_company
from ...finding.scope import list_types
from ...names import LEAD_CLASSES
from ...planning.workload import Held, count_loads, get_nobodys_domain
from ...tools.labels import get_labels
from ..periods import get_company_domain
from ..salesperson import find_own_members
from .opening import open_records

BARS = 30  # people in one chart
CLASSES = [name for name, _label in LEAD_CLASSES]
OPEN = Domain("is_open", "=", True)


def get_load(env, campaign):
    """Return the load of the people of a campaign, or of all; one pass over the leads.

    :param env: with full rights, and the companies of the user
    :return: dict with ``people``, ``full``, ``unassigned`` (count), ``open_unassigned`` and ``aging``
    """
    members = get_members(env, campaign)
    people, campaigns = members.user_id, campaign or members.campaign_id
    nobodys = get_nobodys_domain(campaigns) & get_company_domain(env)
    if campaign:
        nobodys &= get_domain_of_company(campaign)
    held, aging, unassigned = _count(env, people, nobodys, list_types(campaigns))
    of_types = Domain("type", "in", list_types(campaigns))
    shown = nobodys | of_types & OPEN & get_company_domain(env) & Domain("holder_id", "in", people.ids)
    return {
        "people": get_utilization(members, held)[:BARS],
        "full": list_full(members, held),
        "unassigned": unassigned,
        "open_unassigned": open_records("crm.lead", nobodys, env._("Nobody's open leads")),
        "aging": _describe_aging(env, aging, shown),
    }


def _count(env, people, nobodys, types):
    """Return (``Held`` of the people, how old the open leads of these types are, how many of these nobody has).

    Closed leads have no age, so those that have one are the open ones.

    :param env: with full rights, and the companies of the user; what people hold is counted in all companies
    :param nobodys: domain of the leads that nobody has
    """
    held, unassigned = Held(), 0
    aging = {name: {"held": 0, "nobody": 0} for name in CLASSES}
    companies = {*env.companies.ids, None}
    for user, lead_type, company, count, *ages in _group_leads(env, Domain("holder_id", "in", people.ids) | nobodys):
        if user:
            held[user, lead_type] += count
        else:
            unassigned += count
        if lead_type in types and company in companies:
            for name, of_age in zip(CLASSES, ages, strict=True):
                aging[name]["held" if user else "nobody"] += of_age
    return held, aging, unassigned


def _group_leads(env, domain):
    """Return (holder, type, company, leads, those of each age) of unarchived leads, from one pass over them.

    Ages are no group: the database would take each moment of creation for one, and sort a million leads for nothing.
    """
    leads = env["crm.lead"].with_context(active_test=True)
    query = leads._search(domain)
    groups = [leads._field_to_sql(query.table, name, query) for name in ("holder_id", "type", "company_id")]
    age = leads._field_to_sql(query.table, "classification", query)
    counts = [SQL("count(*) FILTER (WHERE %s = %s)", age, name) for name in CLASSES]
    query.groupby = SQL(", ").join(groups)
    return env.execute_query(query.select(*groups, SQL("count(*)"), *counts))


def get_own_load(user):
    """Return the leads of one person: ``open`` (count), ``opened``, ``aging``, and the load in each campaign.

    :param user: with full rights
    """
    env = user.env
    members = find_own_members(user)
    held = Domain("holder_id", "=", user.id) & Domain("type", "in", list_types(members.campaign_id))
    held &= get_company_domain(env)
    counts = dict(env["crm.lead"]._read_group(held & OPEN, ["classification"], ["__count"]))
    aging = {name: {"held": counts.get(name, 0), "nobody": 0} for name in CLASSES}
    loads = count_loads(members)
    return {
        "open": sum(counts.values()),
        "opened": open_records("crm.lead", held & OPEN, env._("My open leads")),
        "aging": _describe_aging(env, aging, held & OPEN),
        "campaigns": [
            {
                "name": member.campaign_id.name,
                "leads": loads[member],
                "target": member.target_leads,
                "utilization": percentage(loads[member], member.target_leads, 1),
                "open": open_records("crm.lead", _get_held_domain(member), env._("All my leads")),
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
    """Return the members of a campaign, or of all of the user's companies that are not archived, who can log in."""
    of_all = get_company_domain(env) & Domain("campaign_id.active", "=", True)
    members = env["lead.distribution.member"].search_fetch(
        Domain("campaign_id", "=", campaign.id) if campaign else of_all,
        ["user_id", "level_id", "has_own_target", "own_target", "campaign_id"],
    )
    return members.filtered(lambda m: m.user_id.active)


def _get_held_domain(members):
    """Return what the load of one person counts: the leads held, whatever their status."""
    return Domain("holder_id", "in", members.user_id.ids) & Domain("type", "in", list_types(members.campaign_id))


def get_utilization(members, held):
    """Return the load of each person, one line each; of several campaigns the targets add up.

    :param held: ``Held``
    """
    people = [_describe_load(user, own, held) for user, own in members.grouped("user_id").items()]
    return sorted(people, key=lambda person: -person["utilization"])


def _describe_load(user, members, held):
    """Return the line of one person.

    :param members: of this person, one for each campaign
    """
    leads, target = held.add(user, list_types(members.campaign_id)), sum(members.mapped("target_leads"))
    return {
        "user_id": user.id,
        "name": user.name,
        "leads": leads,
        "target": target,
        "campaigns": len(members),
        "utilization": percentage(leads, target, 1),
        "open": open_records("crm.lead", _get_held_domain(members), user.name),
    }


def list_full(members, held):
    """Return the members whose load is at or above their target in a campaign, the fullest first.

    Not by person: who is full in one campaign is full there, however much room another one leaves.

    :param held: ``Held``
    """
    told = [
        {
            "member_id": member.id,
            "name": member.user_id.name,
            "campaign": member.campaign_id.name,
            "leads": held.add(member.user_id, list_types(member.campaign_id)),
            "target": member.target_leads,
        }
        for member in members.filtered("target_leads")
    ]
    full = [person for person in told if person["leads"] >= person["target"]]
    return sorted(full, key=lambda person: -person["leads"] / person["target"])
