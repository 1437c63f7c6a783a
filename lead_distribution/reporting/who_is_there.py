# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Who of a campaign is there: a row a person, with the hours of today and of the days after it as bars.

Everything stands on the wall clock of the campaign. Nothing is looked up here.
"""

from datetime import datetime, time, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo.tools import format_list

from ..engine.names import name_key
from ..engine.zones import pick_zone
from ..planning.people import list_names
from ..planning.presence.draw import Bar
from ..tools.clock import format_day, format_hour, format_weekday, name_zone
from .turns import explain_next

DAYS = 7
MOST_PEOPLE = 200  # rows; who is there comes first
TICKS = (0, 6, 12, 18, 24)
HOURS = 24
ON_TOP = ("shift", "full", "leave", "absence", "pause")  # what lies on what


class Seen(NamedTuple):
    """What is known of the people of a campaign at a moment.

    ``users``: those who take part or would; ``presence``: see ``planning.presence.look``; ``bars``: see ``draw``;
    ``left_out``: {name: why they take no part}; ``full``: ids of those who can get no more; ``next_ones``: see
    ``planning.who``; ``gaps``: texts.
    """

    users: object
    presence: dict
    bars: dict
    left_out: dict
    full: set
    next_ones: list
    gaps: list


def get_span(campaign, now):
    """Return the first and the last moment that are shown, in UTC."""
    zone = ZoneInfo(pick_zone(campaign.tz))
    today = _localize(now, zone).date()
    return tuple(
        datetime.combine(day, time(), zone).astimezone(timezone.utc).replace(tzinfo=None)
        for day in (today, today + timedelta(days=DAYS))
    )


def describe_who_is_there(campaign, seen, now, describe_rule):
    """Return the screen of a campaign.

    :param seen: see ``Seen``
    :param now: the moment (UTC)
    :param describe_rule: (campaign, name of a rule) → words
    """
    screen = _Screen(campaign, seen, now)
    rows = sorted((screen.describe(user) for user in seen.users), key=lambda row: (row["order"], name_key(row["name"])))
    return {
        "zone": name_zone(screen.zone.key),
        "hours": dict(campaign._fields["availability"]._description_selection(campaign.env))[campaign.availability],
        "next": _describe_next(campaign, seen.next_ones, describe_rule),
        "gaps": seen.gaps,
        "days": screen.list_days(),
        "ticks": [{"at": hour / HOURS * 100, "label": format_hour(campaign.env, hour)} for hour in TICKS[:-1]],
        "now": screen.place(screen.now),
        "kinds": [{"kind": kind, "label": label} for kind, label in screen.labels.items()],
        "people": rows[:MOST_PEOPLE],
        "more": len(rows) - len(rows[:MOST_PEOPLE]),
    }


def _describe_next(campaign, next_ones, describe_rule):
    """Return who gets the next leads, in order and each once, with the reason."""
    people = {}
    for one in next_ones:
        people.setdefault(one.person.id, one)
    return [
        {"id": i, "name": one.person.name, "why": explain_next(campaign, one, describe_rule)}
        for i, one in people.items()
    ]


class _Screen:
    """The clock, the days and the words that all rows share."""

    def __init__(self, campaign, seen, now):
        self.env, self.seen = campaign.env, seen
        self.zone = ZoneInfo(pick_zone(campaign.tz))
        self.now = _localize(now, self.zone)
        self.utc = now
        self.days = [datetime.combine(self.now.date() + timedelta(days=n), time()) for n in range(DAYS)]
        _ = self.env._
        self.labels = {
            "shift": _("Working hours"),
            "full": _("Full"),
            "leave": _("Time off"),
            "absence": _("Absence"),
            "pause": _("Paused"),
        }
        self.first = seen.next_ones[0].person.id if seen.next_ones else None

    def list_days(self):
        """Return each day as “Mon, Nov 23”, and as “Mon” where there is no room."""
        return [{"label": format_day(self.env, day), "short": format_weekday(self.env, day)} for day in self.days]

    def place(self, moment):
        """Return where a moment of today stands, in percent of the day."""
        return round((moment.hour * 60 + moment.minute) / (HOURS * 60) * 100, 2)

    def describe(self, user):
        kind, words = self._find_state(user)
        bars = self._mark_full(user, self.seen.bars.get(user.id, ()))
        local = [Bar(_localize(bar.start, self.zone), _localize(bar.end, self.zone), bar.kind) for bar in bars]
        return {
            "id": user.id,
            "name": user.name,
            "kind": kind,
            "state": words,
            "is_next": user.id == self.first,
            "order": (user.id != self.first, ("there", "full", "away", "out").index(kind)),
            "days": [self._describe_day(local, day) for day in self.days],
        }

    def _find_state(self, user):
        """Return whether somebody can receive leads now: a word for the colour, and words for people."""
        _, away = self.env._, self.seen.presence[user.id].reason
        out = next((self.seen.left_out[name] for name in list_names(user) if name in self.seen.left_out), None)
        if away:
            return "away", away[:1].upper() + away[1:]
        if out:
            return "out", _("Takes no part: %s", out)
        return ("full", _("Full")) if user.id in self.seen.full else ("there", _("There"))

    def _mark_full(self, user, bars):
        """Show what is left of today as full, for who can get no more."""
        if user.id not in self.seen.full:
            return bars
        midnight = self.utc + (self.days[1] - self.now.replace(tzinfo=None))
        marked = []
        for bar in bars:
            start, end = max(bar.start, self.utc), min(bar.end, midnight)
            marked.append(bar)
            if bar.kind == "shift" and start < end:
                marked.append(Bar(start, end, "full"))
        return marked

    def _describe_day(self, bars, day):
        """Return the bars of one day in percent of it, and the same in words."""
        shown = []
        for bar in sorted(bars, key=lambda bar: ON_TOP.index(bar.kind)):
            start = max(bar.start.replace(tzinfo=None), day)
            end = min(bar.end.replace(tzinfo=None), day + timedelta(days=1))
            if start < end:
                shown.append((bar.kind, (start - day) / timedelta(days=1), (end - day) / timedelta(days=1)))
        texts = [self._tell(*part) for part in shown]
        return {
            "words": format_list(self.env, texts) if texts else self.env._("Not at work"),
            "bars": [
                {"kind": kind, "left": round(start * 100, 2), "width": round((end - start) * 100, 2), "title": text}
                for (kind, start, end), text in zip(shown, texts, strict=True)
            ],
        }

    def _tell(self, kind, start, end):
        first, last = format_hour(self.env, start * HOURS), format_hour(self.env, end * HOURS)
        return self.env._("%(what)s %(first)s–%(last)s", what=self.labels[kind], first=first, last=last)


def _localize(moment, zone):
    return moment.replace(tzinfo=timezone.utc).astimezone(zone)
