"""Moments of a time zone in words: in the reader's language and format, with the name of the zone."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time

from odoo.tools import posix_to_ldml
from odoo.tools.misc import babel_locale_parse, get_lang

DAY = timedelta(days=1)
WEEK = 7  # days: so far ahead a weekday says which day it is
LAST_SECOND = 59
LATEST = datetime(9999, 12, 30)  # a later moment is none in every zone; for ever is written as the last day there is


def name_zone(tz):
    """Return a time zone as people call it.

    >>> name_zone("America/New_York"), name_zone("UTC")
    ('New York', 'UTC')
    """
    return (tz or "UTC").rpartition("/")[2].replace("_", " ")


def format_hour(env, hour):
    """Return an hour such as 6.5 in the reader's format: 06:30."""
    minutes = round(hour * 60)
    return _format_clock(env, time(minutes // 60 % 24, minutes % 60))


def format_moment(env, moment, tz):
    """Return a moment on the wall clock of a zone: “Mon, Nov 23, 06:00 (New York)”.

    :param moment: in UTC, without time zone, as Odoo stores it
    :param tz: name of a zone that is known
    """
    if not moment:
        return ""
    local = _localize(moment, tz)
    return env._(
        "%(day)s, %(time)s (%(zone)s)",
        day=format_day(env, local),
        time=_format_clock(env, local.time()),
        zone=name_zone(tz),
    )


def format_near(env, moment, tz, now):
    """Return a moment near now on the wall clock of a zone: “10:42” if it is today, else “Mon, Nov 23, 10:42”.

    :param moment: in UTC, without time zone, as Odoo stores it; so is ``now``
    :param tz: name of a zone that is known
    """
    local, today = (_localize(each, tz) for each in (moment, now))
    clock = _format_clock(env, local.time())
    if local.date() == today.date():
        return clock
    return env._("%(day)s, %(time)s", day=format_day(env, local), time=clock)


def format_day(env, local):
    """Return a day in the reader's language: “Mon, Nov 23”."""
    return format_skeleton("MMMEd", local, locale=babel_locale_parse(get_lang(env).code))


def format_until(env, moment, now, tz):
    """Return a moment that is soon, or not so soon, as people say it: “14:00”, “Monday 09:00”, “May 3, 2027”.

    :param moment: in UTC, as ``now``
    :param tz: name of a zone that is known
    """
    local, today = (_localize(each, tz) for each in (_round_up(moment), now))
    clock = _format_clock(env, local.time())
    days = (local.date() - today.date()).days
    if days <= 0:
        return clock
    day = _format_day(env, local, today)
    return env._("%(day)s %(time)s", day=day, time=clock) if days < WEEK else day


def format_span(env, start, end, now, tz):
    """Return what lies between two moments (UTC) as people say it: “from 14:00 to 16:00 on Friday”."""
    first, last, today = (_localize(each, tz) for each in (start, _round_up(end), now))
    begins, ends = (_format_clock(env, each.time()) for each in (first, last))
    days = [_format_day(env, each, today) for each in (first, last)]
    if (end - start) <= DAY and (first.date() == last.date() or not any((last.hour, last.minute))):
        return env._("from %(start)s to %(end)s on %(day)s", start=begins, end=ends, day=days[0])
    return env._(
        "from %(first_day)s %(start)s to %(last_day)s %(end)s",
        first_day=days[0],
        start=begins,
        last_day=days[1],
        end=ends,
    )


def _format_day(env, local, today):
    """Return a day near another one by the name of its weekday, others by their date."""
    locale = babel_locale_parse(get_lang(env).code)
    if 0 <= (local.date() - today.date()).days < WEEK:
        return format_date(local, "EEEE", locale=locale)
    return format_date_near(env, local, today)


def format_date_near(env, day, today):
    """Return a date as people say it: “May 3”, of another year than today “May 3, 2027”."""
    skeleton = "MMMd" if day.year == today.year else "yMMMd"
    return format_skeleton(skeleton, day, locale=babel_locale_parse(get_lang(env).code))


def _round_up(moment):
    """Return the full minute of a moment a second before it: days end at 23:59:59 in Odoo."""
    return moment + timedelta(seconds=1) if moment.second == LAST_SECOND and moment < LATEST else moment


def _localize(moment, tz):
    return min(moment, LATEST).replace(tzinfo=timezone.utc).astimezone(ZoneInfo(tz))


def format_weekday(env, day):
    """Return the weekday of a day, short, in the reader's language: “Mon”."""
    return format_date(day, "EEE", locale=babel_locale_parse(get_lang(env).code))


def _format_clock(env, clock):
    """Return a time of the day as the reader's language writes it, without seconds."""
    lang = get_lang(env)
    locale = babel_locale_parse(lang.code)
    return format_time(clock, posix_to_ldml(lang.time_format.replace(":%S", ""), locale=locale), locale=locale)
