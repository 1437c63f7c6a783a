"""One lead each in turn."""

from ..names import name_key
from .base import Strategy, register_strategy

ORDERS = ("random", "alphabetical", "seniority", "least_recent")


@register_strategy
class RoundRobin(Strategy):
    """One lead each in turn; targets and load do not matter.

    Rule: who has got the fewest leads in this plan is next; among those, who had the
    fewest turns in the rotation so far (over all runs); what is still open is settled
    by ``order``: by chance, by name or by level (priority 1 first). With ``least_recent`` who
    waits longest is first, and of those who wait equally long who had the fewest turns.

    Guarantees, where everybody may take every lead: any prefix of the plan is within
    one lead of equal, and so is the sum over all plans of a rotation. Who has half a share
    needs two turns for a lead; what this person is ahead by then counts in the next plan.

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

    def prepare(self, people):
        self._ahead = {}
        total, count = sum(person.served for person in people), len(people)
        for person in people:
            if person.share < 1 and count > 1:
                others = (total - person.served) / (count - 1)
                self._ahead[person.id] = min(1.0, max(0.0, (person.served - others) * person.share))

    def key(self, candidate):
        person, turns = candidate.person, candidate.turns
        if self.order == "random":
            return (turns, person.served)
        if self.order == "alphabetical":
            return (turns, person.served, *name_key(person.name))
        if self.order == "seniority":
            return (turns, person.served, person.level_priority)
        return (turns, person.last_served, person.served)

    def get_share(self, person):
        return person.share

    def get_head_start(self, person, rng=None):
        return person.head_start + self._ahead.get(person.id, 0.0)
