"""Leads that wait, on the dashboard: how many, since when, why; and what of it needs somebody."""

from datetime import timedelta

from odoo.fields import Datetime

from ..waiting import WAITING, get_domain_of, tell_moment
from .opening import open_records

STUCK = timedelta(minutes=10)  # nobody looked at what should have been tried
LONG = timedelta(hours=1)
ON_THEIR_WAY = ("new", "delay", "locked")  # reasons that pass by themselves
PRESSING = ("nobody_there", "no_salespeople", "everybody_full")


def show_waiting(env, waiting, campaign, is_live):
    """Return the tile of what waits; nothing where no campaign is live and nothing waits.

    :param waiting: see ``reporting.waiting.sum_up_waiting``
    :param campaign: only what waits for this one; nothing for all
    """
    if not (is_live or waiting.count):
        return None
    return {
        "count": waiting.count,
        "since": tell_moment(env, waiting.since) if waiting.count else "",
        "open": open_records(WAITING, get_domain_of(env, campaign), env._("Waiting leads")),
        "reasons": [
            {
                "name": reason.words,
                "count": reason.count,
                "open": open_records(WAITING, get_domain_of(env, campaign, reason.code), reason.words),
            }
            for reason in waiting.reasons
        ],
    }


def list_waiting(env, waiting, campaign):
    """Return what of it needs the attention of a manager, as ``attention.list_attention`` does."""
    now = Datetime.now()
    stuck = min((reason.due for reason in waiting.reasons), default=now)
    items = [_tell_stuck(env, stuck, campaign)] if stuck < now - STUCK else []
    return items + [
        _tell_reason(env, reason, campaign)
        for reason in waiting.reasons
        if reason.code not in ON_THEIR_WAY
        and (reason.code in PRESSING or reason.code == "failed" or reason.since < now - LONG)
    ]


def _tell_stuck(env, due, campaign):
    text = env._(
        "Leads wait, and nobody has looked at them since %s. Do Odoo's scheduled actions run?", tell_moment(env, due)
    )
    return _tell("danger", text, open_records(WAITING, get_domain_of(env, campaign), env._("Waiting leads")))


def _tell_reason(env, reason, campaign):
    text = env._(
        "Waiting leads: %(count)s, the longest since %(since)s (%(reason)s)",
        count=reason.count, since=tell_moment(env, reason.since), reason=reason.words,
    )  # fmt: skip
    opened = open_records(WAITING, get_domain_of(env, campaign, reason.code), reason.words)
    return _tell("danger" if reason.code == "failed" else "warning", text, opened)


def _tell(level, text, opened):
    return {"level": level, "text": text, "open": opened}
