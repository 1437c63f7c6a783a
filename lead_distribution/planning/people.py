# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Who takes part in a plan, why not, and what of a person cannot be used as it is."""

from collections import Counter
from typing import NamedTuple

from ..engine.zones import is_zone, pick_zone
from ..tools.fit import ARCHIVED, NO_LEADS, OTHER_COMPANY, find_unfit
from ..tools.numbers import format_number

EXPERIENCE = {"junior": 1, "mid_level": 2, "senior": 3}
NAMED = 10  # people, where nobody can receive
OTHER_EXPERIENCE = 2  # of levels with any other code
LAST_LEVEL = 1_000_000  # priority of people without a level


class Selection(NamedTuple):
    """Who of those who were named, or of all members, can receive leads.

    ``left_out``: {name: why not} of the others.
    """

    members: object
    left_out: dict


def choose(members, user_ids):
    """Return (those of the members who are named, {ids named that are no member's}).

    :param members: records of the campaign's members
    :param user_ids: ids of users; None: everybody takes part
    """
    if user_ids is None:
        return members, set()
    named = set(user_ids)
    return members.filtered(lambda m: m.user_id.id in named), named - set(members.user_id.ids)


def select(reasons, members, strangers):
    """Return the ``Selection`` of those without a reason against them.

    :param reasons: {member: why this person cannot receive, or nothing}
    :param strangers: ids of users who were named and are no members
    """
    users = members.env["res.users"].browse(sorted(strangers))
    why = {member.user_id: reason for member, reason in reasons.items() if reason}
    why.update(dict.fromkeys(users, members.env._("is no member of this campaign")))
    names = tell_apart(members.user_id | users)
    left_out = {names[user]: reason for user, reason in why.items()}
    return Selection(members.browse(member.id for member, reason in reasons.items() if not reason), left_out)


def tell_apart(users):
    """Return {user: name}, with the login where several of them have it."""
    counts = Counter(users.mapped("name"))
    return {user: user.name if counts[user.name] == 1 else _add_login(user) for user in users}


def _add_login(user):
    return f"{user.name} ({user.login})"


def list_names(user):
    """Return the names under which somebody may stand among those who are told apart: the surer one first."""
    return [_add_login(user), user.name]


def explain_unfit(env, user, company):
    """Return what keeps a user from having leads of a company, in words, or nothing."""
    why = find_unfit(user, company)
    if not why:
        return None
    return {
        ARCHIVED: env._("the user is archived"),
        NO_LEADS: env._("has no access to leads"),
        OTHER_COMPANY: env._("does not work for %s", company.name),
    }[why]


def explain_inactive(campaign, member):
    """Return that a member, or the user, is put away, in words; or nothing."""
    if not member.user_id.active:
        return explain_unfit(campaign.env, member.user_id, campaign.company_id)
    if not member.active and not campaign.include_inactive:
        return campaign.env._("inactive in this campaign")
    return None


def explain_left_out(campaign, member):
    """Return why a member cannot receive leads now, or nothing."""
    env, user = campaign.env, member.user_id
    unfit = explain_inactive(campaign, member) or explain_unfit(env, user, campaign.company_id)
    if unfit:
        return unfit
    if user.id in campaign.excluded_receiver_ids.ids:  # saved or not
        return env._("left out by name")
    if campaign.team_filter_id and member.team_id != campaign.team_filter_id:
        return env._("not in the team %s", campaign.team_filter_id.name)
    experience = EXPERIENCE.get(member.level_id.code, OTHER_EXPERIENCE)
    if campaign.min_experience and experience < int(campaign.min_experience):
        return env._("below the level asked for")
    if campaign.use_max_workload and _holds_more(member, campaign.max_workload):
        return env._("%s%% utilization is above the limit", _tell_utilization(member, campaign.max_workload))
    wanted = (campaign.team_filter_name or "").strip().casefold()
    if wanted and wanted != (member.team_label or "").strip().casefold():
        return env._("not in the team %s", campaign.team_filter_name)
    return None


def _holds_more(member, percent):
    """Return whether somebody holds more than a part of the target, to the lead: what a form shows is rounded."""
    return bool(member.target_leads) and member.current_leads * 100 > percent * member.target_leads


def _tell_utilization(member, percent):
    """Return the utilization in percent, with as many decimals as show that it is above a limit."""
    exact = member.current_leads / member.target_leads * 100
    digits = next((digits for digits in (1, 2, 3) if round(exact, digits) > percent), 4)
    return format_number(member.env, exact, digits)


def explain_nobody(selection, request):
    """Return why nobody of a selection can receive leads, in words."""
    env = selection.members.env
    if selection.left_out:
        names = [f"{name}: {reason}" for name, reason in selection.left_out.items()]
        rest = len(names) - NAMED
        return "; ".join([*names[:NAMED], *([env._("%s more", rest)] if rest > 0 else [])])
    if request.user_ids is not None:
        return env._("no people were chosen for this run.")
    return env._("the campaign has no members. Add salespeople to it.")


def tell_unsound(campaign, users):
    """Return what of single people does not work, in words: it is passed over, and the others go on."""
    _ = campaign.env._  # pylint: disable=prefer-env-translation
    warnings = [
        _(
            "%(name)s: nobody knows the time zone “%(zone)s”, so the campaign's counts.",
            name=user.name,
            zone=user.tz,
        )
        for user in find_lost_in_time(users)
    ]
    if campaign.tz and not is_zone(campaign.tz):
        warnings.append(_("Nobody knows the campaign's time zone “%s”, so it is UTC.", campaign.tz))
    return warnings


def get_zones(users, fallback):
    """Return {user id: name of a time zone that is known}.

    :param fallback: zone of people who have none, or one that nobody knows
    """
    return {user.id: pick_zone(user.tz, fallback) for user in users}


def find_lost_in_time(users):
    """Return the users whose time zone nobody knows; most have none at all, or a known one."""
    return users.filtered(lambda user: user.tz and not is_zone(user.tz))
