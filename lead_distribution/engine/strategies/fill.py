"""Fill people up to their targets."""

from math import floor, inf

from .base import Strategy, register_strategy

FILL_STRATEGIES = ("highest_priority_first", "round_robin_within_level")


class FillStrategy(Strategy):
    """People have room up to their target, or, with overflow, up to a percentage above it."""

    options = ("overflow_limit",)

    def __init__(self, overflow_limit=None):
        """:param overflow_limit: percent above the target; None: no overflow"""
        if overflow_limit is not None and overflow_limit < 0:
            raise ValueError(f"Unknown overflow limit: {overflow_limit}")
        self.overflow_limit = overflow_limit

    def cap(self, person):
        """Room up to the target, or to floor(target × (1 + limit / 100)) with overflow."""
        top = person.target
        if self.overflow_limit is not None:
            # in whole percents, so that no rounding of floats takes a lead away
            top = floor(person.target * (100 + self.overflow_limit) / 100)
        return max(0, top - person.current)


@register_strategy
class LeastLoaded(FillStrategy):
    """The least loaded in proportion to the target is next.

    Rule: key (current + n) / target, cap the target.

    >>> from random import Random
    >>> from engine import Lead, Person, make_plan
    >>> team = [Person(1, target=100, current=50), Person(2, target=200, current=40)]
    >>> plan = make_plan([Lead(n) for n in range(90)], team, LeastLoaded(), rng=Random(1))
    >>> plan.received[1], plan.received[2]  # both at 60 %
    (10, 80)
    """

    name = "least_loaded"

    def key(self, candidate):
        person = candidate.person
        return candidate.load / person.target if person.target else inf


@register_strategy
class LevelBased(FillStrategy):
    """Fill the deficits of the level with the best priority, then of the next.

    Rule: deficit = max(0, target - current). ``highest_priority_first``: within a level each
    lead goes to the largest remaining deficit, so a shortfall is shared and nobody is filled
    before the next one gets a lead. ``round_robin_within_level``: one each in turn. Overflow
    starts only when every level has reached its target.

    >>> from random import Random
    >>> from engine import Lead, Person, make_plan
    >>> team = [Person(1, level_priority=1, target=200, current=145),
    ...         Person(2, level_priority=2, target=150, current=98)]
    >>> plan = make_plan([Lead(n) for n in range(892)], team, LevelBased(), rng=Random(1))
    >>> plan.received[1], plan.received[2], plan.left_over["everybody_full"]
    (55, 52, 785)
    """

    name = "level_based"
    options = ("fill_strategy", "overflow_limit")

    def __init__(self, fill_strategy="highest_priority_first", overflow_limit=None):
        super().__init__(overflow_limit)
        if fill_strategy not in FILL_STRATEGIES:
            raise ValueError(f"Unknown fill strategy: {fill_strategy}")
        self.fill_strategy = fill_strategy

    def key(self, candidate):
        is_full, in_turn = self._state(candidate)
        return (is_full, candidate.person.level_priority, in_turn)

    def ranked_key(self, candidate, rank, is_reversed):
        """Above the target comes last, whatever the rules prefer."""
        is_full, *rest = self.reversed_key(candidate) if is_reversed else self.key(candidate)
        return (is_full, rank, *rest)

    def reversed_key(self, candidate):
        is_full, in_turn = self._state(candidate)
        return (is_full, -candidate.person.level_priority, in_turn)

    def _state(self, candidate):
        deficit = candidate.person.target - candidate.load
        largest_first = self.fill_strategy == "highest_priority_first"
        return deficit <= 0, -deficit if largest_first else candidate.turns

    def get_share(self, person):
        """One each in turn within a level; the largest deficit goes by what people hold."""
        return person.share if self.fill_strategy == "round_robin_within_level" else None

    def get_rivals(self, person):
        return person.level_priority
