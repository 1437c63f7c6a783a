"""When a campaign runs next, by the wall clock of its time zone."""

from calendar import monthrange
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

FREQUENCIES = ("hourly", "daily", "weekly", "monthly")


def next_run(after, frequency, *, hour=6.0, weekday=0, day=1, tz="UTC"):
    """Return the first scheduled moment strictly after ``after``.

    The hour is one of the wall clock: 6 o'clock stays 6 o'clock when the clocks change;
    where they skip it, the run is as much later.

    :param after: moment in UTC, without time zone, as Odoo stores it
    :param frequency: one of ``FREQUENCIES``
    :param hour: hour of the day, 6.5 is 06:30; of ``hourly`` only the minutes count, those of the zone's clocks
    :param weekday: 0 is Monday, for ``weekly``
    :param day: day of the month, for ``monthly``; 31 is the last one of short months
    :return: moment in UTC, without time zone
    :raise ValueError: for an unknown frequency

    >>> next_run(datetime(2026, 11, 21, 7), "daily", hour=6, tz="Europe/Berlin")
    datetime.datetime(2026, 11, 22, 5, 0)
    """
    if frequency not in FREQUENCIES:
        raise ValueError(f"Unknown frequency: {frequency}")
    zone = ZoneInfo(tz)
    local = after.replace(tzinfo=timezone.utc).astimezone(zone)
    minutes = round(hour * 60)
    if frequency == "hourly":
        return next(moment for moment in _minutes(after, minutes % 60, zone) if moment > after)
    for date in _dates(local.date(), frequency, weekday, day):
        moment = datetime.combine(date, time(minutes // 60 % 24, minutes % 60), zone)
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
        if moment > after:
            return moment
    raise AssertionError("there is always a next date")


def _minutes(after, minute, zone):
    """Yield the moments at which clocks of a zone show a minute, in this hour and those that follow."""
    for hours in range(4):
        local = (after + timedelta(hours=hours)).replace(tzinfo=timezone.utc).astimezone(zone)
        moment = local.replace(minute=minute, second=0, microsecond=0).astimezone(timezone.utc)
        yield moment.replace(tzinfo=None)


def _dates(today, frequency, weekday, day):
    """Yield the dates of the schedule from today on; two are enough to find a later one."""
    if frequency == "daily":
        yield from (today + timedelta(days=n) for n in range(3))
    elif frequency == "weekly":
        first = today + timedelta(days=(weekday - today.weekday()) % 7)
        yield from (first, first + timedelta(days=7))
    else:
        year, month = today.year, today.month
        for _ in range(3):
            yield today.replace(year=year, month=month, day=min(day, monthrange(year, month)[1]))
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
