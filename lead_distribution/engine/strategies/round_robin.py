"""One lead each in turn."""

from ..names import name_key
from .base import Strategy, register_strategy

ORDERS = ("random", "alphabetical", "seniority", "least_recent")


@register_strategy
class RoundRobin(Strategy):
    """One lead each in turn; targets and load do not matter.

    Rule: who has got the fewest leads in this plan is next; among those, who had the
    fewest turns in the rotation so far (over all runs); what is still open is settled
    by ``order``: by chance, by name, by level (priority 1 first) or by who waits longest.

    Guarantees, where everybody may take every lead: any prefix of the plan is within
    one lead of equal, and so is the sum over all plans of a rotation.

    >>> from random import Random
    >>> from engine import Lead, Person, make_plan
    >>> team = [Person(1, "Ann", served=5), Person(2, "Bob", served=4), Person(3, "Cem", served=5)]
    >>> plan = make_plan([Lead(n) for n in range(4)], team, RoundRobin(), rng=Random(1))
    >>> plan.decisions[0].person_id  # Bob has had a turn less
    2
    >>> sorted(plan.received.values())
    [1, 1, 2]
    """

    name = "round_robin"
    options = ("order",)

    def __init__(self, order="random"):
        if order not in ORDERS:
            raise ValueError(f"Unknown order of people: {order}")
        self.order = order

    def key(self, candidate):
        person, received = candidate.person, candidate.received
        if self.order == "random":
            return (received, person.served)
        if self.order == "alphabetical":
            return (received, person.served, *name_key(person.name))
        if self.order == "seniority":
            return (received, person.served, person.level_priority)
        return (received, person.last_served)
