"""The decisions of a plan in little room: there may be a million of them."""

from array import array
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .data import LeftOver

REASONS = tuple(LeftOver)


class Decision(NamedTuple):
    """What becomes of one lead: to ``person_id`` as its ``turn``-th lead, or left with a reason.

    ``group`` is the lead's, so that the line-up it met can be told later.
    """

    lead_id: int
    person_id: int | None
    turn: int = 0
    left_over: LeftOver | None = None
    group: Hashable = None


class Decisions(Sequence):
    """Decisions in the order in which they were made, as columns of numbers: 20 bytes each.

    >>> decisions = Decisions()
    >>> decisions.add(Decision(7, 1, 3))
    >>> decisions.add(Decision(8, None, left_over=LeftOver.MAX_LEADS, group="web"))
    >>> [decision.lead_id for decision in decisions], decisions[0].turn, decisions[-1].group
    ([7, 8], 3, 'web')
    """

    def __init__(self):
        self._leads = array("q")
        self._takers = array("i")  # number of the person; below zero: of the reason, counted from -1
        self._turns = array("i")
        self._groups = array("i")
        self._people, self._kinds = _Numbers(), _Numbers()

    def add(self, decision):
        lead_id, person_id, turn, left_over, group = decision
        taker = self._people[person_id] if left_over is None else -1 - REASONS.index(left_over)
        self._leads.append(lead_id)
        self._takers.append(taker)
        self._turns.append(turn)
        self._groups.append(self._kinds[group])

    def __len__(self):
        return len(self._leads)

    def __iter__(self):
        people, kinds = list(self._people), list(self._kinds)
        for lead_id, taker, turn, kind in zip(self._leads, self._takers, self._turns, self._groups, strict=True):
            if taker < 0:
                yield Decision(lead_id, None, turn, REASONS[-1 - taker], kinds[kind])
            else:
                yield Decision(lead_id, people[taker], turn, None, kinds[kind])

    def __getitem__(self, place):
        if isinstance(place, slice):
            return list(self)[place]
        taker, group = self._takers[place], list(self._kinds)[self._groups[place]]
        if taker < 0:
            return Decision(self._leads[place], None, self._turns[place], REASONS[-1 - taker], group)
        return Decision(self._leads[place], list(self._people)[taker], self._turns[place], None, group)

    def __eq__(self, other):
        if not isinstance(other, Decisions):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None

    def get_groups(self):
        """Return the groups of the leads that somebody got, in the order in which they came."""
        taken = {kind: None for kind, taker in zip(self._groups, self._takers, strict=True) if taker >= 0}
        kinds = list(self._kinds)
        return [kinds[kind] for kind in taken]


@dataclass(slots=True)
class Plan:
    """Every lead decided exactly once, in the order in which they were handed out."""

    strategy: str
    decisions: Decisions = field(default_factory=Decisions)
    received: Counter = field(default_factory=Counter)  # person id -> leads
    left_over: Counter = field(default_factory=Counter)  # LeftOver value -> leads

    def add(self, decision):
        self.decisions.add(decision)
        if decision.left_over is None:
            self.received[decision.person_id] += 1
        else:
            self.left_over[decision.left_over.value] += 1


class _Numbers(dict):
    """Numbers values in the order in which they are asked for, from 0."""

    def __missing__(self, value):
        number = self[value] = len(self)
        return number
