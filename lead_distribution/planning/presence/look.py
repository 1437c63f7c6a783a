"""Whether people can receive leads at a moment, and when they can again."""

from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import fields

from ...engine.presence import DAY, covers, cut, find_end, find_first, join, trim_ends
from .absences import find_absences, find_pauses, get_spans
from .calendars import Hours, find_hours
from .words import Words

THERE = "there"
AHEAD = timedelta(days=15)  # so far hours are looked up: every second week may be a free one
FAR = timedelta(days=10 * 366)
SHORT = ("off_shift", "shift_end")  # kinds of who is away between shifts only
ORDER = ("pause", "absence", "leave")  # what is told first


class Presence(NamedTuple):
    """One person at a moment.

    ``kind``: ``there``, ``off_shift``, ``shift_end`` (the last minutes of a shift), ``leave``, ``absence``, ``pause``.
    ``reason``: why the person receives nothing, in words; empty if leads can come. ``back_on``: from when they can
    again (UTC), None if nobody knows. ``bucket``: days of 24 hours until then, for campaigns that look ahead.
    """

    kind: str = THERE
    reason: str = ""
    back_on: datetime | None = None
    bucket: int = 0

    @property
    def can_receive(self):
        return not self.reason


def look(campaign, users, at=None):
    """Return {user id: Presence} of people in a campaign.

    A fixed number of statements, whoever works when; but flexible calendars are asked one by one.

    :param campaign: with full rights; says whether working hours count
    :param at: the moment (UTC); None: now
    """
    at = at or fields.Datetime.now()
    last = at + AHEAD
    absences, pauses = find_absences(users, at, last), find_pauses(users, at)
    if campaign.availability == "ignore":
        always = Hours([(at, at + FAR)], [])
        hours, last = dict.fromkeys(users.ids, always), at + FAR
    else:
        hours = find_hours(campaign, users, at, last)
    judge = _Judge(campaign, at, last)
    aways = {user_id: [*absences.get(user_id, ()), *filter(None, [pauses.get(user_id)])] for user_id in users.ids}
    return {user.id: judge.judge(user, hours[user.id], aways[user.id]) for user in users}


def find_away(campaign, users, at=None):
    """Return {user id: why this person receives nothing at a moment} of those who do not; who is back first is first.

    Whoever hands out by hand names people on purpose: nobody is left out there, only told of.
    """
    if campaign.is_by_hand:
        return {}
    seen = [(user_id, one) for user_id, one in look(campaign, users, at).items() if one.reason]
    seen.sort(key=lambda item: item[1].back_on or datetime.max)
    return {user_id: one.reason for user_id, one in seen}


def find_long_away(campaign, users, until=None):
    """Return {user id: why} of those who cannot take over what others leave for days: off shift alone is no reason.

    :param until: moment until when who is off shift must be back; None: whenever
    """
    if campaign.is_by_hand:
        return {}
    return {
        user_id: one.reason
        for user_id, one in look(campaign, users).items()
        if one.reason and not (one.kind in SHORT and (until is None or (one.back_on and one.back_on < until)))
    }


def explain_away(campaign, members, at=None):
    """Return {member: why}, see ``find_away``."""
    by_user = {member.user_id.id: member for member in members}  # one each
    return {by_user[user_id]: why for user_id, why in find_away(campaign, members.user_id, at).items()}


def find_buckets(campaign, users, at=None):
    """Return {user id: days of 24 hours until the person is there}, for a campaign that looks ahead."""
    if campaign.availability != "look_ahead":
        return {}
    return {user_id: seen.bucket for user_id, seen in look(campaign, users, at).items()}


def forget(env):
    """Have it looked anew who is there: an absence, a pause or a calendar has changed in this transaction."""
    env["lead.distribution.member"].invalidate_model(["is_available", "unavailable_reason"], flush=False)


class _Judge:
    """Says of people one after the other whether they can receive leads.

    :param at: the moment; :param last: how far their hours are known
    """

    def __init__(self, campaign, at, last):
        self.at, self.last = at, last
        self.ahead = timedelta(hours=campaign.look_ahead_hours) if campaign.availability == "look_ahead" else None
        self.shift_end = timedelta(minutes=campaign.shift_end_minutes if campaign.availability != "ignore" else 0)
        self.words = Words(campaign, at)
        self._alike = {}  # most people have the hours of others, and nothing besides

    def judge(self, user, hours, aways):
        if aways:
            return self._judge(user, hours, aways)
        key = (id(hours.spans), id(hours.leaves), user.tz)
        if key not in self._alike:
            self._alike[key] = self._judge(user, hours, aways)
        return self._alike[key]

    def _judge(self, user, hours, aways):
        aways = [*aways, *hours.leaves]
        open_spans = cut(hours.spans, get_spans(aways, self.last))
        spans = trim_ends(open_spans, self.shift_end)
        now = self._find_away(aways)
        first = find_first(spans, self.at)
        if self._may_receive(now, first):
            wait = first - self.at
            return Presence(back_on=first if wait else None, bucket=wait // DAY)
        back_on = first or self._find_return(aways)
        kind = now.kind if now else "shift_end" if covers(open_spans, self.at) else "off_shift"
        return Presence(kind, self.words.explain(kind, now, back_on, user), back_on)

    def _may_receive(self, now, first):
        if first is None or (now and now.kind != "leave"):
            return False
        return first - self.at <= (self.ahead or timedelta())

    def _find_away(self, aways):
        """Return what keeps the person away at the moment; what people said themselves comes first."""
        here = [away for away in aways if away.start <= self.at and (away.end is None or away.end > self.at)]
        return min(here, key=lambda away: ORDER.index(away.kind), default=None)

    def _find_return(self, aways):
        """Return when somebody is back who has no working hours as far as they are known."""
        if any(away.end is None for away in aways):
            return None
        end = find_end(join((away.start, away.end) for away in aways), self.last - timedelta(seconds=1))
        return end if end and end > self.last else None
