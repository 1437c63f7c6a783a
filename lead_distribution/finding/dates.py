"""Days of a time zone and stored dates.

Dates with a time are stored in UTC, ages count whole days of a zone. So it is the day that is turned
into a moment of UTC, never the column into a day: an index on the column still serves.
"""

from datetime import MAXYEAR, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo.fields import Domain

from ..engine.zones import pick_zone


def get_today(now, tz):
    """Return the date in a time zone.

    :param now: moment in UTC, without time zone, as Odoo stores it
    """
    return now.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(pick_zone(tz))).date()


def days_before(day, days):
    """Return the date so many days before another; the first date there is, where it would lie before that."""
    return date.fromordinal(max(1, day.toordinal() - days))


def business_days_before(day, days):
    """Return the first date from which not more than ``days`` business days have passed until a day.

    Counted are Mondays to Fridays from the date (included) to the day (not included), so the dates
    that are too old are those before the one returned.

    >>> business_days_before(date(2026, 11, 23), 5)  # a Monday: the week before, and the weekend before it
    datetime.date(2026, 11, 14)
    """
    weeks, rest = divmod(days, 5)
    first = days_before(day, 7 * weeks)
    while first.toordinal() > 1:
        earlier = first - timedelta(days=1)
        if earlier.weekday() < 5:
            if not rest:
                break
            rest -= 1
        first = earlier
    return first


def day_start(day, tz):
    """Return the first moment of a day in a time zone: in UTC, without time zone.

    Where clocks skip midnight it is the moment after, where midnight comes twice the first one.

    >>> day_start(date(2024, 4, 1), "Asia/Tokyo")
    datetime.datetime(2024, 3, 31, 15, 0)
    """
    try:
        moment = datetime.combine(day, time(), ZoneInfo(pick_zone(tz))).astimezone(timezone.utc)
    except OverflowError:  # the first or the last day there is
        return datetime.combine(day, time())
    return moment.replace(tzinfo=None)


def next_day(day):
    """Return the day after; of the last one there is, itself."""
    return day if day == date(MAXYEAR, 12, 31) else day + timedelta(days=1)


def touched_days(start, end, tz):
    """Return the first and the last date that a time touches in a time zone; its end is outside.

    :param start: moment in UTC, without time zone
    :param end: as ``start``

    >>> touched_days(datetime(2026, 12, 24, 23), datetime(2026, 12, 25, 23), "Europe/Brussels")
    (datetime.date(2026, 12, 25), datetime.date(2026, 12, 25))
    """
    last = max(start, end - timedelta(microseconds=1))
    return get_today(start, tz), get_today(last, tz)


def before(field, day, tz):
    """Return the Domain of records whose date lies before a day of a time zone; without a date: not among them.

    :param field: field of type date or datetime
    """
    return Domain(field.name, "<", day_start(day, tz) if field.type == "datetime" else day)


def since(field, day, tz):
    """Return the Domain of records whose date is a day of a time zone, or later."""
    return Domain(field.name, ">=", day_start(day, tz) if field.type == "datetime" else day)


def until(field, day, tz):
    """Return the Domain of records whose date is a day of a time zone, or earlier."""
    if field.type == "datetime":
        return Domain(field.name, "<", day_start(next_day(day), tz))
    return Domain(field.name, "<=", day)
