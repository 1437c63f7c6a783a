# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What is in the way of a campaign that finds nothing: each obstacle in words, counted, with the click that mends it.

The counts are the finder's own: the same steps, walked by the same statement, with what the campaign looks at
(its type, its window) as the first two. What a mend would bring is found by the campaign as it would be with it.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from odoo.fields import Command, Domain

from ..finding.funnel import count_refused
from ..finding.scope import get_company_domain, get_leads, uses_leads
from ..finding.search import get_found_domain
from ..finding.steps import list_base_steps, work_out
from ..tools.numbers import format_number

SHOW = "show:"  # and the key of a step: the mend that opens the leads, where nobody but a person can mend
FEATURE = "use_leads_feature"  # the mend that is no setting of the campaign
ADMINISTRATORS = "base.group_system"


SHOWN = 4  # obstacles, the most promising first

# key of a mend → what the campaign says then
SETTINGS = {
    "take_both": {"lead_type": "both"},
    "take_today": {"include_today": True, "older_than_days": 0, "custom_date_from": False, "custom_date_to": False},
    "any_age": {"use_window": False},
    "take_everybody": {"pool_mode": "all"},
    "take_closed": {"exclude_closed": False},
    "take_assigned": {"exclude_assigned": False},
    "take_incomplete": {"required_field_ids": [Command.clear()]},
    "take_planned": {"protect_activities": False},
    "any_priority": {"use_priority": False},
}
# key of a mend → the pool that the campaign has besides
POOLS = {
    "take_unassigned": {"holder": "unassigned"},
    "take_members": {"holder": "active_member"},
    "take_former": {"holder": "inactive_member", "include_former_users": True},
}


@dataclass(frozen=True)
class Mend:
    """One click: its key, see ``apply_mend``, its words, and how many leads would be found after it (0: not known)."""

    key: str
    words: str
    finds: int = 0


@dataclass(frozen=True)
class Obstacle:
    """What keeps leads from being found: its key, its words with the count in them, the count, and what mends it."""

    key: str
    words: str
    count: int
    mends: tuple = ()

    def to_dict(self):
        return asdict(self)


@dataclass(frozen=True)
class Search:
    """What is looked for: ``make`` returns the campaign as it is, in memory only, each time anew; ``list_steps``
    the steps of a campaign after the window; ``request`` is a ``PlanRequest``. With ``can_show``, the leads of an
    obstacle without any mend can be looked at: the campaign is saved.
    """

    make: Callable
    list_steps: Callable
    request: object
    can_show: bool = False


def list_obstacles(search):
    """Return what is in the way, list of ``Obstacle``; nothing where leads are found and somebody can have them."""
    campaign = search.make()
    people = [] if _has_people(campaign) else [_describe_no_people(campaign)]
    counts, steps = _count_by_step(campaign, search)
    if counts.get(None):
        return people
    refused = [_describe(search, step, counts[step.key]) for step in steps if counts.get(step.key)]
    if any(map(_get_best, refused)):  # what nobody knows to help is not offered beside what helps
        refused = [_keep_helping(obstacle) for obstacle in refused]
    refused.sort(key=lambda obstacle: (-_get_best(obstacle), -obstacle.count))
    return [*people, *(refused[:SHOWN] or [_describe_no_leads(campaign.env)])]


def _count_by_step(campaign, search):
    """Return ({key of the first step that refuses: leads; None: found}, the steps), type and window included."""
    request = search.request
    steps = [*list_base_steps(campaign, request), *work_out(search.list_steps(campaign), campaign)]
    base = Domain("active", "=", True) & get_company_domain(campaign)
    if request.lead_ids is not None:
        base &= Domain("id", "in", list(request.lead_ids))
    return {each.key: each.count for each in count_refused(get_leads(campaign), base, steps)}, steps


def _keep_helping(obstacle):
    mends = tuple(mend for mend in obstacle.mends if mend.finds or mend.key not in SETTINGS)
    return replace(obstacle, mends=mends)


def _get_best(obstacle):
    return max((mend.finds for mend in obstacle.mends), default=0)


def apply_mend(campaign, key):
    """Change what a campaign says as a mend wants it.

    :param campaign: the record, or one in memory
    :param key: of a ``Mend``; one that is no setting of the campaign changes nothing
    """
    if key == "any_status":
        campaign.pool_ids.update({"status_ids": [Command.clear()], "max_age_days": 0})
    elif key in POOLS:
        campaign.update({"pool_ids": [Command.create(POOLS[key])]})
    elif key in SETTINGS:
        campaign.update(SETTINGS[key])


def add_mend(values, key):
    """Return the values of a campaign that is still to be made as a mend wants them, see ``apply_mend``."""
    pools = values["pool_ids"]  # commands that create them
    if key == "any_status":
        any_status = {"status_ids": [Command.clear()], "max_age_days": 0}
        return {**values, "pool_ids": [Command.create({**pool, **any_status}) for _create, _id, pool in pools]}
    if key in POOLS:
        return {**values, "pool_ids": [*pools, Command.create(POOLS[key])]}
    return {**values, **SETTINGS.get(key, {})}


def count_found(campaign, request, steps):
    """Return how many leads a campaign would find now."""
    return get_leads(campaign).search_count(get_found_domain(campaign, request, steps))


def switch_leads_on(env):
    """Switch Odoo's leads on, for whoever may: what comes without a salesperson is a lead then.

    :raise AccessError: for who may not change settings
    """
    env["res.config.settings"].create({"group_use_lead": True}).execute()


def _has_people(campaign):
    return bool(campaign.sudo().member_ids.filtered(lambda member: member.active and member.user_id.active))


def _describe_no_people(campaign):
    _ = campaign.env._
    return Obstacle("no_people", _("Nobody is there to receive leads."), 0, (Mend("add_people", _("Add people")),))


def _describe_no_leads(env):
    return Obstacle("no_leads", env._("There are no leads yet."), 0, (Mend("import_leads", env._("Import leads")),))


def _describe(search, step, count):
    """Return the obstacle that a step is, with the mends that help; of type and window all, if none does alone."""
    campaign, mends = search.make(), []
    for key, words in _list_mends(campaign.env).get(step.key, ()):
        if _is_so(campaign, key):
            continue
        trial = search.make()
        apply_mend(trial, key)
        mends.append(Mend(key, words, count_found(trial, search.request, search.list_steps(trial))))
    helping = [mend for mend in mends if mend.finds] or (mends if step.key in ("type", "date") else [])
    others = _list_other_mends(campaign.env, step.key)
    if not (helping or others) and search.can_show:
        others = [Mend(f"{SHOW}{step.key}", campaign.env._("Show them"))]
    return Obstacle(step.key, _get_words(campaign, step, count), count, (*helping, *others))


def _is_so(campaign, key):
    """Return whether a campaign says already what a mend would have it say."""
    settings = SETTINGS.get(key, {})
    return bool(settings) and all(not isinstance(v, list) and campaign[name] == v for name, v in settings.items())


def _list_other_mends(env, key):
    """Return the mends of a step that are no setting of the campaign, for whoever may."""
    if key == "type" and not uses_leads(env) and env.user.has_group(ADMINISTRATORS):
        return [Mend(FEATURE, env._("Switch Odoo's leads on"))]
    return []


def _list_mends(env):
    """Return {key of a step: [(key of a mend, its words)]}."""
    _ = env._
    return {
        "type": [("take_both", _("Take leads and opportunities"))],
        "date": [("take_today", _("Take leads of today, too")), ("any_age", _("Take them, however old"))],
        "no_holder": [
            ("take_unassigned", _("Take nobody's leads")),
            ("take_members", _("Also take what members have")),
            ("take_former", _("Also take what people have who left")),
            ("take_everybody", _("Take all leads, whoever has them")),
        ],
        "holder_status": [("any_status", _("Take them in any status"))],
        "closed": [("take_closed", _("Take closed ones, too"))],
        "required_fields": [("take_incomplete", _("Take them without these fields"))],
        "priority": [("any_priority", _("Take any priority"))],
        "assigned": [("take_assigned", _("Take assigned ones, too"))],
        "activity": [("take_planned", _("Take them in spite of activities"))],
    }


def _get_words(campaign, step, count):
    """Return what a step does to so many leads, as a sentence."""
    _ = campaign.env._
    if step.key == "type" and campaign.lead_type == "opportunity":
        return _(
            "Leads are not looked at, as the campaign takes opportunities only: %s.", format_number(campaign.env, count)
        )
    if step.key == "no_holder" and not campaign.pool_ids:
        return _("Nothing says whose leads are taken.")
    if count == 1:
        sentences = {
            "type": _("1 record is not looked at: it is an opportunity, and the campaign takes leads only."),
            "date": _("1 lead lies outside the time window of the campaign."),
            "no_holder": _("1 lead has a salesperson, and the campaign does not take it from there."),
            "holder_status": _("1 lead has a status, or none, that the campaign does not take."),
            "closed": _("1 lead is closed: won, lost or cancelled."),
            "dnc": _("1 lead is not to be called."),
        }
        return sentences.get(step.key) or _("1 lead is left out: %s.", step.words)
    count = format_number(campaign.env, count)
    sentences = {
        "type": _("%s records are not looked at: they are opportunities, and the campaign takes leads only.", count),
        "date": _("%s leads lie outside the time window of the campaign.", count),
        "no_holder": _("%s leads have a salesperson, and the campaign does not take them from there.", count),
        "holder_status": _("%s leads have a status, or none, that the campaign does not take.", count),
        "closed": _("%s leads are closed: won, lost or cancelled.", count),
        "dnc": _("%s leads are not to be called.", count),
    }
    return sentences.get(step.key) or _("%(count)s leads are left out: %(why)s.", count=count, why=step.words)
