"""When people work, as Odoo's resources know it: calendars, leave and public holidays, for everybody at once.

A person is the resource of their user: its calendar, in its zone; without a calendar they work at any hour. Who has no
resource works as the company does, in their own zone. All is looked up for everybody in one go: Odoo's own methods ask
the database once for each calendar. That the answer is theirs, minute by minute, is what the tests hold.
"""

from datetime import datetime, time, timedelta, timezone
from typing import NamedTuple

import pytz

from odoo.fields import Domain
from odoo.tools.date_utils import float_to_time

from ...engine.presence import DAY, join, meet
from ...engine.zones import pick_zone
from ...tools.clock import LATEST
from .absences import Away


class Hours(NamedTuple):
    """When somebody works: ``spans`` (UTC) without any leave, and ``leaves``, a list of ``Away``.

    People with equal hours and no leave of their own share the two lists.
    """

    spans: list
    leaves: list


def find_hours(campaign, users, first, last):
    """Return {user id: ``Hours``}, from one moment to another (UTC).

    :param campaign: with full rights
    """
    people = [_find_place(campaign, user, resource) for user, resource in _find_resources(campaign, users).items()]
    resources = campaign.env["resource.resource"].union(*(place.resource for place in people))
    valid = _find_calendars(resources, first, last)
    shifts = _Shifts(_list_calendars(campaign.env, people, valid), first, last)
    leaves = _Leaves(resources, first, last)
    return {place.user.id: _get_hours(place, valid, shifts, leaves) for place in people}


class _Place(NamedTuple):
    """Where one person's hours come from; no ``resource``: from the company."""

    user: object
    resource: object
    company: object
    zone: str


def _find_resources(campaign, users):
    """Return {user: resource}; of several the one in the campaign's company, else the first."""
    resources = campaign.env["resource.resource"].search([("user_id", "in", users.ids)], order="id")
    company = campaign.company_id
    of_user = resources.grouped("user_id")
    nobody = resources.browse()
    found = {}
    for user in users:
        own = of_user.get(user, nobody)
        home = company or user.company_id
        found[user] = own.filtered(lambda resource, home=home: resource.company_id == home)[:1] or own[:1]
    return found


def _find_place(campaign, user, resource):
    company = resource.company_id or campaign.company_id or user.company_id
    return _Place(user, resource, company, pick_zone(resource.tz if resource else user.tz, user.tz, campaign.tz))


def _find_calendars(resources, first, last):
    """Return {resource id: {calendar: when it holds}}: contracts may change it, where Odoo has them."""
    if not resources:
        return {}
    return resources._get_calendars_validity_within_period(*map(pytz.utc.localize, (first, last)))


def _list_calendars(env, people, valid):
    """Return all calendars in question."""
    of_companies = {place.company.resource_calendar_id for place in people}
    return env["resource.calendar"].union(*of_companies, *{calendar for parts in valid.values() for calendar in parts})


def _get_hours(place, valid, shifts, leaves):
    calendar = place.company.resource_calendar_id
    if not place.resource:
        return Hours(shifts.get_spans(calendar, place.zone), leaves.get(place, calendar))
    if place.resource._is_fully_flexible():
        return Hours(shifts.always, leaves.get(place, calendar, is_flexible=True))
    parts = valid.get(place.resource.id, {})
    if len(parts) == 1:
        [(calendar, times)] = parts.items()
        if shifts.is_whole(times):  # as nearly everybody's
            return Hours(shifts.get_spans(calendar, place.zone), leaves.get(place, calendar))
    spans, away = [], []
    for calendar, times in parts.items():
        held = join((_in_utc(start), _in_utc(end)) for start, end, _records in times)
        spans += meet(shifts.get_spans(calendar, place.zone), held)
        away += leaves.get(place, calendar)
    return Hours(join(spans), list(dict.fromkeys(away)))


class _Shifts:
    """The working hours of calendars in a time, as spans in UTC; one statement, and each is counted once a zone."""

    def __init__(self, calendars, first, last):
        self.first, self.last = first, last
        self.always = [(first, last)]
        self._spans = {}
        domain = Domain("calendar_id", "in", calendars.ids) & Domain("display_type", "=", False)
        lines = calendars.env["resource.calendar.attendance"].search_fetch(
            domain & Domain("day_period", "!=", "lunch"),
            ["calendar_id", "dayofweek", "week_type", "hour_from", "hour_to"],
        )
        self._lines = lines.grouped("calendar_id")
        self._get_week = lines.get_week_type

    def is_whole(self, times):
        return len(times) == 1 and all(
            _in_utc(start) <= self.first and _in_utc(end) >= self.last for start, end, _records in times
        )

    def get_spans(self, calendar, zone):
        """Return the working hours of a calendar in a zone; without a calendar: at any hour."""
        if not calendar:
            return self.always
        if (calendar, zone) not in self._spans:
            find = self._ask_flexible if calendar.flexible_hours else self._list
            self._spans[calendar, zone] = meet(join(find(calendar, pytz.timezone(zone))), self.always)
        return self._spans[calendar, zone]

    def _list(self, calendar, zone):
        """Return the hours of a calendar, those of the days around included."""
        of_day = {}
        for line in self._lines.get(calendar, ()):
            weeks = (int(line.week_type),) if calendar.two_weeks_calendar else (0, 1)
            hours = (float_to_time(line.hour_from), float_to_time(line.hour_to))
            for week in weeks:
                of_day.setdefault((week, int(line.dayofweek)), []).append(hours)
        first, last = (moment.date() for moment in (self.first - DAY, self.last + DAY))
        days = (first + DAY * number for number in range((last - first).days + 1)) if of_day else ()
        return [
            tuple(_in_utc(zone.localize(datetime.combine(day, hour))) for hour in hours)
            for day in days
            for hours in of_day.get((self._get_week(day), day.weekday()), ())
        ]

    def _ask_flexible(self, calendar, zone):
        """Return the hours that Odoo shares out over the weeks; whole ones, so that it does not matter when it asks."""
        day = pytz.utc.localize(self.first).astimezone(zone).date()
        start = zone.localize(datetime.combine(day - timedelta(days=day.weekday()), time()))
        end = pytz.utc.localize(self.last + 2 * DAY)  # the last day is a whole one in every zone
        found = calendar._attendance_intervals_batch(start, end, tz=zone)[False]
        return [(_in_utc(start), _in_utc(end)) for start, end, _records in found]


class _Leaves:
    """Leave and public holidays that touch a time, of some people and of everybody; one statement."""

    def __init__(self, resources, first, last):
        leaves = resources.env["resource.calendar.leaves"]
        domain = Domain("time_type", "=", "leave") & Domain("resource_id", "in", [False, *resources.ids])
        # a leave of hours is one of the whole day for whoever has none
        domain &= Domain("date_from", "<", last + DAY) & Domain("date_to", ">", first - DAY)
        names = ["name", "date_from", "date_to", "resource_id", "calendar_id", "company_id"]
        self.of_resource = leaves.search_fetch(domain, names, order="id").grouped("resource_id")
        self.of_all = self.of_resource.get(resources.browse(), leaves)
        self._shared = {}

    def get(self, place, calendar, is_flexible=False):
        """Return the leaves of a person with a calendar, list of ``Away``; those of everybody are one list."""
        shared = self._get_shared(place.company, calendar)
        own = self.of_resource.get(place.resource) if place.resource else None
        if not own:
            return shared
        own = own.filtered(lambda leave: not leave.calendar_id or leave.calendar_id == calendar)
        return [*shared, *(self._read(leave, place, is_flexible) for leave in own)]

    def _get_shared(self, company, calendar):
        if (company, calendar) not in self._shared:
            self._shared[company, calendar] = [
                Away("leave", leave.date_from, leave.date_to, leave.name or "")
                for leave in self.of_all
                if leave.calendar_id in (calendar, calendar.browse())
                and leave.company_id in (company, company.browse())
            ]
        return self._shared[company, calendar]

    def _read(self, leave, place, is_flexible):
        """Return one person's leave; why somebody is on leave is nobody's business."""
        start, end = leave.date_from, min(leave.date_to, LATEST)
        if is_flexible:  # as Odoo: who has no hours is on leave for whole days
            zone = pytz.timezone(place.zone)
            local = (pytz.utc.localize(moment).astimezone(zone) for moment in (start, end))
            start, end = map(_in_utc, leave.calendar_id._handle_flexible_leave_interval(*local, leave))
        return Away("leave", start, end)


def _in_utc(moment):
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
