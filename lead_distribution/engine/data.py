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
    ``limit``: get at most so many in this plan, whatever the strategy; None is no limit.
    ``class_limits``: the same for the leads of one class only, by class.
    ``rate``: share of leads that this person is expected to convert, 0 to 1;
    ``rates``: the same by segment of leads, where it is known.
    """

    id: int
    name: str = ""
    level_priority: int = 0
    target: int = 0
    current: int = 0
    weight: float = 1.0
    served: int = 0
    last_served: float = 0.0
    limit: int | None = None
    class_limits: Mapping[Hashable, int] = field(default_factory=dict)
    rate: float = 0.0
    rates: Mapping[Hashable, float] = field(default_factory=dict)

    def get_rate(self, segment):
        """Return the share of leads of a segment that this person is expected to convert."""
        return self.rates.get(segment, self.rate)


class LeftOver(str, Enum):
    """Why a lead that was found is handed to nobody."""

    NO_SALESPEOPLE = "no_salespeople"
    NO_ELIGIBLE = "no_eligible"
    ONLY_HOLDER = "only_holder"
    OTHER_COMPANY = "other_company"
    EVERYBODY_FULL = "everybody_full"
    MAX_LEADS = "max_leads"
