"""Shares in proportion to something: each next lead to the smallest (n + ½) / share.

This is the divisor method of Webster (Sainte-Laguë). Unlike rounding shares at the end, it is
as fair as can be after every single lead, so a run that is cut short has favoured nobody.
Source: https://en.wikipedia.org/wiki/Sainte-Lagu%C3%AB_method
"""

from math import inf

from .base import Strategy, register_strategy


class DivisorStrategy(Strategy):
    """A share for each person; people without one get leads only if nobody has one."""

    is_settled_later = True

    def prepare(self, people):
        self._shares = {person.id: self.share(person) for person in people}
        if not any(self._shares.values()):
            self._shares = {person.id: person.share for person in people}  # nobody has one: equal parts

    def share(self, person):
        """Return the person's share, at least 0."""
        raise ValueError(f"The strategy {self.name} has no share.")

    def get_share(self, person):
        return self._shares[person.id]

    def key(self, candidate):
        share = self._shares[candidate.person.id]
        return (candidate.received + candidate.head_start + 0.5) / share if share else inf

    def cap(self, person):
        return inf if self._shares[person.id] else 0


@register_strategy
class Proportional(DivisorStrategy):
    """In proportion to the targets; present load does not matter and there is no cap.

    Rule: key (n + ½) / target. A target of 0 gets nothing while others have one; all 0: equal
    parts.

    >>> from random import Random
    >>> from engine import Lead, Person, make_plan
    >>> team = [Person(1, target=200), Person(2, target=150), Person(3, target=100)]
    >>> plan = make_plan([Lead(n) for n in range(9)], team, Proportional(), rng=Random(1))
    >>> [plan.received[n] for n in (1, 2, 3)]
    [4, 3, 2]
    """

    name = "proportional"

    def share(self, person):
        return person.target


@register_strategy
class Weighted(DivisorStrategy):
    """In proportion to the weights: 2 gets twice as much as 1.

    Rule: key (n + ½) / weight.

    >>> from random import Random
    >>> from engine import Lead, Person, make_plan
    >>> team = [Person(1, weight=2.0), Person(2, weight=1.0), Person(3, weight=0.5)]
    >>> plan = make_plan([Lead(n) for n in range(7)], team, Weighted(), rng=Random(1))
    >>> [plan.received[n] for n in (1, 2, 3)]
    [4, 2, 1]
    """

    name = "weighted"

    def share(self, person):
        return person.weight


@register_strategy
class CapacityBased(DivisorStrategy):
    """In proportion to what is free up to the target, and never above it.

    Rule: key (n + ½) / free, free = max(0, target - current), which is also the cap. What is
    beyond stays.

    >>> from random import Random
    >>> from engine import Lead, Person, make_plan
    >>> team = [Person(1, target=200, current=180), Person(2, target=200, current=190)]
    >>> plan = make_plan([Lead(n) for n in range(150)], team, CapacityBased(), rng=Random(1))
    >>> plan.received[1], plan.received[2], plan.left_over["everybody_full"]
    (20, 10, 120)
    """

    name = "capacity_based"
    is_settled_later = False  # it goes by what people hold
    is_share_measured = True

    def prepare(self, people):
        self._shares = {person.id: self.share(person) for person in people}

    def share(self, person):
        return max(0, person.target - person.current)

    def cap(self, person):
        return self._shares[person.id]
