# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What in a live campaign does not work as it was probably meant. Each takes a campaign and yields texts."""

from odoo.tools import config

from ..finding.scope import get_today
from ..finding.window import get_window
from ..planning.request import PlanRequest
from ..tools.fit import ARCHIVED, NO_LEADS, find_unfit
from .live_words import find_asked_first

LIMITS = ("use_priority", "own_domain", "required_field_ids")  # with one of them a campaign does not take every lead


def check_live(campaign):
    """Yield what keeps a live campaign from the leads that come."""
    if campaign.is_live:
        yield from _check_first(campaign)
        yield from _check_taken(campaign)
        yield from _check_fallback(campaign)
        yield from _check_scheduler(campaign)


def _check_first(campaign):
    greedy = next((first for first in find_asked_first(campaign) if _takes_every_lead(first)), None)
    if greedy:
        yield campaign.env._(
            "“%s” is asked first, and takes every lead that comes: put it below this campaign in the list of "
            "campaigns, or give it filters.",
            greedy.name,
        )


def _takes_every_lead(campaign):
    filters = campaign.filter_ids.filtered("active")
    return not filters and not any(campaign[name] and campaign[name] != "[]" for name in LIMITS)


def _check_taken(campaign):
    _ = campaign.env._
    if campaign.pool_mode == "pools" and campaign.pool_ids and "unassigned" not in campaign.pool_ids.mapped("holder"):
        yield _("Leads that come have nobody, and this campaign takes only those of people: add “Nobody”.")
    nobodys = campaign.pool_ids.filtered(lambda pool: pool.holder == "unassigned")
    if campaign.pool_mode == "pools" and nobodys and all(pool.status_ids for pool in nobodys):
        yield _(
            "Leads that come have no lead status, as long as nobody sets one, and this campaign takes nobody's "
            "leads only in certain statuses: leave the statuses of “Nobody” empty."
        )
    last = get_window(campaign, PlanRequest())[1]
    if last and last < get_today(campaign):
        yield _("Leads that come are of today, and this campaign takes only older ones: let its dates reach to today.")


def _check_fallback(campaign):
    user = campaign.live_fallback_user_id
    if campaign.live_fallback != "user" or not user:
        return
    why = find_unfit(user, campaign.company_id)
    if why == ARCHIVED:
        yield campaign.env._("%s, who is to get what nobody can take, is archived: such leads wait.", user.name)
    elif why and user.share:
        yield campaign.env._("%s, who is to get what nobody can take, does not work here: such leads wait.", user.name)
    elif why == NO_LEADS:
        yield campaign.env._("%s, who is to get what nobody can take, has no access to leads: they wait.", user.name)
    elif why:
        yield campaign.env._(
            "%(name)s, who is to get what nobody can take, does not work for %(company)s: such leads wait.",
            name=user.name, company=campaign.company_id.name,
        )  # fmt: skip


def _check_scheduler(campaign):
    if config["max_cron_threads"] == 1:
        yield campaign.env._(
            "This server does one scheduled action at a time: while a long one runs, leads that come wait. Ask your "
            "administrator for two (max_cron_threads)."
        )
