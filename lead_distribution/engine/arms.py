"""Two ways of handing out, on one queue of leads: each lead is dealt to a way as its turn comes."""

from array import array
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from random import Random
from typing import NamedTuple

from .data import Lead, LeftOver, Person
from .decisions import Decision, Plan
from .line_up import Candidate
from .planner import Groups, draw_candidates, put_in_order
from .rules import RuleBook
from .shares import share_out
from .strategies import Strategy


@dataclass(frozen=True, slots=True)
class Side:
    """One way: its people, strategy (an object of its own), rules, and chance.

    ``read``: makes a ``Lead`` of what is dealt, as this way sees it; None: it is one already.
    """

    people: Collection[Person]
    strategy: Strategy
    rng: Random
    rules: RuleBook | None = None
    read: Callable[..., Lead] | None = None


@dataclass(slots=True)
class Plans:
    """The plans of all ways: every lead is decided exactly once over all of them and ``rest``."""

    plans: Mapping[Hashable, Plan]
    rest: Plan = field(default_factory=lambda: Plan(""))  # leads whose turn did not come: dealt to no way
    _order: array = field(default_factory=lambda: array("b"))  # number of the way of each decision
    _numbers: Mapping = field(init=False)

    def __post_init__(self):
        self._numbers = {name: number for number, name in enumerate(self.plans)}

    def add(self, name, decision):
        self.plans[name].add(decision)
        self._order.append(self._numbers[name])

    def __iter__(self):
        """Give (way, decision) in the order in which the leads were decided; those whose turn did not come left out."""
        names, streams = list(self.plans), [iter(plan.decisions) for plan in self.plans.values()]
        for number in self._order:
            yield names[number], next(streams[number])


def make_plans(
    leads: Iterable,
    sides: Mapping[Hashable, Side],
    deal: Callable,
    *,
    rng: Random,
    get_rank: Callable = attrgetter("rank"),
    max_leads: int | None = None,
    lead_order: str = "random",
) -> Plans:
    """Decide every lead exactly once, by the way it is dealt to; see ``planner.make_plan``.

    All ways take their leads from one queue. What somebody receives by one way counts for this person's limits, caps
    and load in the others, too, and never for turns: each way is as fair as if it were alone, to who is not full.

    A strategy that plans ahead does so for its own leads among the next ones of the queue, as many as may still be
    handed out: so chance, not the strategy, chooses the leads of each way. Whose room other ways have taken meanwhile
    gives way to the best match with room.

    :param leads: anything that has an ``id``, see ``Side.read``
    :param sides: {way: its ``Side``}
    :param deal: one of ``leads`` → its way; asked once for each lead, when its turn comes
    :param rng: puts the leads in order
    :param max_leads: hand out at most so many by all ways together
    :raise ValueError: for an unknown order of leads
    """
    queue = put_in_order(leads, lead_order, get_rank, rng)
    ways = {name: _Way(side) for name, side in sides.items()}
    for way in ways.values():
        way.others = [other for other in ways.values() if other is not way]
    result = Plans({name: way.plan for name, way in ways.items()})
    room = len(queue) if max_leads is None else max_leads
    rest = iter(queue)
    size = room if any(way.is_ahead for way in ways.values()) else 1
    while room > 0 and (part := _deal_part(rest, ways, deal, min(size, room))):
        for name, given, lead in part:
            decision = ways[name].decide(given, lead)
            room -= decision.left_over is None
            result.add(name, decision)
    for given in rest:
        result.rest.add(Decision(given.id, None, 0, LeftOver.MAX_LEADS))
    return result


def _deal_part(rest, ways, deal, size):
    """Deal the next leads, so many as can be handed out; return (way, lead, lead as the way sees it) of each.

    Strategies that plan ahead do so for these.
    """
    part = []
    for given in rest:
        name = deal(given)
        lead = ways[name].read(given)
        part.append((name, given, lead))
        if size == 1 and len(part) == 1 and not ways[name].is_ahead:
            return part  # nobody has to know it in advance
        size -= ways[name].may_hand_out(lead)
        if size <= 0:
            break
    for name, way in ways.items():
        if way.is_ahead:
            way.plan_ahead([lead for owner, _given, lead in part if owner == name])
    return part


class _Way:
    """One way while its plan is made."""

    def __init__(self, side):
        self._side = side
        self.plan = Plan(side.strategy.name)
        self.is_ahead = bool(side.people) and side.strategy.plans_ahead
        candidates = draw_candidates(side.people, side.strategy, side.rng) if side.people else []
        self.others = []
        self._groups = Groups(candidates, side.strategy, side.rules)
        self._by_person = {candidate.person.id: candidate for candidate in candidates}
        self._has_classes = side.rules is not None and any(person.class_limits for person in side.people)
        self._shares = None
        self._full = set()  # groups of leads that nobody has room for any more

    def read(self, given):  # pylint: disable=method-required-super
        return self._side.read(given) if self._side.read else given

    def may_hand_out(self, lead):
        """Whether somebody has room for a lead now; a strategy that does not plan ahead is not asked."""
        if not self.is_ahead:
            return bool(self._by_person)
        if lead.group in self._full:
            return False
        cap_class = self._groups.get_cap_class(lead.group)
        free = [c.person.id for c in self._groups.get_takers(lead.group) if not c.is_full(cap_class)]
        if not free:
            self._full.add(lead.group)
        return any(person_id not in lead.holders for person_id in free)

    def plan_ahead(self, leads):
        if self.is_ahead and leads:
            self._shares = share_out(leads, self._groups, len(leads), self._side.rng)

    def decide(self, given, lead):
        """Return the decision for a lead of this way, and tell the other ways of it."""
        taker = self._find_taker(lead)
        if not isinstance(taker, Candidate):
            return Decision(lead.id, None, 0, taker, lead.group)
        for other in self.others:
            other.note(taker.person.id, given)
        return Decision(lead.id, taker.person.id, taker.received, None, lead.group)

    def _find_taker(self, lead):
        if not self._by_person:
            return LeftOver.NO_SALESPEOPLE
        if self.is_ahead:
            return self._shares.take_while_room(lead)
        return self._groups.get_line_up(lead.group).take_next(lead.holders)

    def note(self, person_id, given):
        """Count a lead that another way has given to a person."""
        candidate = self._by_person.get(person_id)
        if candidate is None:
            return
        cap_class = self._find_class(given)
        candidate.receive_elsewhere(1, cap_class)
        if self._shares:
            self._shares.note_elsewhere(candidate, cap_class)

    def _find_class(self, given):
        return self._groups.get_cap_class(self.read(given).group) if self._has_classes else None


class _Handed(NamedTuple):
    """A lead that was handed out, of which only way and segment are known."""

    id: int
    way: Hashable
    segment: Hashable = None

    def read(self):  # pylint: disable=method-required-super
        return Lead(self.id, segment=self.segment)


def promise_both(sides: Mapping[Hashable, Side], handed: Iterable, *, rng: Random):
    """Return {way: {person id: leads}} that the strategies give if everybody may take everything, see ``promise``.

    :param handed: (way, segment) of each lead
    """
    leads = [_Handed(number, name, segment) for number, (name, segment) in enumerate(handed)]
    free = {name: replace(side, rules=None, read=_Handed.read) for name, side in sides.items()}
    plans = make_plans(leads, free, attrgetter("way"), rng=rng).plans
    return {name: plan.received for name, plan in plans.items()}
