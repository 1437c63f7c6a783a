"""Each strategy keeps its own promise, in every prefix of a plan."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Lead, Person, RuleBook, get_strategy, make_plan
from engine.rules import PriorityBands

PEOPLE = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 3), st.floats(0.1, 5)),
    min_size=1,
    max_size=7,
).map(
    lambda rows: [
        Person(i + 1, f"P{i}", level_priority=level, target=target, current=current, weight=weight)
        for i, (target, current, level, weight) in enumerate(rows)
    ]
)


def plan_for(name, people, count, seed=0, **options):
    return make_plan([Lead(n) for n in range(count)], people, get_strategy(name, **options), rng=Random(seed))


def prefixes(plan, people):
    """Yield what everybody has received after each lead."""
    received = Counter({person.id: 0 for person in people})
    for decision in plan.decisions:
        if decision.person_id is None:
            return
        received[decision.person_id] += 1
        yield received


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("proportional", lambda p: p.target),
        ("weighted", lambda p: p.weight),
        ("capacity_based", lambda p: max(0, p.target - p.current)),
    ],
)
@given(people=PEOPLE, count=st.integers(0, 60), seed=st.integers())
def test_r62_r63_every_prefix_keeps_the_divisor_bound(name, share, people, count, seed):
    """Nobody's last lead would have been better placed with somebody else who had room."""
    plan = plan_for(name, people, count, seed)
    caps = {p.id: share(p) if name == "capacity_based" else float("inf") for p in people}
    for received in prefixes(plan, people):
        for a in people:
            for b in people:
                if received[a.id] and share(b) and received[b.id] < caps[b.id] and share(a):
                    left, right = (received[a.id] - 0.5) / share(a), (received[b.id] + 0.5) / share(b)
                    assert left <= right + 1e-9


@given(PEOPLE, st.integers(0, 60), st.integers())
def test_r62_without_a_target_nobody_gets_less_than_others_and_with_one_only_those(people, count, seed):
    plan = plan_for("proportional", people, count, seed)
    if any(person.target for person in people):
        assert all(plan.received[p.id] == 0 for p in people if not p.target)
    else:
        shares = [plan.received[p.id] for p in people]
        assert max(shares) - min(shares) <= 1


@given(
    PEOPLE, st.integers(0, 120), st.integers(), st.sampled_from(("highest_priority_first", "round_robin_within_level"))
)
def test_r60_a_level_gets_leads_only_when_the_better_ones_are_full(people, count, seed, fill):
    plan = plan_for("level_based", people, count, seed, fill_strategy=fill)
    deficit = {p.id: max(0, p.target - p.current) for p in people}
    for received in prefixes(plan, people):
        assert all(received[p.id] <= deficit[p.id] for p in people)
        for worse in people:
            for better in people:
                if received[worse.id] and better.level_priority < worse.level_priority:
                    assert received[better.id] == deficit[better.id]
    assert sum(plan.received.values()) == min(count, sum(deficit.values()))


@given(PEOPLE, st.integers(0, 120), st.integers())
def test_r60_within_a_level_the_largest_remaining_deficit_is_next(people, count, seed):
    level = [Person(p.id, p.name, 1, p.target, p.current) for p in people]
    plan = plan_for("level_based", level, count, seed)
    for received in prefixes(plan, level):
        remaining = {p.id: p.target - p.current - received[p.id] for p in level}
        for a in level:
            if received[a.id]:
                assert all(remaining[b.id] <= remaining[a.id] + 1 for b in level)


@given(PEOPLE, st.integers(0, 200), st.integers(), st.integers(0, 50))
def test_r61_overflow_starts_when_every_level_is_full_and_ends_at_its_limit(people, count, seed, limit):
    plan = plan_for("level_based", people, count, seed, overflow_limit=limit)
    over = False
    for received in prefixes(plan, people):
        above = any(received[p.id] > max(0, p.target - p.current) for p in people)
        over = over or above
        if above:
            assert all(received[p.id] >= p.target - p.current for p in people)
        assert all(received[p.id] + p.current <= max(p.current, p.target * (100 + limit) // 100) for p in people)


def test_r61_the_limit_is_rounded_down():
    people = [Person(1, target=15)]
    assert plan_for("level_based", people, 99, overflow_limit=10).received[1] == 16


@given(PEOPLE, st.integers(0, 100), st.integers())
def test_least_loaded_serves_the_lowest_utilization_and_stops_at_the_target(people, count, seed):
    plan = plan_for("least_loaded", people, count, seed)
    for received in prefixes(plan, people):
        for a in people:
            for b in people:
                free = b.current + received[b.id] < b.target
                if received[a.id] and free:
                    load = (a.current + received[a.id] - 1) / a.target
                    assert load <= (b.current + received[b.id]) / b.target + 1e-9
    assert sum(plan.received.values()) == min(count, sum(max(0, p.target - p.current) for p in people))


@given(st.integers(1, 9), st.integers(0, 40), st.integers())
def test_random_shares_differ_by_at_most_one(people_count, count, seed):
    people = [Person(n + 1, served=n) for n in range(people_count)]
    shares = [plan_for("random", people, count, seed).received[p.id] for p in people]
    assert max(shares) - min(shares) <= 1


def test_the_worked_example_of_section_8_1():
    """Alice holds 180 of 200, Bob 190 of 200; of 150 leads they take 20 and 10."""
    people = [Person(1, "Alice", 1, 200, 180), Person(2, "Bob", 1, 200, 190)]
    plan = plan_for("level_based", people, 150)
    assert (plan.received[1], plan.received[2], plan.left_over["everybody_full"]) == (20, 10, 120)


def test_unknown_fill_strategies_and_limits_are_refused():
    for options in ({"fill_strategy": "x"}, {"overflow_limit": -1}):
        with pytest.raises(ValueError, match="Unknown"):
            get_strategy("level_based", **options)


@pytest.mark.parametrize("name", ["proportional", "weighted", "capacity_based"])
def test_who_has_no_share_gets_nothing_even_where_nobody_else_may_take_the_lead(name):
    with_share, without = Person(1, target=9, weight=1.0), Person(2, target=0, weight=0.0)
    plan = make_plan([Lead(n, (1,)) for n in range(5)], [with_share, without], get_strategy(name), rng=Random(1))
    assert not plan.received.get(2)
    assert sum(plan.left_over.values()) == 5


def test_r65_juniors_first_fills_the_last_level_first_and_shares_the_room():
    people = [Person(1, level_priority=1, target=3), Person(2, level_priority=2, target=2)]
    rules = RuleBook([PriorityBands({"low": "junior_first"}, ())])
    late = rules.get_group({"priority": "0"})
    leads = [Lead(n, group=late) for n in range(3)] + [Lead(n, group=("all_levels",)) for n in range(3, 5)]
    plan = make_plan(leads, people, get_strategy("level_based"), rng=Random(2), rules=rules)
    assert plan.received == {1: 3, 2: 2}
    alone = make_plan(leads[:3], people, get_strategy("level_based"), rng=Random(2), rules=rules)
    assert alone.received == {1: 1, 2: 2}


def test_a_persons_limit_holds_in_every_strategy():
    people = [Person(1, target=9, limit=1), Person(2, target=9)]
    for name in ("round_robin", "random", "weighted", "proportional", "capacity_based", "least_loaded", "level_based"):
        plan = plan_for(name, people, 5)
        assert (plan.received[1], plan.received[2]) == (1, 4), name
