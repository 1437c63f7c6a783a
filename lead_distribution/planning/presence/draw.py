"""The hours of people as bars, and the hours in which nobody is there though somebody usually is."""

from datetime import datetime, timedelta
from typing import NamedTuple

from ...engine.presence import LONGEST_BREAK, cut, join, meet
from .absences import find_absences, find_pauses, get_spans
from .calendars import Hours, find_hours

SHORTEST_GAP = timedelta(minutes=5)
KINDS = ("pause", "absence", "leave")  # where several count, the first is drawn


class Bar(NamedTuple):
    """A part of somebody's time; ``start`` and ``end`` in UTC; ``kind``: shift, leave, absence, pause."""

    start: datetime
    end: datetime
    kind: str


def draw(campaign, users, first, last):
    """Return {user id: list of ``Bar``}, in order; shifts are whole, and what keeps people away lies on them.

    A fixed number of statements, see ``look``.

    :param campaign: with full rights; says whether working hours count
    :param first: and ``last``: from one moment to another (UTC)
    """
    hours, aways = _find(campaign, users, first, last)
    return {user.id: _draw(hours[user.id], aways[user.id], first, last) for user in users}


def find_gaps(campaign, users, first, last):
    """Return the spans (UTC) in which nobody of them is there, within the hours in which one of them usually works."""
    hours, aways = _find(campaign, users, first, last)
    usual = join(span for user in users for span in hours[user.id].spans)
    there = join(
        span for user in users for span in cut(hours[user.id].spans, get_spans(aways[user.id], last))
    )  # fmt: skip
    # over a break that everybody has it is one gap
    gaps = cut(join(cut(usual, there), LONGEST_BREAK), there)
    return [(start, end) for start, end in gaps if end - start >= SHORTEST_GAP]


def _find(campaign, users, first, last):
    """Return {user id: ``Hours``} and {user id: list of ``Away``} of people."""
    absences, pauses = find_absences(users, first, last), find_pauses(users, first)
    if campaign.availability == "ignore":
        hours = dict.fromkeys(users.ids, Hours([(first, last)], []))
    else:
        hours = find_hours(campaign, users, first, last)
    aways = {
        user_id: [*filter(None, [pauses.get(user_id)]), *absences.get(user_id, ()), *hours[user_id].leaves]
        for user_id in users.ids
    }
    return hours, aways


def _draw(hours, aways, first, last):
    bars, taken = [], []
    for kind in KINDS:
        spans = get_spans((away for away in aways if away.kind == kind), last)
        spans = cut(meet(spans, [(first, last)]), taken)
        bars += [Bar(start, end, kind) for start, end in spans]
        taken = join([*taken, *spans])
    return sorted([*(Bar(start, end, "shift") for start, end in hours.spans), *bars])
