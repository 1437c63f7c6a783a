"""Two ways on one queue: what somebody gets by one of them counts in the other, and chance alone chooses the leads."""

from collections import Counter
from dataclasses import replace
from math import inf
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_planner import Capped, situations

from engine import (
    STRATEGIES,
    Lead,
    LeftOver,
    Person,
    Side,
    explain_line_up,
    get_strategy,
    make_plan,
    make_plans,
    promise_both,
)
from lead_distribution.planning.transport import solve

WAYS = ("a", "b")
NAMES = [*STRATEGIES, "capped"]


class Dealt(NamedTuple):
    """A lead before it is dealt: as each way sees it, and the way it goes."""

    id: int
    seen: dict
    way: str
    rank: tuple = ()


class Situation(NamedTuple):
    people: dict
    leads: list
    rules: dict
    names: dict
    seed: int
    max_leads: int | None

    def make_strategy(self, way):
        return make(self.names[way])

    def plan(self, swapped=False):
        other = {"a": "b", "b": "a"} if swapped else {"a": "a", "b": "b"}
        sides = {
            other[way]: Side(
                self.people[way],
                self.make_strategy(way),
                Random(f"{self.seed}{way}"),
                self.rules[way],
                lambda lead, way=way: lead.seen[way],
            )
            for way in WAYS
        }
        if swapped:
            sides = dict(sorted(sides.items()))
        return make_plans(
            self.leads, sides, lambda lead: other[lead.way], rng=Random(self.seed), max_leads=self.max_leads
        )


def make(name):
    if name == "capped":
        return Capped()
    return get_strategy(name, **({"solve": solve} if name == "optimal" else {}))


@st.composite
def joint_situations(draw, names=NAMES, limited=True):
    """Two situations with the same leads; most people stand in both, and each way sees them in its own light."""
    one, two = draw(situations()), draw(situations())
    chance = Random(draw(st.integers(0, 2**32)))
    count = min(len(one[1]), len(two[1]))
    leads = []
    for number in range(count):
        holders = one[1][number].holders
        seen = {"a": one[1][number], "b": two[1][number]._replace(holders=holders)}
        leads.append(Dealt(number, seen, chance.choice("ab")))
    # the people of B get the ids of those of A, as far as there are any
    theirs = {person.id: person for person in one[0]}
    known = [replace(person, current=chance.randint(0, 3)) for person in one[0]]
    mine = [replace(person, current=chance.randint(0, 3)) for person in two[0]]
    if theirs and mine and two[2].rules == []:
        mine = [replace(person, id=other.id) for person, other in zip(mine, known, strict=False)]
    return Situation(
        {"a": known, "b": mine},
        leads,
        {"a": one[2], "b": two[2]},
        {way: draw(st.sampled_from(names)) for way in WAYS},
        draw(st.integers(0, 2**32)),
        draw(st.none() | st.integers(0, 40)) if limited else None,
    )


class Replay:
    """What each person has got by both ways, lead by lead, and what a way may still give."""

    def __init__(self, situation):
        self.situation = situation
        self.by_id = {lead.id: lead for lead in situation.leads}
        self.received = {way: Counter() for way in WAYS}
        self.of_class = {way: Counter() for way in WAYS}  # as each way sees the leads
        self.caps, self.limits, self.takers = {}, {}, {}
        for way in WAYS:
            strategy = situation.make_strategy(way)
            strategy.prepare(situation.people[way])
            for person in situation.people[way]:
                cap = strategy.cap(person)
                self.caps[way, person.id] = cap if person.limit is None else min(cap, person.limit)
                self.limits[way, person.id] = person.class_limits

    def get_room(self, way, person_id, lead):
        both = sum(self.received[w][person_id] for w in WAYS)
        cap_class = self.find_class(way, lead)
        limit = self.limits[way, person_id].get(cap_class, inf)
        return min(self.caps[way, person_id] - both, limit - self.of_class[way][person_id, cap_class])

    def find_class(self, way, lead):
        return self.situation.rules[way].get_cap_class(lead.seen[way].group)

    def find_takers(self, way, lead):
        people = self.situation.people[way]
        verdicts = self.situation.rules[way].judge(lead.seen[way].group, people)
        return {i for i, verdict in verdicts.items() if not verdict.refused_by} - set(lead.seen[way].holders)

    def note(self, person_id, way, lead):
        self.received[way][person_id] += 1
        for each in WAYS:
            self.of_class[each][person_id, self.find_class(each, lead)] += 1


@given(joint_situations())
def test_every_lead_is_decided_exactly_once_over_both_ways(situation):
    result = situation.plan()
    decided = [d.lead_id for plan in (*result.plans.values(), result.rest) for d in plan.decisions]
    assert Counter(decided) == Counter(lead.id for lead in situation.leads)
    ways = {lead.id: lead.way for lead in situation.leads}
    assert all(ways[decision.lead_id] == way for way, decision in result)
    assert [d for way, d in result if way == "a"] == list(result.plans["a"].decisions)
    assert [d for way, d in result if way == "b"] == list(result.plans["b"].decisions)
    handed = sum(plan.received.total() for plan in result.plans.values())
    if situation.max_leads is not None:
        assert handed <= situation.max_leads
    if result.rest.decisions:
        assert handed == situation.max_leads
        assert result.rest.left_over.keys() == {"max_leads"}


@given(joint_situations())
def test_no_limit_and_no_target_is_exceeded_by_the_sum_and_nobody_ineligible_is_served(situation):
    replay = Replay(situation)
    for way, decision in situation.plan():
        lead = replay.by_id[decision.lead_id]
        if decision.person_id is not None:
            assert decision.person_id in replay.find_takers(way, lead)
            assert replay.get_room(way, decision.person_id, lead) > 0
            replay.note(decision.person_id, way, lead)


@given(joint_situations())
def test_no_lead_is_left_while_somebody_of_its_way_has_room(situation):
    replay, decided = Replay(situation), list(situation.plan())
    for way, decision in decided:
        if decision.person_id is not None:
            replay.note(decision.person_id, way, replay.by_id[decision.lead_id])
    for way, decision in decided:
        if decision.person_id is None:
            lead = replay.by_id[decision.lead_id]
            assert all(replay.get_room(way, i, lead) <= 0 for i in replay.find_takers(way, lead))
            assert (decision.left_over is LeftOver.NO_SALESPEOPLE) == (not situation.people[way])


@given(joint_situations())
def test_the_line_up_says_before_each_lead_who_gets_it(situation):
    """Whoever got a lead was first in the line-up of its way, with what both ways had given until then."""
    replay = Replay(situation)
    for way, decision in situation.plan():
        lead, people, rules = replay.by_id[decision.lead_id], situation.people[way], situation.rules[way]
        strategy = situation.make_strategy(way)
        if people and not strategy.plans_ahead:
            seen, cap_class = lead.seen[way], replay.find_class(way, lead)
            other = "b" if way == "a" else "a"
            places = explain_line_up(
                people, strategy,
                {i: "refused" if v.refused_by else v.rank for i, v in rules.judge(seen.group, people).items()},
                received=replay.received[way], elsewhere=replay.received[other], holders=seen.holders,
                of_class={p.id: replay.of_class[way][p.id, cap_class] for p in people}, cap_class=cap_class,
                is_reversed=rules.is_reversed(seen.group),
            )  # fmt: skip
            may = [place for place in places if not place.refused_by]
            first = [place.person.id for place in may if place.key == may[0].key]
            assert decision.person_id in first if decision.person_id else not may
        if decision.person_id is not None:
            replay.note(decision.person_id, way, lead)


@given(joint_situations())
def test_same_seed_same_plans(situation):
    one, other = situation.plan(), situation.plan()
    shuffled = situation._replace(leads=Random(1).sample(situation.leads, len(situation.leads))).plan()
    assert list(one) == list(other) == list(shuffled)
    assert one.rest.decisions == shuffled.rest.decisions


@given(joint_situations())
def test_the_ways_are_exchangeable(situation):
    """Another name for each way, and everything else is as before."""
    plans, swapped = situation.plan(), situation.plan(swapped=True)
    other = {"a": "b", "b": "a"}
    assert [(other[way], decision) for way, decision in plans] == list(swapped)
    assert plans.rest.decisions == swapped.rest.decisions


@given(joint_situations(limited=False), st.sampled_from(WAYS))
def test_a_way_that_gets_all_leads_plans_as_if_it_were_alone(situation, way):
    """The same plan; a strategy that plans ahead gives as many leads, to equally good people."""
    situation = situation._replace(leads=[lead._replace(way=way) for lead in situation.leads])
    rng = Random(situation.seed)
    strategy = situation.make_strategy(way)
    side = Side(situation.people[way], strategy, rng, situation.rules[way], lambda lead: lead.seen[way])
    idle = Side((), make("round_robin"), Random(0))
    sides = {name: side if name == way else idle for name in WAYS}
    joint = make_plans(situation.leads, sides, lambda lead: lead.way, rng=rng)
    leads = [lead.seen[way]._replace(id=lead.id) for lead in situation.leads]
    alone = make_plan(
        leads, situation.people[way], situation.make_strategy(way), rng=Random(situation.seed),
        rules=situation.rules[way],
    )  # fmt: skip
    taken = [(d.lead_id, d.person_id) for d in joint.plans[way].decisions]
    assert taken == [(d.lead_id, d.person_id) for d in alone.decisions]


@given(st.integers(), st.integers(1, 8), st.integers(0, 60), st.sampled_from(["round_robin", "random"]))
def test_each_way_is_as_even_as_alone_on_its_own_leads(seed, people, leads, name):
    """Whatever the other way gives to the same people, and whoever had more turns of it before."""
    chance = Random(seed)
    team = [Person(n, served=0) for n in range(people)]
    uneven = [Person(n, weight=1 + n * n) for n in range(people)]
    dealt = [Dealt(n, {}, chance.choice("ab")) for n in range(leads)]
    read = lambda lead: Lead(lead.id)  # noqa: E731
    sides = {
        "a": Side(team, make(name), Random(seed), None, read),
        "b": Side(uneven, make("weighted"), Random(seed + 1), None, read),
    }
    plans = make_plans(dealt, sides, lambda lead: lead.way, rng=Random(seed)).plans
    counts = [plans["a"].received[person.id] for person in team]
    assert max(counts) - min(counts) <= 1
    total = sum(1 for lead in dealt if lead.way == "b")
    weights = sum(person.weight for person in uneven)
    for person in uneven:
        assert abs(plans["b"].received[person.id] - total * person.weight / weights) < people


@given(st.integers(), st.integers(1, 6), st.integers(0, 80))
def test_those_who_are_not_full_stay_even_where_the_other_way_fills_somebody(seed, people, leads):
    """Full by both ways together: the others of each way go on in turn."""
    chance = Random(seed)
    team = [Person(n, limit=chance.choice([None, 0, 3, 8])) for n in range(people)]
    dealt = [Dealt(n, {}, chance.choice("ab")) for n in range(leads)]
    read = lambda lead: Lead(lead.id)  # noqa: E731
    sides = {way: Side(team, make("round_robin"), Random(f"{seed}{way}"), None, read) for way in WAYS}
    plans = make_plans(dealt, sides, lambda lead: lead.way, rng=Random(seed)).plans
    for person in team:
        both = sum(plan.received[person.id] for plan in plans.values())
        assert person.limit is None or both <= person.limit
    for plan in plans.values():
        free = [plan.received[person.id] for person in team if person.limit is None]
        assert not free or max(free) - min(free) <= 1


def test_targets_are_filled_by_both_ways_together():
    """Level by level: what one way gives is no deficit of the other any more."""
    team = [Person(1, level_priority=1, target=10, current=4), Person(2, level_priority=2, target=10, current=8)]
    dealt = [Dealt(n, {}, "ab"[n % 2]) for n in range(20)]
    read = lambda lead: Lead(lead.id)  # noqa: E731
    for names in (("level_based", "level_based"), ("level_based", "least_loaded"), ("optimal", "level_based")):
        sides = {way: Side(team, make(name), Random(3), None, read) for way, name in zip(WAYS, names, strict=True)}
        plans = make_plans(dealt, sides, lambda lead: lead.way, rng=Random(1)).plans
        both = plans["a"].received + plans["b"].received
        assert both == {1: 6, 2: 2}, names
        left = plans["a"].left_over + plans["b"].left_over
        assert left == {"everybody_full": 12}


def test_load_counts_what_the_other_way_has_given():
    """The least loaded is looked for with both ways' leads, the turns of a rotation with the own ones only."""
    team = [Person(1, target=10), Person(2, target=10)]
    only_first = [Person(1)]
    dealt = [Dealt(n, {}, "b" if n < 6 else "a", (n,)) for n in range(12)]
    read = lambda lead: Lead(lead.id)  # noqa: E731
    results = {}
    for name in ("least_loaded", "round_robin"):
        sides = {
            "a": Side(team, make(name), Random(3), None, read),
            "b": Side(only_first, make("round_robin"), Random(3), None, read),
        }
        plans = make_plans(dealt, sides, lambda lead: lead.way, rng=Random(1), lead_order="ranked").plans
        results[name] = plans["a"].received
    assert results["least_loaded"] == {2: 6}
    assert results["round_robin"] == {1: 3, 2: 3}


def test_a_plan_ahead_takes_the_next_leads_of_the_queue_not_the_best_of_all():
    """Chance chooses the leads of both ways alike: else the one that may choose would look better."""
    team = [Person(1, rates={"good": 0.9, "bad": 0.1})]
    dealt = [Dealt(n, {}, "ab"[n % 2], (n,)) for n in range(40)]
    read = lambda lead: Lead(lead.id, segment="bad" if lead.id < 10 else "good")  # noqa: E731
    team = [replace(team[0], target=100)]
    sides = {
        "a": Side(team, make("round_robin"), Random(3), None, read),
        "b": Side(team, make("optimal"), Random(3), None, read),
    }
    result = make_plans(dealt, sides, lambda lead: lead.way, rng=Random(1), lead_order="ranked", max_leads=10)
    assert {d.lead_id for _way, d in result} == set(range(10))
    assert result.plans["a"].received.total() == result.plans["b"].received.total() == 5
    assert len(result.rest.decisions) == 30


def test_leads_that_nobody_may_take_do_not_use_up_the_room_of_a_plan_ahead():
    team = [Person(1, target=4), Person(2, target=4)]
    dealt = [Dealt(n, {}, "b", (n,)) for n in range(30)]
    read = lambda lead: Lead(lead.id, holders=(1, 2) if lead.id < 20 else ())  # noqa: E731
    sides = {"a": Side((), make("round_robin"), Random(3)), "b": Side(team, make("optimal"), Random(3), None, read)}
    result = make_plans(dealt, sides, lambda lead: lead.way, rng=Random(1), lead_order="ranked", max_leads=5)
    assert result.plans["b"].received.total() == 5
    assert result.plans["b"].left_over == {"only_holder": 20}
    assert len(result.rest.decisions) == 5


def test_a_lead_is_asked_for_its_way_once_and_only_when_its_turn_comes():
    asked = Counter()

    def deal(lead):
        asked[lead.id] += 1
        return "ab"[lead.id % 2]

    leads = [Lead(n) for n in range(30)]
    for name in ("round_robin", "optimal"):
        asked.clear()
        sides = {way: Side([Person(1, target=99)], make(name), Random(1)) for way in WAYS}
        result = make_plans(leads, sides, deal, rng=Random(2), max_leads=7)
        assert asked == dict.fromkeys((d.lead_id for _way, d in result), 1)
        assert len(asked) == 7


def test_an_unknown_order_of_leads_is_refused():
    with pytest.raises(ValueError, match="Unknown"):
        make_plans([], {}, None, rng=Random(), lead_order="sideways")


def test_what_is_promised_is_what_both_ways_give_if_everybody_may_take_everything():
    """Together no more than a target: else everybody seemed to get less than promised."""
    team = [Person(1, target=6), Person(2, target=6)]
    sides = {way: Side(team, make("level_based"), Random(3)) for way in WAYS}
    promised = promise_both(sides, [("ab"[n % 2], None) for n in range(20)], rng=Random(1))
    assert promised["a"] + promised["b"] == {1: 6, 2: 6}
    free = {way: Side(team, make("round_robin"), Random(3)) for way in WAYS}
    promised = promise_both(free, [("a", None)] * 4 + [("b", None)] * 2, rng=Random(1))
    assert promised == {"a": {1: 2, 2: 2}, "b": {1: 1, 2: 1}}
