"""Leads that nobody could take for as long as the campaign says: they go to a person, or the responsible is told."""

import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..planning.presence.look import look
from ..reporting.todos import WAITING, find_todos, raise_todo, settle
from ..reporting.words import describe_left_over
from ..tools.fit import find_unfit
from .next_try import get_fallback_on
from .rows import count_told, list_told

_logger = logging.getLogger(__name__)

# what a person whom the campaign names makes up for; a limit of the campaign itself holds for this person, too
MADE_UP_FOR = (
    "nobody_there", "no_salespeople", "no_eligible", "only_holder", "had_before", "other_company", "everybody_full",
)  # fmt: skip
AWAY = ("absence", "pause", "leave")  # off shift is fine: who is named keeps what nobody takes


def find_user(campaign, now):
    """Return who gets what nobody can take now; nobody if none is named, or this person is away or sees no leads."""
    user = campaign.live_fallback_user_id
    if campaign.live_fallback != "user" or find_unfit(user, campaign.company_id):
        return user.browse()
    return user.browse() if look(campaign, user, now)[user.id].kind in AWAY else user


def pick(campaign, waits, rows, now):
    """Return (ids of leads that go to the person, ids of leads of which the responsible has to be told).

    :param waits: {lead id: ``Wait``} of the leads that nobody gets
    :param rows: {lead id: ``Due``}
    """
    late = [lead_id for lead_id in waits if get_fallback_on(campaign, rows[lead_id]) <= now]
    user = find_user(campaign, now) if late else None
    given = {lead_id for lead_id in late if user and waits[lead_id].reason in MADE_UP_FOR}
    told = [lead_id for lead_id in late if lead_id not in given and not rows[lead_id].told_on]
    return user, [lead_id for lead_id in late if lead_id in given], told


def try_telling(campaign):
    """Tell the responsible how many leads of the campaign wait for too long, and why; one to-do for all of them.

    It never costs the batch, in which other campaigns have handed out leads: an error is logged.
    """
    texts = [_describe(campaign.env, *told) for told in list_told(campaign)]
    campaign.env.flush_all()  # what is refused of the batch itself is no error of the telling
    try:
        with campaign.env.cr.savepoint():
            raise_todo(campaign, WAITING, texts)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception:
        _logger.exception("Live: telling that leads of campaign %s wait failed", campaign.id)


def _describe(env, reason, detail, count):
    why = describe_left_over(env, reason)
    leads = env._("1 lead waits") if count == 1 else env._("%s leads wait", count)
    return f"{leads}: {why} ({detail})" if detail else f"{leads}: {why}"


def settle_told(env):
    """Close the to-dos of campaigns of which nothing waits any more that somebody was told of, live or no longer.

    :param env: with full rights
    """
    campaigns = env["lead.distribution.campaign"].with_context(active_test=False).search([])
    todos = find_todos(campaigns, WAITING)
    if not todos:
        return
    waiting = count_told(env)
    for campaign in campaigns.browse(todos.mapped("res_id")).exists():
        if not waiting.get(campaign.id):
            settle(campaign, WAITING, why=campaign.env._("Nothing waits any more."))
