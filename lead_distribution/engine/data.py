"""The values that go into a plan and come out of it."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class Lead(NamedTuple):
    """One lead to hand out; a tuple, because there may be a million of them.

    ``holders``: ids of the people who must not get it, because they have it already.
    ``group``: leads of an equal group are alike for every eligibility rule.
    ``rank``: where it stands if leads are taken in the order of their rank.
    ``segment``: leads of an equal segment are expected to convert alike.
    """

    id: int
    holders: tuple[int, ...] = ()
    group: Hashable = None
    rank: tuple = ()
    segment: Hashable = None


@dataclass(frozen=True, slots=True)
class Person:
    """One salesperson at the moment of planning.

    ``level_priority``: 1 is served first. ``current`` and ``target``: number of leads.
    ``served``: turns had in the present rotation, over all runs.
    ``last_served``: moment of the last lead as a sortable number, 0 for never.
    ``limit``: get at most so many from now on, whatever the strategy; None is no limit.
    ``class_limits``: the same for the leads of one class only, by class.
    ``rate``: share of leads that this person is expected to convert, 0 to 1;
    ``rates``: the same by segment of leads, where it is known.

    Who begins slowly has a ``share`` below 1: for each turn of the others so much of one. ``target``,
    ``weight`` and limits are those of that share already.

    A plan may go on where an earlier part of it ended, and hands out as one long plan would.
    ``received``: leads that the earlier parts gave; strategies count on from there.
    ``head_start``: leads that count as received without having been, for who came later than the
    others, see ``late.credit``; they count for whose turn it is, never for caps and limits.
    What else is said of the person is as follows then. ``current``: what is held now without what
    was ``received``, so that ``current`` and all that the plan gave are the load of now.
    ``target``, ``weight``, ``rate``, ``limit`` and ``class_limits``: as they are now. ``served``:
    as when the plan began.
    """

    id: int
    name: str = ""
    level_priority: int = 0
    target: int = 0
    current: int = 0
    weight: float = 1.0
    served: float = 0
    last_served: float = 0.0
    limit: int | None = None
    class_limits: Mapping[Hashable, int] = field(default_factory=dict)
    rate: float = 0.0
    rates: Mapping[Hashable, float] = field(default_factory=dict)
    share: float = 1.0
    received: int = 0
    head_start: float = 0.0

    def get_rate(self, segment):
        """Return the share of leads of a segment that this person is expected to convert."""
        return self.rates.get(segment, self.rate)


class LeftOver(str, Enum):
    """Why a lead that was found is handed to nobody."""

    NO_SALESPEOPLE = "no_salespeople"
    NO_ELIGIBLE = "no_eligible"
    ONLY_HOLDER = "only_holder"
    HAD_BEFORE = "had_before"
    OTHER_COMPANY = "other_company"
    EVERYBODY_FULL = "everybody_full"
    MAX_LEADS = "max_leads"
