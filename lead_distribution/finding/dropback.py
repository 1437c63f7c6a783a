"""Leads past an age leave the distribution and go to a person for their web source.

It comes after do-not-call and the sales filter, before all other steps, and also looks at leads
beyond the old edge of the window.
"""

from typing import NamedTuple

from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..engine.dropback import SourceRule, parse_condition
from ..engine.matching import read_lines, read_patterns
from ..tools.fit import works_for
from . import dates
from .choosable import LIST, NUMBER, find_choosable, get_chosen
from .guarded_matching import BrokenPattern, MatchingTimeout, get_budget, match_lists
from .languages import find_named, get_language_envs
from .lead_fields import get_priority_domain, get_priority_range, get_required_domain, resolve_field_name
from .scope import get_leads, get_today, get_type_domain
from .source_router import SourceRouter
from .statuses import get_open_domain


class DroppedLead(NamedTuple):
    """Where an old lead goes: the rule of its web source, and the user who takes it."""

    lead_id: int
    rule: object
    user: object


def list_source_fields(campaign):
    """Return the names of the source fields that leads have."""
    names = [resolve_field_name(campaign.env, name) for name in (campaign.dropback_source_fields or "").split(",")]
    return [name for name in names if name]


def list_age_fields(campaign):
    """Return the names of the lead's dates from which the ages of dropback count."""
    # fields are the administrator's
    names = [threshold.date_field_id.name or "source_date" for threshold in campaign.sudo().dropback_threshold_ids]
    return tuple(dict.fromkeys(name for name in names if name in campaign.env["crm.lead"]._fields)) or ("source_date",)


def get_threshold_domain(campaign):
    """Return the leads that are past one of the ages, or None where dropback is off."""
    if not campaign.use_dropback or not campaign.dropback_threshold_ids:
        return None
    return Domain.OR(_get_one_threshold_domain(campaign, each) for each in campaign.dropback_threshold_ids)


def get_staying_domain(campaign):
    """Return the leads that are not dropped back, the old ones that are left alone included; None: it is off."""
    too_old = get_threshold_domain(campaign)
    if too_old is None:
        return None
    may_go = too_old & _get_criteria(campaign)
    return ~(may_go & ~_get_kept_domain(campaign, may_go))


def get_young_domain(campaign):
    """Return the leads that are past no age, or None where dropback is off."""
    too_old = get_threshold_domain(campaign)
    return None if too_old is None else ~too_old


def plan_dropback(campaign, candidates):
    """Return where each lead to drop back goes: list of ``DroppedLead``.

    A lead whose rule has no working user goes to the default user, and keeps the name of its rule.
    """
    if not candidates:
        return []
    rules = {rule.name: rule for rule in campaign.dropback_rule_ids}
    router = _make_router(campaign)
    sources, companies = router.read_sources([candidate.id for candidate in candidates])
    routes = router.route(sources.values())
    planned = []
    for candidate in candidates:
        rule = rules.get(routes.get(sources.get(candidate.id)))
        user = _get_taker(campaign, rule, companies[candidate.id]) if rule else None
        if user and user.id != candidate.holder_id:  # who holds it has it already
            planned.append(DroppedLead(candidate.id, rule, user))
    return planned


def _get_one_threshold_domain(campaign, threshold):
    [date_field] = get_chosen(threshold, "date_field_id", "source_date")
    count_back = dates.business_days_before if threshold.business_days else dates.days_before
    first = count_back(get_today(campaign), threshold.days)
    conditions = [_get_condition_domain(campaign, line) for line in read_lines(threshold.conditions_text)]
    return Domain.AND([dates.before(date_field, first, campaign.tz), *conditions])


def _get_condition_domain(campaign, line):
    env = campaign.env
    written, operator, value = parse_condition(line)
    name = resolve_field_name(env, written)
    if not name or not find_choosable(env, name, LIST if operator == "contains" else NUMBER):
        raise ValidationError(
            env._("Dropback of “%(campaign)s”, “%(line)s”: leads have no such field any more, write another one.",
                  campaign=campaign.name, line=line)
        )  # fmt: skip
    if operator == "contains":
        return Domain(name, "in", find_named(env, env["crm.lead"]._fields[name].comodel_name, [value]))
    if name == "priority":
        compare = {
            ">=": lambda p: p >= value, "<=": lambda p: p <= value, ">": lambda p: p > value,
            "<": lambda p: p < value, "=": lambda p: p == value,
        }[operator]  # fmt: skip
        return get_priority_domain(compare)
    return Domain(name, operator, value)


def _get_criteria(campaign):
    """Return the leads that may be dropped back, as far as they are concerned themselves."""
    # the leads of protected people stay, whatever else holds
    staying = campaign.protected_user_ids | campaign.dropback_user_ids
    domains = [
        get_priority_range(campaign.dropback_priority_min, campaign.dropback_priority_max),
        Domain("holder_id", "not in", staying.ids) if staying else Domain.TRUE,
        get_required_domain(campaign, "dropback_required_field_ids"),
        _get_tag_domain(campaign),
    ]
    if campaign.dropback_exclude_status_ids:
        domains.append(Domain("lead_status_id", "not in", campaign.dropback_exclude_status_ids.ids))
    if not campaign.dropback_override:
        domains.append(Domain("holder_id", "=", False))
    if not campaign.dropback_closed:
        domains.append(get_open_domain(campaign.env))
    return Domain.AND(domains)


def _get_tag_domain(campaign):
    """Return the leads without the tags that keep a lead; those known by name only count as soon as they exist."""
    ids = set(campaign.dropback_exclude_tag_ids.ids)
    if names := read_lines(campaign.dropback_exclude_tags_text):
        ids.update(find_named(campaign.env, "crm.tag", names))
    return ~Domain("tag_ids", "in", sorted(ids)) if ids else Domain.TRUE


def _get_kept_domain(campaign, old):
    """Return the leads that stay since they are where they would go, or nobody is there to take them.

    :param old: Domain of the leads that may be dropped back otherwise
    """
    takers = {rule.name: _get_user(campaign, rule) for rule in campaign.dropback_rule_ids}
    users = campaign.env["res.users"].union(*takers.values())
    if not users:
        return Domain.TRUE
    if _get_default_user(campaign):  # somebody takes each lead
        old &= Domain("holder_id", "in", users.ids)
    router = _make_router(campaign)
    held = router.list_holders(get_type_domain(campaign) & Domain("active", "=", True) & old)
    routes = router.route(row.sources for row in held)
    nobody = campaign.env["res.users"]
    return router.keep([row for row in held if takers.get(routes[row.sources], nobody).id in (False, row.holder_id)])


def _get_user(campaign, rule):
    """Return who gets the leads of a rule; where its user is missing or left, the default rule's."""
    return rule.user_id if rule.user_id.active else _get_default_user(campaign)


def _get_default_user(campaign):
    return campaign.dropback_rule_ids.filtered(lambda rule: rule.is_default and rule.user_id.active).user_id


def _get_taker(campaign, rule, company_id):
    """Return the user of a rule; who is gone or works for another company gives way to the default rule's.

    :param company_id: of the lead
    """
    needed = campaign.company_id | campaign.company_id.browse(company_id)
    for user in (rule.user_id, _get_default_user(campaign)):
        if user.active and works_for(user, needed):
            return user
    return campaign.env["res.users"]


def _make_router(campaign):
    rules = campaign.dropback_rule_ids
    return SourceRouter(
        get_leads(campaign),
        list_source_fields(campaign),
        [SourceRule(rule.name, tuple(read_lines(rule.sources_text))) for rule in rules],
        lambda texts: _fit_patterns(rules, texts),
        rules.filtered("is_default").name or None,
        get_language_envs(campaign.env),
    )


def _fit_patterns(rules, texts):
    """Return {rule name: texts that one of its patterns fits}, guarded against endless patterns.

    :raise ValidationError: for a pattern that does not work; it stops the run
    """
    ordered, problem = sorted(texts), ""
    lists = [read_patterns(rule.patterns_text) for rule in rules]
    try:
        found = match_lists(ordered, lists, get_budget(rules.env.cr))
    except MatchingTimeout as error:
        problem = rules.env._(
            "A pattern of the dropback rule “%s” takes too long: write it without nested repetitions.",
            rules[error.done : error.done + 1].name,
        )
    except BrokenPattern as error:
        problem = rules.env._("A pattern of the dropback rules is no regular expression: %s.", error)
    if problem:
        raise ValidationError(problem)
    return {rule.name: {ordered[n] for n in numbers} for rule, numbers in zip(rules, found, strict=True)}
