"""More leads to those who convert more of them."""

from .base import register_strategy
from .divisor import DivisorStrategy


@register_strategy
class Performance(DivisorStrategy):
    """In proportion to the expected conversion rates; present load does not matter, there is no cap.

    Rule: key (n + ½) / rate, the rate smoothed as in ``conversion.smooth_rate``, so that people
    with little history get about as much as the average. Nobody has a rate: equal parts.

    >>> from random import Random
    >>> from engine import Lead, Person, make_plan
    >>> team = [Person(1, rate=0.3), Person(2, rate=0.15), Person(3, rate=0.15)]
    >>> plan = make_plan([Lead(n) for n in range(8)], team, Performance(), rng=Random(1))
    >>> [plan.received[n] for n in (1, 2, 3)]
    [4, 2, 2]
    """

    name = "performance"
    needs_rates = True
    is_share_measured = True

    def share(self, person):
        return person.rate * person.share
