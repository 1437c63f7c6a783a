"""Promises of the planner that hold for every strategy and every input."""

import ast
from collections import Counter
from math import inf
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import STRATEGIES, Lead, LeftOver, Person, Strategy, get_strategy, make_plan

ENGINE = Path(__file__).resolve().parents[2] / "lead_distribution" / "engine"


class Capped(Strategy):
    """A strategy of the test: fewest first, at most ``target`` leads each."""

    name = "capped"

    def key(self, candidate):
        return candidate.received

    def cap(self, person):
        return person.target


@st.composite
def situations(draw):
    """Leads of some groups, people with caps, who holds what, and who may take which group."""
    ids = draw(st.sets(st.integers(1, 40), max_size=8))
    people = [Person(i, f"P{i}", target=draw(st.integers(0, 6)), served=draw(st.integers(0, 3))) for i in ids]
    somebody = st.sampled_from(sorted(ids)) if ids else st.just(0)
    leads = [
        Lead(n, tuple(draw(st.lists(somebody, max_size=2))), draw(st.integers(0, 2)))
        for n in range(draw(st.integers(0, 40)))
    ]
    allowed = {group: draw(st.sets(somebody)) & ids for group in range(3)}
    return people, leads, allowed


def plans(situation, seed, **options):
    people, leads, allowed = situation
    for strategy in [*(get_strategy(name) for name in STRATEGIES), Capped()]:
        yield (
            strategy,
            make_plan(leads, people, strategy, rng=Random(seed), eligible=allowed.__getitem__, **options),
        )


@given(situations(), st.integers(), st.none() | st.integers(0, 50))
def test_every_lead_is_decided_exactly_once(situation, seed, max_leads):
    _people, leads, _allowed = situation
    for _strategy, plan in plans(situation, seed, max_leads=max_leads):
        assert Counter(d.lead_id for d in plan.decisions) == Counter(lead.id for lead in leads)
        assert sum(plan.received.values()) + sum(plan.left_over.values()) == len(leads)
        assert all((d.person_id is None) == (d.left_over is not None) for d in plan.decisions)


@given(situations(), st.integers(), st.integers(0, 50))
def test_no_cap_is_exceeded_and_nobody_ineligible_is_served(situation, seed, max_leads):
    people, leads, allowed = situation
    by_id = {lead.id: lead for lead in leads}
    for strategy, plan in plans(situation, seed, max_leads=max_leads):
        assert sum(plan.received.values()) <= max_leads
        for person in people:
            assert plan.received[person.id] <= strategy.cap(person)
        for decision in plan.decisions:
            if decision.person_id is not None:
                lead = by_id[decision.lead_id]
                assert decision.person_id in allowed[lead.group]
                assert decision.person_id not in lead.holders


@given(situations(), st.integers())
def test_no_lead_is_left_while_somebody_eligible_has_room(situation, seed):
    people, leads, allowed = situation
    by_id = {lead.id: lead for lead in leads}
    for strategy, plan in plans(situation, seed):
        room = {p.id: strategy.cap(p) - plan.received[p.id] for p in people}
        for decision in plan.decisions:
            if decision.person_id is None:
                lead = by_id[decision.lead_id]
                takers = allowed[lead.group] - set(lead.holders)
                assert not any(room[taker] > 0 for taker in takers)


@given(situations(), st.integers(), st.randoms())
def test_same_seed_same_plan_whatever_the_order_of_the_input(situation, seed, shuffler):
    people, leads, allowed = situation
    shuffled = (shuffler.sample(people, len(people)), shuffler.sample(leads, len(leads)), allowed)
    for (_s, one), (_t, other) in zip(plans(situation, seed), plans(shuffled, seed), strict=True):
        assert one.decisions == other.decisions


@given(situations(), st.integers())
def test_the_reason_for_a_left_over_is_the_true_one(situation, seed):
    people, leads, allowed = situation
    by_id = {lead.id: lead for lead in leads}
    for _strategy, plan in plans(situation, seed):
        for decision in plan.decisions:
            may = allowed[by_id[decision.lead_id].group]
            if not people:
                assert decision.left_over is LeftOver.NO_SALESPEOPLE
            elif decision.left_over is LeftOver.NO_ELIGIBLE:
                assert not may
            elif decision.left_over is LeftOver.ONLY_HOLDER:
                assert may & set(by_id[decision.lead_id].holders)


def test_ranked_leads_go_out_in_their_order():
    leads = [Lead(1, rank=(3,)), Lead(2, rank=(1,)), Lead(3, rank=(1,)), Lead(4, rank=(2,))]
    plan = make_plan(leads, [Person(1)], get_strategy("round_robin"), rng=Random(0), lead_order="ranked")
    order = [d.lead_id for d in plan.decisions]
    assert set(order[:2]) == {2, 3}
    assert order[2:] == [4, 1]


@pytest.mark.parametrize("call", [
    lambda: make_plan([], [], get_strategy("round_robin"), rng=Random(), lead_order="sideways"),
    lambda: get_strategy("astrology"),
    lambda: get_strategy("round_robin", order="by_shoe_size"),
])  # fmt: skip
def test_unknown_names_are_refused(call):
    with pytest.raises(ValueError, match="Unknown"):
        call()


def test_a_strategy_without_a_cap_is_unlimited_and_one_without_a_key_is_refused():
    class Keyless(Strategy):
        name = "keyless"

    assert Keyless().cap(Person(1)) == inf
    with pytest.raises(ValueError, match="keyless"):
        make_plan([Lead(1)], [Person(1)], Keyless(), rng=Random())


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 30), st.integers(0, 300), st.integers())
def test_r13_ties_are_not_always_won_by_the_same_person(people_count, seed, offset):
    """One lead, several equals: over seeds, more than one of them gets it."""
    people = [Person(i + 1, f"P{i}") for i in range(people_count)]
    winners = {
        make_plan([Lead(1)], people, get_strategy("round_robin"), rng=Random(seed + n))
        .decisions[0].person_id
        for n in range(40)
    }  # fmt: skip
    assert len(winners) > 1 or people_count == 1


def test_the_engine_imports_nothing_but_the_standard_library_and_itself():
    allowed = {
        "__future__", "calendar", "collections", "dataclasses", "datetime", "enum", "heapq",
        "fnmatch", "math", "random", "re", "statistics", "typing", "zoneinfo",
    }  # fmt: skip
    for path in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            else:
                continue
            assert all(name.split(".")[0] in allowed for name in names), (path, names)
