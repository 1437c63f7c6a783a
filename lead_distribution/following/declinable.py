# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""May leads be given back by who asks for it, and for which reason? All that is in the way is told at once."""

from datetime import timedelta
from typing import NamedTuple

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine.zones import pick_zone
from ..finding.dates import day_start, get_today
from ..finding.languages import fold, index_names
from ..names import GIVEN, MANAGERS
from ..tools.storable import storable
from ..work.system import as_system

LONGEST = 500  # characters of a reason


class Asked(NamedTuple):
    """Leads of one campaign that are to be given back.

    ``rows``: of the history, by which their holders got them; ``reason``: text.
    """

    campaign: object
    leads: object
    rows: object
    reason: str


def look(leads, reason):
    """Return the leads by campaign, as a list of ``Asked``.

    :param leads: with the rights of the caller
    :param reason: text, or the id of one of the campaign's reasons
    :raise UserError: with all that is in the way
    """
    env, given = leads.env, find_given(as_system(leads))
    problems, asked = list_problems(leads, given), []
    for campaign, own in as_system(leads).grouped("distribution_campaign_id").items():
        if campaign:
            text, problem = read_reason(env, campaign, reason)
            problems.append(problem)
            rows = [given[lead.id].id for lead in own if lead.id in given]
            asked.append(Asked(campaign, own, campaign.env["lead.distribution.assignment"].browse(rows), text))
    _refuse(problems)
    return asked


def look_at_leads(leads):
    """Refuse leads that cannot be given back, for whatever reason.

    :raise UserError: with all that is in the way
    """
    _refuse(list_problems(leads, find_given(as_system(leads))))


def list_problems(leads, given):
    """Return what is in the way of giving leads back, in words.

    :param leads: with the rights of the caller
    :param given: see ``find_given``
    """
    env, problems = leads.env, []
    leads.check_access("read")
    if not leads:
        return [env._("Choose the leads to decline.")]
    for lead in as_system(leads):
        problems += _find_problems(env, lead, given.get(lead.id))
    for campaign, own in as_system(leads).grouped("distribution_campaign_id").items():
        if campaign:
            problems += _find_limit_problems(env, campaign, own)
    return problems


def _refuse(problems):
    problems = list(dict.fromkeys(filter(None, problems)))
    if problems:
        raise UserError("\n".join(problems))


def find_given(leads):
    """Return {lead id: row of the history by which its holder got it}; one query.

    :param leads: with full rights
    """
    rows = leads.env["lead.distribution.assignment"].search(
        [("lead_id", "in", leads.ids), ("state", "=", "done")], order="applied_on, id"
    )
    last = {row.lead_id.id: row for row in rows}
    return {
        lead_id: row
        for lead_id, row in last.items()
        if row.kind in GIVEN and row.user_id and row.user_id == row.lead_id.holder_id
    }


def is_manager(env):
    return env.su or env.user.has_group(MANAGERS)


def _find_problems(env, lead, row):
    """Return what is in the way of giving one lead back."""
    _, campaign = env._, lead.distribution_campaign_id
    if lead.holder_id != env.user and not is_manager(env):
        return [_("“%s” is not with you.", lead.name)]
    if not lead.active or not lead.is_open:
        return [_("“%s” is closed.", lead.name)]
    if not row or not campaign:
        return [_("“%s” did not come from a campaign.", lead.name)]
    if campaign.decline_mode == "off":
        return [_("Leads of “%s” cannot be declined.", campaign.name)]
    return []


def list_choice(campaign):
    """Return the reasons to choose from; none: any text."""
    return campaign.decline_reason_ids.filtered("active")


def read_reason(env, campaign, reason):
    """Return (the reason as text, what is wrong with it or nothing).

    The text of a chosen reason is in the language of who is responsible for the campaign, so equal reasons are equal.

    :param reason: text, or the id of one of the campaign's reasons
    """
    _, choice = env._, list_choice(campaign)
    names = ", ".join(choice.with_context(lang=env.lang).mapped("name"))
    is_text = isinstance(reason, str)
    text = " ".join(storable(reason).split()) if is_text else ""
    if choice:
        by_id = () if isinstance(reason, bool) else (reason,)  # True is equal to 1
        chosen = _find_by_name(env, choice, text) if is_text else choice.filtered(lambda one: one.id in by_id)
        if chosen:
            return chosen[0].with_context(lang=campaign.user_id.lang or "en_US").name, None
        return "", _("Choose one of the reasons of “%(campaign)s”: %(names)s.", campaign=campaign.name, names=names)
    if not text:
        return "", _("Say why, in a few words.")
    if len(text) > LONGEST:
        return "", _("The reason is too long: at most %s characters.", LONGEST)
    return text, None


def _find_by_name(env, choice, text):
    """Return the reason that is called so, in the language of the caller before all others."""
    names = index_names(choice.with_context(lang=env.lang), lambda name: fold(" ".join(name.split())))
    return choice.browse(names.get(fold(text)))


def _find_limit_problems(env, campaign, leads):
    """Return whether somebody gives back more than the campaign allows; managers do so for others as they like."""
    mine = leads.filtered(lambda lead: lead.holder_id == env.user)
    room = count_room(campaign, env.user) if mine else None
    return [describe_room(env, campaign, room)] if room is not None and len(mine) > room else []


def count_room(campaign, user):
    """Return how many leads more a person may give back now, None for any number."""
    if not campaign.decline_limit:
        return None
    tz = pick_zone(user.tz, campaign.tz)
    today = get_today(fields.Datetime.now(), tz)
    first = today - timedelta(days=today.weekday()) if campaign.decline_period == "week" else today
    declined = Domain("user_id", "=", user.id) & Domain("declined_on", ">=", day_start(first, tz))
    rows = as_system(campaign.env["lead.distribution.assignment"])
    count = rows.search_count(declined & Domain("campaign_id", "=", campaign.id))
    return max(0, campaign.decline_limit - count)


def describe_room(env, campaign, room):
    """Return how many leads more somebody may give back, as a sentence."""
    _, values = env._, {"campaign": campaign.name, "limit": campaign.decline_limit, "room": room}
    is_weekly = campaign.decline_period == "week"
    if campaign.decline_limit == 1 and is_weekly:
        return _("Of “%(campaign)s”, %(room)s of 1 lead can still be declined this week.", **values)
    if campaign.decline_limit == 1:
        return _("Of “%(campaign)s”, %(room)s of 1 lead can still be declined today.", **values)
    if is_weekly:
        return _("Of “%(campaign)s”, %(room)s of %(limit)s leads can still be declined this week.", **values)
    return _("Of “%(campaign)s”, %(room)s of %(limit)s leads can still be declined today.", **values)


def describe_next(env, campaign):
    """Return what becomes of a lead that is given back, as a sentence."""
    if campaign.is_by_hand or campaign.decline_mode == "manager" or not campaign.active:
        return env._("Whoever is responsible decides who gets it next.")
    return env._("The next one of “%s” gets it.", campaign.name)
