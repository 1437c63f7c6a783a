# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Who may take which lead, and who is the better match: the engine's rules, with what they know of the people.

The engine judges people once for each group of like leads. What the rules look at of the leads is in ``facts``.
"""

from ..engine.rules import (
    Availability,
    CallingHours,
    ClassCaps,
    CompanyMatch,
    HadBefore,
    KnownOwner,
    Preferred,
    PriorityBands,
    SkillMatch,
    Territory,
    TerritoryMatch,
    hours_in_utc,
)
from ..finding.scope import get_leads, get_today
from ..work.system import as_system
from .known_owners import find_known_owners
from .limits import find_caps, get_class
from .people import get_zones
from .preferences import find_preferred


def build_rules(campaign, members, lead_ids, preferences, buckets, without=None):
    """Return the engine's rules for some leads, in the order in which their ranks count.

    :param preferences: {user id: (key, domain)}, see ``read_preferences``
    :param buckets: {user id: days until the person is there}, see ``find_buckets``
    :param without: {lead id: ids of people who must not have it}
    """
    rules = _get_company_rules(campaign, members)
    if without:
        rules.append(HadBefore(without))
    if any(buckets.values()):
        rules.append(Availability(buckets))
    bands = {band: campaign[f"band_{band}"] for band in ("high", "medium", "low")}
    if set(bands.values()) != {"all_levels"}:
        rules.append(PriorityBands(bands, members.filtered(lambda m: m.level_id.code == "senior").user_id.ids))
    if campaign.use_known_owner:
        rules.append(KnownOwner(find_known_owners(campaign, lead_ids, members.user_id) if lead_ids else {}))
    if campaign.use_skills and campaign.skill_ids:
        rules.append(_get_skill_rule(campaign, members))
    if campaign.use_territory:
        territories = {m.user_id.id: get_territory(m) for m in members}
        rules.append(TerritoryMatch(territories, campaign.territory_fallback == "everybody"))
    if campaign.use_calling_hours:
        rules.append(_get_calling_rule(campaign, members))
    if preferences:
        names = {user_id: key for user_id, (key, _domain) in preferences.items()}
        rules.append(Preferred(find_preferred(get_leads(campaign), lead_ids, dict(preferences.values())), names))
    classes = {get_class(cap) for cap in find_caps(campaign, members.user_id)} - {None}
    if classes:
        rules.append(ClassCaps(classes))
    return rules


def list_rule_columns(campaign):
    """Return the lead's columns that these rules look at, beside those of every candidate."""
    names = [] if campaign.company_id else ["company_id"]
    if campaign.use_territory:
        names += ["country_id", "state_id", "zip"]
    if campaign.use_calling_hours:
        names.append("country_id")
    return list(dict.fromkeys(names))


def _get_company_rules(campaign, members):
    """Return the rule of a campaign of all companies, unless everybody works for all of them.

    In a campaign of one company there is nothing to judge lead by lead: it takes leads of this
    company or of none, and its people work for it.
    """
    if campaign.company_id:
        return []
    count = as_system(campaign.env["res.company"]).search_count([])
    companies = {m.user_id.id: frozenset(m.user_id.company_ids.ids) for m in members}
    return [] if all(len(own) >= count for own in companies.values()) else [CompanyMatch(companies)]


def _get_skill_rule(campaign, members):
    weights = {skill.tag_id.id: skill.weight for skill in campaign.skill_ids}
    skills = {m.user_id.id: frozenset(m.skill_tag_ids.ids) for m in members}
    return SkillMatch(weights, skills, campaign.skill_fallback == "everybody")


def get_territory(member):
    """Return the engine's territory of one member."""
    patterns = (member.zip_patterns or "").split(",")
    zips = tuple(pattern.replace(" ", "").upper() for pattern in patterns if pattern.strip())
    return Territory(frozenset(member.country_ids.ids), frozenset(member.state_ids.ids), zips)


def _get_calling_rule(campaign, members):
    today = get_today(campaign)
    zones = get_zones(members.user_id, campaign.tz)
    working = {}
    for member in members:
        first, last = get_working_hours(member.user_id.company_id, today)
        working[member.user_id.id] = hours_in_utc(today, zones[member.user_id.id], first, last)
    overlap = min(1.0, campaign.calling_to - campaign.calling_from)
    return CallingHours(today, working, campaign.calling_from, campaign.calling_to, overlap)


def get_working_hours(company, day):
    """Return the first and the last working hour of a company's day; of any day if it is free."""
    week = company.env["resource.calendar.attendance"].get_week_type(day)
    # a calendar of two weeks has headings among its lines, from 0 to 0 o'clock on Mondays
    lines = as_system(company).resource_calendar_id.attendance_ids.filtered(lambda line: not line.display_type)
    lines = lines.filtered(lambda line: not line.week_type or int(line.week_type) == week) or lines
    lines = lines.filtered(lambda line: int(line.dayofweek) == day.weekday()) or lines
    if not lines:
        return 8.0, 18.0
    return min(lines.mapped("hour_from")), max(lines.mapped("hour_to"))


def describe_rule(env, name):
    """Return a rule of the engine in words, and what stands beside the rules in a line-up."""
    _ = env._
    return {
        "availability": _("back first"),
        "priority": _("level by priority of the lead"),
        "company": _("company of the lead"),
        "known_owner": _("knows the customer"),
        "skills": _("skills"),
        "territory": _("territory"),
        "calling_hours": _("time zone"),
        "preferred": _("prefers such leads"),
        "class_limit": _("limit of the classification"),
        "had_before": _("has had it before"),
        "holder": _("has it already"),
        "full": _("is full"),
    }.get(name, name)
