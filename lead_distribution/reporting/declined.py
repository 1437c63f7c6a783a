# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Who hears of leads that somebody gave back: who is to decide, and the responsible of what nobody has now."""

import logging

from markupsafe import Markup

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .messages import Letter, send
from .readers import get_responsible
from .taken_back import describe_declined, describe_stay, list_few

_logger = logging.getLogger(__name__)


def tell_declined(campaign, decider, given, freed, left):
    """Tell one message a person; that never costs the leads, an error is logged.

    :param campaign: with full rights
    :param decider: who got leads to decide what becomes of them, or nobody
    :param given: rows of the history by which
    :param freed: rows of those who gave leads back that nobody has now
    :param left: {lead id: why nobody got it}
    """
    if not given and not freed:
        return
    campaign.env.flush_all()  # what is refused of the leads themselves is no error of the telling
    try:
        with campaign.env.cr.savepoint():
            letters = {decider: _write_given(decider, campaign, given)} if given else {}
            reader = get_responsible(campaign) if freed else None
            if reader:
                letter, own = _write_freed(reader, campaign, freed, left), letters.get(reader)
                letters[reader] = Letter(own.subject, own.body + letter.body) if own else letter
            send(campaign, letters, by_mail=campaign.notify_salespeople != "inbox")
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception:
        _logger.exception("Telling of declined leads of campaign %s failed", campaign.id)


def _write_given(user, campaign, rows):
    """Return the letter to who decides."""
    env = campaign.with_context(lang=user.lang, tz=user.tz).env
    _, who = env._, ", ".join(dict.fromkeys(rows.mapped("previous_user_name")))
    if len(rows) == 1:
        subject = _("%(person)s declined: %(lead)s", person=who, lead=rows.lead_name)
    else:
        subject = _("%(person)s declined %(count)s leads", person=who, count=len(rows))
    items = [
        f"{row.lead_name}: {describe_declined(env, row.previous_user_name, row.before['declined'])}" for row in rows
    ]
    text = _("You have it now, and decide.") if len(rows) == 1 else _("You have them now, and decide.")
    return _write(env, subject, text, items)


def _write_freed(user, campaign, rows, left):
    """Return the letter about leads that nobody has."""
    env = campaign.with_context(lang=user.lang, tz=user.tz).env
    _ = env._
    if len(rows) == 1:
        subject = _("Declined, and nobody has it now: %s", rows.lead_name)
    else:
        subject = _("%s leads were declined, and nobody has them now", len(rows))
    items = [
        f"{row.lead_name}: {describe_declined(env, row.user_name, row.decline_reason)}. "
        f"{describe_stay(env, left[row.lead_id.id])}"
        for row in rows
    ]
    return _write(env, subject, "", items)


def _write(env, subject, text, items):
    return Letter(subject, Markup("<p>%s<br/>%s</p>%s") % (subject, text, list_few(env, items)))
