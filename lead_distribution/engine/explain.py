"""The whole line-up for one lead: who could take it, who not and why, and whose turn it is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from .data import Person
from .line_up import Candidate

HOLDER = "holder"
FULL = "full"


class Place(NamedTuple):
    """One person in a line-up; ``refused_by`` is empty for those who may take the lead."""

    person: Person
    refused_by: str
    rank: tuple
    key: Any
    received: int
    room: float


def explain_line_up(
    people, strategy, ranks: Mapping, *, received=None, of_class=(), holders=(), cap_class=None, is_reversed=False,
    segment=None, elsewhere=(),
):  # fmt: skip
    """Return everybody's place, the first in turn first, those who may not take the lead last.

    :param ranks: person id → rank, or the name of the rule that refuses
    :param received: person id → leads got so far in the whole plan; None: what people have received already
    :param of_class: person id → leads of the lead's class got since people's limits were counted
    :param cap_class: the class of leads whose limits count
    :param segment: the lead's kind, for strategies that look at it
    :param elsewhere: person id → leads got so far in a plan made at the same time, see ``arms``
    :return: list of ``Place``; places with equal ``rank`` and ``key`` are a tie, settled by chance
    """
    if strategy.plans_ahead:
        people = [replace(person, rate=person.get_rate(segment)) for person in people]
    strategy.prepare(people)
    counts, class_counts, more = Counter(received), Counter(of_class), Counter(elsewhere)
    if received is None:
        counts = Counter({person.id: person.received for person in people})
    several = len({rank for rank in ranks.values() if not isinstance(rank, str)}) > 1
    places = []
    for person in people:
        candidate = Candidate(person, 0, strategy.cap(person), person.head_start)
        candidate.received = counts[person.id]
        candidate.receive_elsewhere(more[person.id])
        candidate.of_class[cap_class] = class_counts[person.id]
        rank = ranks.get(person.id, ())
        places.append(_get_place(candidate, strategy, rank, holders, cap_class, is_reversed, several))
    return sorted(places, key=lambda place: (bool(place.refused_by), () if place.refused_by else place.key))


def _get_place(candidate, strategy, rank, holders, cap_class, is_reversed, several):
    person = candidate.person
    refused_by = rank if isinstance(rank, str) else ""
    if not refused_by and person.id in holders:
        refused_by = HOLDER
    elif not refused_by and candidate.is_full(cap_class):
        refused_by = FULL
    rank = () if isinstance(rank, str) else tuple(rank)
    if several:
        key = (strategy.ranked_key(candidate, rank, is_reversed),)
    else:
        key = (strategy.reversed_key(candidate) if is_reversed else strategy.key(candidate),)
    return Place(person, refused_by, rank, key, candidate.received, candidate.get_room(cap_class))
