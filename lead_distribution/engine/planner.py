"""One pass over the leads: each goes to the eligible person with the smallest key."""

from collections.abc import Callable, Collection, Iterable
from operator import attrgetter
from random import Random

from .data import Lead, LeftOver, Person
from .decisions import Decision, Plan
from .line_up import Candidate, LineUp
from .rules import RuleBook
from .shares import share_out
from .strategies import Strategy

LEAD_ORDERS = ("random", "ranked")


def make_plan(
    leads: Iterable,
    people: Collection[Person],
    strategy: Strategy,
    *,
    rng: Random,
    read: Callable[..., Lead] | None = None,
    get_rank: Callable = attrgetter("rank"),
    max_leads: int | None = None,
    lead_order: str = "random",
    rules: RuleBook | None = None,
) -> Plan:
    """Decide every lead of ``leads`` exactly once.

    The order in which leads and people come in does not matter: both are put in order
    of their ids first, and only then shuffled by ``rng``. So the same seed gives the
    same plan. A plan that is made in parts (``Person.received``) is as fair as if it were made at
    once: what people received counts on, and only the leads of this part are decided.

    :param leads: values of ``Lead``; or anything that has an ``id`` and is made one by ``read`` as soon as its turn
        comes, so that a million of them are not kept twice
    :param get_rank: returns the rank of one of ``leads``
    :param rng: the only source of randomness; it breaks all ties
    :param max_leads: hand out at most so many; the others stay with ``MAX_LEADS``
    :param lead_order: ``random`` shuffles the leads, ``ranked`` takes them by their rank
    :param rules: say who may take the leads of a group (``Lead.group``), and who is the
        better match; without them everybody may take all. Asked once for each group.
    :return: the plan; O(leads × log people) time
    :raise ValueError: for an unknown order of leads
    """
    queue = put_in_order(leads, lead_order, get_rank, rng)
    in_turn = map(read, queue) if read else queue
    if not people:
        return _leave_all(Plan(strategy.name), in_turn, LeftOver.NO_SALESPEOPLE)
    groups = Groups(draw_candidates(people, strategy, rng), strategy, rules)
    room = len(queue) if max_leads is None else max_leads
    if not strategy.plans_ahead:
        return _deal(in_turn, groups, room)
    queue = list(in_turn)
    return _deal(queue, groups, room, share_out(queue, groups, room, rng))


def promise(people: Collection[Person], strategy: Strategy, segments: Iterable, *, rng: Random):
    """Return {person id: leads} that a strategy gives if everybody may take everything.

    The yardstick for what people received: rules and holders left aside.

    :param segments: the segment of each lead
    """
    if strategy.plans_ahead:
        leads = [Lead(n, segment=segment) for n, segment in enumerate(segments)]
    else:  # all leads are alike, so one stands for each of them
        leads = [Lead(0)] * sum(1 for _segment in segments)
    return make_plan(leads, people, strategy, rng=rng).received


class Groups:
    """The candidates of a plan, and their line-ups for each group of leads."""

    def __init__(self, candidates, strategy, rules):
        self.candidates = candidates
        self.strategy = strategy
        self.rules = rules
        self._line_ups = {}
        self._takers = {}
        self._reasons = {}

    def get_takers(self, group):
        """Return {candidate: rank} of those who may take leads of the group."""
        if group not in self._takers:
            if self.rules is None:
                self._takers[group] = dict.fromkeys(self.candidates, ())
            else:
                verdicts = self.rules.judge(group, [c.person for c in self.candidates])
                self._takers[group] = {
                    c: verdicts[c.person.id].rank for c in self.candidates if not verdicts[c.person.id].refused_by
                }
                refused_by = {verdict.refused_by for verdict in verdicts.values()}
                if len(refused_by) == 1 and None not in refused_by:
                    self._reasons[group] = refused_by.pop().left_over
        return self._takers[group]

    def get_reason(self, group):
        """Return why leads of a group stay that nobody may take."""
        return self._reasons.get(group) or LeftOver.NO_ELIGIBLE

    def get_cap_class(self, group):
        return self.rules.get_cap_class(group) if self.rules else None

    def get_line_up(self, group):
        if group not in self._line_ups:
            takers = self.get_takers(group)
            self._line_ups[group] = LineUp(
                takers, self.get_key(group), self.get_cap_class(group), self.get_reason(group)
            )
        return self._line_ups[group]

    def get_key(self, group):
        """Return the function candidate → sort key for leads of the group."""
        strategy, takers = self.strategy, self.get_takers(group)
        is_reversed = bool(self.rules and self.rules.is_reversed(group))
        if len(set(takers.values())) > 1:
            return lambda c: strategy.ranked_key(c, takers[c], is_reversed)
        return strategy.reversed_key if is_reversed else strategy.key


def _deal(queue, groups, room, shares=None):
    plan = Plan(groups.strategy.name)
    for lead in queue:
        if room <= 0:
            plan.add(Decision(lead.id, None, 0, LeftOver.MAX_LEADS, lead.group))
            continue
        if shares is None:
            taker = groups.get_line_up(lead.group).take_next(lead.holders)
        else:
            taker = shares.take_next(lead)
        if isinstance(taker, Candidate):
            room -= 1
            plan.add(Decision(lead.id, taker.person.id, taker.received, None, lead.group))
        else:
            plan.add(Decision(lead.id, None, 0, taker, lead.group))
    return plan


def _leave_all(plan, queue, reason):
    for lead in queue:
        plan.add(Decision(lead.id, None, 0, reason, lead.group))
    return plan


def put_in_order(leads, lead_order, get_rank, rng):
    """Return the leads in the order in which their turn comes, see ``make_plan``.

    :raise ValueError: for an unknown order of leads
    """
    if lead_order not in LEAD_ORDERS:
        raise ValueError(f"Unknown order of leads: {lead_order}")
    ordered = sorted(leads, key=attrgetter("id"))
    rng.shuffle(ordered)
    if lead_order == "ranked":
        ordered.sort(key=get_rank)  # stable: equals stay shuffled
    return ordered


def draw_candidates(people, strategy, rng):
    """Return the candidates of a plan, in a random order, which is what breaks ties of the strategy's key."""
    drawn = sorted(people, key=lambda person: person.id)
    rng.shuffle(drawn)
    strategy.prepare(drawn)
    caps = [strategy.cap(person) for person in drawn]
    return [
        Candidate(person, tie, cap, strategy.get_head_start(person, rng))
        for tie, (person, cap) in enumerate(zip(drawn, caps, strict=True))
    ]
