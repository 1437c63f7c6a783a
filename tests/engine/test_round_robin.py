"""Round robin: fair in every prefix, fair over runs, nobody twice in a row without need."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from engine import Lead, Person, get_strategy, make_plan
from engine.strategies.round_robin import ORDERS


def team(count, **served):
    return [Person(i, f"P{i}", served=served.get(f"p{i}", 0)) for i in range(1, count + 1)]


@given(st.integers(1, 12), st.integers(0, 60), st.integers(), st.lists(st.integers(0, 2), max_size=12))
def test_any_prefix_is_within_one_lead_of_equal(people_count, lead_count, seed, served):
    people = [Person(i, served=served[i - 1] if i <= len(served) else 0) for i in range(1, people_count + 1)]
    leads = [Lead(n) for n in range(lead_count)]
    plan = make_plan(leads, people, get_strategy("round_robin"), rng=Random(seed))
    shares = Counter({person.id: 0 for person in people})
    for decision in plan.decisions:
        shares[decision.person_id] += 1
        assert max(shares.values()) - min(shares.values()) <= 1


@given(st.integers(2, 9), st.lists(st.integers(0, 20), min_size=1, max_size=8), st.integers())
def test_the_remainder_of_a_run_is_made_up_for_in_the_next(people_count, runs, seed):
    served = Counter({i: 0 for i in range(1, people_count + 1)})
    for number, lead_count in enumerate(runs):
        people = [Person(i, served=turns) for i, turns in served.items()]
        leads = [Lead(n) for n in range(lead_count)]
        plan = make_plan(leads, people, get_strategy("round_robin"), rng=Random(seed + number))
        served.update(plan.received)
        assert max(served.values()) - min(served.values()) <= 1


def test_one_by_one_gives_the_same_shares_as_in_bulk():
    bulk = make_plan([Lead(n) for n in range(10)], team(4), get_strategy("round_robin"), rng=Random(3))
    served = Counter({i: 0 for i in range(1, 5)})
    for n in range(10):
        people = [Person(i, served=turns) for i, turns in served.items()]
        served.update(make_plan([Lead(n)], people, get_strategy("round_robin"), rng=Random(n)).received)
    assert sorted(bulk.received.values()) == sorted(served.values()) == [2, 2, 3, 3]


@given(st.integers(1, 30), st.integers())
def test_r57_a_holder_is_passed_over_and_the_run_ends(lead_count, seed):
    """Ann holds all leads: the others share them, and with Ann alone all of them stay."""
    leads = [Lead(n, holders=(1,)) for n in range(lead_count)]
    plan = make_plan(leads, team(3), get_strategy("round_robin"), rng=Random(seed))
    assert plan.received[1] == 0
    assert abs(plan.received[2] - plan.received[3]) <= 1
    alone = make_plan(leads, team(1), get_strategy("round_robin"), rng=Random(seed))
    assert alone.left_over == {"only_holder": lead_count}


def test_r58_orders_alphabetical_seniority_and_least_recent():
    people = [
        Person(1, "zoe", level_priority=1, last_served=30.0),
        Person(2, "Adam", level_priority=3, last_served=10.0),
        Person(3, "mia", level_priority=2, last_served=20.0),
    ]
    leads = [Lead(n) for n in range(3)]
    first_round = {
        order: [
            d.person_id
            for d in make_plan(leads, people, get_strategy("round_robin", order=order), rng=Random(5)).decisions
        ]
        for order in ("alphabetical", "seniority", "least_recent")
    }
    assert first_round == {
        "alphabetical": [2, 3, 1],
        "seniority": [1, 3, 2],
        "least_recent": [2, 3, 1],
    }


@given(st.lists(st.integers(1, 12), min_size=1, max_size=15), st.integers(2, 6), st.sampled_from(ORDERS), st.integers())
def test_r58_whatever_the_order_the_next_runs_make_up_for_the_remainders(sizes, count, order, seed):
    served, last = Counter({i: 0 for i in range(count)}), dict.fromkeys(range(count), 0.0)
    for number, size in enumerate(sizes, 1):
        people = [Person(i, f"P{i}", served=served[i], last_served=last[i]) for i in range(count)]
        strategy = get_strategy("round_robin", order=order)
        plan = make_plan([Lead(n) for n in range(size)], people, strategy, rng=Random(seed + number))
        served.update(plan.received)
        last |= {i: float(number) for i, leads in plan.received.items() if leads}
    assert max(served.values()) - min(served.values()) <= 1


def test_r58_random_order_differs_between_seeds():
    leads = [Lead(n) for n in range(5)]
    orders = {
        tuple(d.person_id for d in make_plan(leads, team(5), get_strategy("round_robin"), rng=Random(s)).decisions)
        for s in range(20)
    }
    assert len(orders) > 10
