"""By when something is to be done with a lead: what a campaign wants, and the clocks of its people.

What a campaign wants is kept with each lead that is handed out (its *terms*): who changes the campaign changes it for
leads that are handed out from then on.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import fields
from odoo.fields import Domain

from ..engine.clock import count_time, find_due
from ..engine.presence import cut
from ..names import HANDED_OUT, MOVED
from .presence.absences import Away, find_absences, find_pauses, get_spans
from .presence.calendars import find_hours

AHEAD = timedelta(days=60)  # who has no working hours as long as that: the clock stands still
AN_HOUR = 10  # hours of a week that are looked up for an hour of work: who works 17 hours a week has enough
LATER = timedelta(days=7)  # a clock that stands still is looked at again
SECONDS = 3600


class Due(NamedTuple):
    """What is due next; moments in UTC, None: the clock stands still. ``check_on``: when it is looked at next."""

    checkpoint: str
    due_on: datetime | None
    remind_on: datetime | None
    check_on: datetime


class Step(NamedTuple):
    """A checkpoint: ``name``; ``hours`` from the hand-out; ``clock``: ``working_hours`` or ``clock``."""

    name: str
    hours: float
    clock: str


def read_terms(campaign, kind="distribution"):
    """Return what a campaign wants of leads that it hands out now, as JSON takes it; None: nothing.

    :param kind: of the row of the history
    """
    wanted = (
        Step("action", campaign.first_action_hours, campaign.first_action_clock),
        Step("status", campaign.status_change_hours, campaign.status_change_clock),
        Step("opportunity", campaign.opportunity_hours, campaign.opportunity_clock),
    )
    steps = [list(step) for step in wanted if step.hours > 0]
    if not steps or kind not in HANDED_OUT:
        return None
    return {"steps": steps, "remind": campaign.remind_percent, **_read_idle(campaign, kind)}


def _read_idle(campaign, kind):
    """Return which statuses are no change: ``idle``, a list of ids; ``from_start``: nor is that at the hand-out."""
    chosen = campaign.status_change_ids
    reset = campaign.status_reset_id if kind not in MOVED else campaign.status_reset_id.browse()
    return {
        "idle": (chosen or reset).ids + campaign.missed_status_id.ids,
        "from_start": not (chosen or reset),
    }


def list_steps(terms, after=None):
    """Return the steps of some terms; :param after: only those after this one, by name."""
    steps = [Step(*step) for step in terms["steps"]]
    names = [step.name for step in steps]
    return steps[names.index(after) + 1 :] if after in names else steps


def find_step(terms, name):
    """Return a step by its name."""
    return next(step for step in list_steps(terms) if step.name == name)


class Clocks:
    """The working hours of some people, without absences, leave and pauses; a fixed number of statements.

    :param campaign: with full rights; by its company and zone people's hours are found
    :param users: res.users
    :param first: and ``last``: between these moments (UTC)
    """

    def __init__(self, campaign, users, first, last):
        users = users.sudo()  # when somebody works concerns what is due, whoever asks
        first = first.replace(microsecond=0)
        hours = find_hours(campaign, users, first, last)
        aways = find_absences(users, first, last)
        for user_id, pause in find_pauses(users, first).items():
            aways.setdefault(user_id, []).append(pause)
        for stop in _find_stopped(users, first, last):
            aways.setdefault(stop.user_id.id, []).append(Away("pause", stop.date_from, stop.date_to))
        self._spans, alike = {}, {}
        for user in users:
            own, away = hours[user.id], aways.get(user.id)
            key = user.id if away else (id(own.spans), id(own.leaves))  # most have the hours of others
            if key not in alike:
                alike[key] = cut(own.spans, get_spans([*(away or ()), *own.leaves], last))
            self._spans[user.id] = alike[key]

    def find_due(self, user_id, start, hours):
        """Return when so many hours of a person's work are over; None if not as far as hours are known."""
        return find_due(self._spans.get(user_id, ()), start.replace(microsecond=0), timedelta(hours=hours))

    def count_hours(self, user_id, start, end):
        """Return the hours of a person's work between two moments."""
        time = count_time(self._spans.get(user_id, ()), start, end, timedelta())
        return time.total_seconds() / SECONDS


def _find_stopped(users, first, last):
    domain = Domain("user_id", "in", users.ids) & Domain("date_to", ">", first) & Domain("date_from", "<", last)
    return users.env["lead.distribution.stopped"].search_fetch(domain, ["user_id", "date_from", "date_to"])


class Wanted(NamedTuple):
    """What is to be reckoned: a step for a person, from a moment; ``remind``: percent of the time, 0: no reminder."""

    user_id: int
    start: datetime
    step: Step
    remind: int


def reckon(campaign, wanted, now=None):
    """Return {wanted: ``Due``}; a fixed number of statements, none where no working hours count.

    :param campaign: with full rights
    :param wanted: ``Wanted``, any number
    """
    wanted, now = set(wanted), now or fields.Datetime.now()
    timed = [one for one in wanted if one.step.clock == "working_hours"]
    clocks = None
    if timed:
        users = campaign.env["res.users"].browse(sorted({one.user_id for one in timed}))
        longest = timedelta(hours=AN_HOUR * max(one.step.hours for one in timed))
        starts = [one.start for one in timed]
        clocks = Clocks(campaign, users, min(starts), max(*starts, now) + AHEAD + longest)
    return {one: _reckon(one, clocks, now) for one in wanted}


def _reckon(one, clocks, now):
    def find(hours):
        if one.step.clock == "working_hours":
            return clocks.find_due(one.user_id, one.start, hours)
        return one.start.replace(microsecond=0) + timedelta(hours=hours)

    due = find(one.step.hours)
    if due is None:
        return Due(one.step.name, None, None, now + LATER)
    remind = find(one.step.hours * one.remind / 100) if one.remind else None
    return Due(one.step.name, due, remind, remind if remind and remind > now else due)
