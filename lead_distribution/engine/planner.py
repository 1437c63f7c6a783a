"""One pass over the leads: each goes to the eligible person with the smallest key."""

from collections.abc import Callable, Collection, Hashable, Iterable
from random import Random

from .data import Decision, Lead, LeftOver, Person, Plan
from .line_up import Candidate, LineUp
from .strategies import Strategy

LEAD_ORDERS = ("random", "ranked")


def make_plan(
    leads: Iterable[Lead],
    people: Collection[Person],
    strategy: Strategy,
    *,
    rng: Random,
    max_leads: int | None = None,
    lead_order: str = "random",
    eligible: Callable[[Hashable], Collection[int]] | None = None,
    reversed_groups: Collection[Hashable] = (),
) -> Plan:
    """Decide every lead of ``leads`` exactly once.

    The order in which leads and people come in does not matter: both are put in order
    of their ids first, and only then shuffled by ``rng``. So the same seed gives the
    same plan.

    :param rng: the only source of randomness; it breaks all ties
    :param max_leads: hand out at most so many; the others stay with ``MAX_LEADS``
    :param lead_order: ``random`` shuffles the leads, ``ranked`` takes them by ``rank``
    :param eligible: tells for a lead group the ids of those who may take its leads;
        by default everybody. Asked once for each group.
    :param reversed_groups: lead groups for which the last level comes first
    :return: the plan; O(leads × log people) time
    :raise ValueError: for an unknown order of leads
    """
    if lead_order not in LEAD_ORDERS:
        raise ValueError(f"Unknown order of leads: {lead_order}")
    plan = Plan(strategy.name)
    queue = _ordered(leads, lead_order, rng)
    if not people:
        for lead in queue:
            plan.add(Decision(lead.id, None, 0, LeftOver.NO_SALESPEOPLE))
        return plan

    candidates = _candidates(people, strategy, rng)
    line_ups: dict[Hashable, LineUp] = {}
    room = len(queue) if max_leads is None else max_leads
    for lead in queue:
        if room <= 0:
            plan.add(Decision(lead.id, None, 0, LeftOver.MAX_LEADS))
            continue
        line_up = line_ups.get(lead.group)
        if line_up is None:
            key = strategy.reversed_key if lead.group in reversed_groups else strategy.key
            line_up = line_ups[lead.group] = _line_up(lead.group, candidates, key, eligible)
        taker = line_up.take_next(lead.holders)
        if isinstance(taker, Candidate):
            room -= 1
            plan.add(Decision(lead.id, taker.person.id, taker.received))
        else:
            plan.add(Decision(lead.id, None, 0, taker))
    return plan


def _ordered(leads, lead_order, rng):
    ordered = sorted(leads, key=lambda lead: lead.id)
    rng.shuffle(ordered)
    if lead_order == "ranked":
        ordered.sort(key=lambda lead: lead.rank)  # stable: equals stay shuffled
    return ordered


def _candidates(people, strategy, rng):
    """Put people in a random order, which is what breaks ties of the strategy's key."""
    drawn = sorted(people, key=lambda person: person.id)
    rng.shuffle(drawn)
    strategy.prepare(drawn)
    return [Candidate(person, tie, _cap(person, strategy)) for tie, person in enumerate(drawn)]


def _cap(person, strategy):
    cap = strategy.cap(person)
    return cap if person.limit is None else min(cap, person.limit)


def _line_up(group, candidates, key, eligible):
    if eligible is not None:
        allowed = eligible(group)
        candidates = [c for c in candidates if c.person.id in allowed]
    return LineUp(candidates, key)
