"""Leads that wait: how many, since when and why. One statement, whatever shows it."""

from datetime import datetime
from typing import NamedTuple

from odoo.fields import Datetime, Domain

from ..engine.zones import pick_zone
from ..tools.clock import format_near
from ..tools.labels import get_labels
from .periods import get_company_domain

WAITING = "lead.distribution.waiting"


class Reason(NamedTuple):
    """Leads that wait for one reason; ``since``: the longest, ``due``: when the first is tried again (UTC)."""

    code: str
    words: str
    count: int
    since: datetime
    due: datetime


class Waiting(NamedTuple):
    """What waits, by reason, most first."""

    reasons: list

    @property
    def count(self):
        return sum(reason.count for reason in self.reasons)

    @property
    def since(self):
        return min((reason.since for reason in self.reasons), default=None)


def get_domain_of(env, campaign=None, reason=None):
    """Return the domain of waiting leads: of the companies of the user, one campaign, one reason."""
    domain = get_company_domain(env)
    if campaign:
        domain &= Domain("campaign_id", "=", campaign.id)
    return domain & Domain("reason", "=", reason) if reason else domain


def sum_up_waiting(env, campaign=None):
    """Return what waits now, see ``Waiting``.

    :param env: with full rights, and the companies of the user
    :param campaign: only what waits for this one; nothing for all
    """
    words = get_labels(env[WAITING], "reason")
    groups = env[WAITING]._read_group(
        get_domain_of(env, campaign), ["reason"], ["__count", "since:min", "next_try:min"], order="__count DESC, reason"
    )
    return Waiting([Reason(code, words.get(code, code), count, since, due) for code, count, since, due in groups])


def tell_moment(env, moment):
    """Return a moment near now by the clock of the reader: “10:42”, or “Mon, Nov 23, 10:42”."""
    return format_near(env, moment, pick_zone(env.user.tz), Datetime.now())


def describe_waiting(row):
    """Return in words since when a lead waits, why, and when it is tried again.

    :param row: ``lead.distribution.waiting``
    """
    env, why = row.env, get_labels(row, "reason").get(row.reason, "")
    if row.detail:
        why = env._("%(reason)s. %(detail)s", reason=why, detail=row.detail.rstrip("."))
    since = tell_moment(env, row.since)
    if row.campaign_id:
        text = env._("Waits since %(since)s for %(campaign)s: %(why)s.",
                     since=since, campaign=row.campaign_id.name, why=why)  # fmt: skip
    else:
        text = env._("Waits since %(since)s: %(why)s.", since=since, why=why)
    if row.next_try <= Datetime.now():
        return text
    return env._("%(text)s It is tried again: %(moment)s.", text=text, moment=tell_moment(env, row.next_try))


def count_waiting(campaigns):
    """Return {campaign: leads that wait for it}."""
    # the number stands on the campaign, which the reader may read
    rows = campaigns.env[WAITING].sudo()
    return dict(rows._read_group([("campaign_id", "in", campaigns.ids)], ["campaign_id"], ["__count"]))
