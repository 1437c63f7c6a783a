"""Leads go to people who are at work while the lead may be called."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from ..zones import is_zone
from .base import Rule


def hours_in_utc(day, zone, first, last):
    """Return the span (start, end) in UTC of some hours of a day at a place.

    :param zone: name of a time zone; :param first: and ``last``: hours as numbers, 8.5 is half past eight

    >>> hours_in_utc(datetime(2026, 1, 5).date(), "Asia/Tokyo", 9, 17.5)[0].isoformat()
    '2026-01-05T00:00:00+00:00'
    """
    midnight = datetime.combine(day, time(), ZoneInfo(zone))
    start, end = (midnight + timedelta(hours=hours) for hours in (first, last))
    return start.astimezone(timezone.utc), end.astimezone(timezone.utc)


def find_zones(country_code, zones_of_country, own_zone=None):
    """Return the time zones a lead may be in: the partner's own, else those of the country.

    Zones that this machine does not know say nothing.

    >>> find_zones("jp", {"JP": ("Asia/Tokyo", "Asia/Atlantis")}, "Mars/Olympus")
    ('Asia/Tokyo',)
    """
    if is_zone(own_zone):
        return (own_zone,)
    return tuple(zone for zone in zones_of_country.get((country_code or "").upper(), ()) if is_zone(zone))


class CallingHours(Rule):
    """Only people whose working hours overlap the hours in which the lead may be called.

    At least ``overlap`` hours on the day, or on the days beside it, which are already or
    still today elsewhere. In a country of several time zones, any one of them will do.
    A lead whose time zone nobody knows is for everybody.
    """

    name = "calling_hours"

    def __init__(self, day, working, first=8.0, last=20.0, overlap=1.0, everybody_if_nobody=False):
        """:param working: person id → (start, end) in UTC; :param first: and ``last``: where the lead is"""
        self.day = day
        self.working = working
        self.first, self.last, self.overlap = first, last, timedelta(hours=overlap)
        self.everybody_if_nobody = everybody_if_nobody

    def get_part(self, facts):
        return tuple(facts.get("time_zones") or ())

    def judge(self, person, part):
        if not part or person.id not in self.working:
            return 0
        return 0 if any(self._overlaps(self.working[person.id], zone) for zone in part) else None

    def _overlaps(self, working, zone):
        for days in (-1, 0, 1):
            span = hours_in_utc(self.day + timedelta(days=days), zone, self.first, self.last)
            if min(working[1], span[1]) - max(working[0], span[0]) >= self.overlap:
                return True
        return False
