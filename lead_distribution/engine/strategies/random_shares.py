"""One lead each in turn, in an order drawn anew for every plan."""

from .base import Strategy, register_strategy


@register_strategy
class RandomShares(Strategy):
    """Shuffled leads to shuffled people, one each in turn; earlier runs do not matter.

    Rule: key n / share; who is first, and which lead, is drawn. Shares differ by at most one where
    everybody may take every lead.

    >>> from random import Random
    >>> from engine import Lead, Person, make_plan
    >>> team = [Person(1, served=9), Person(2), Person(3)]
    >>> plan = make_plan([Lead(n) for n in range(10)], team, RandomShares(), rng=Random(1))
    >>> sorted(plan.received.values())
    [3, 3, 4]
    """

    name = "random"

    def key(self, candidate):
        return candidate.turns

    def get_share(self, person):
        return person.share

    def get_head_start(self, person, rng=None):
        """Who has half a share is late in half of the plans: else many short plans would give a whole one."""
        late = rng.random() if rng and person.share < 1 and not person.received else 0.0
        if late < person.share:
            return person.head_start
        turns = min(late / person.share, int(1 / person.share) - 0.5)  # never a whole lead behind
        return person.head_start + turns * person.share
