"""The strategies that look at conversions: expected rates, and the best way to use them."""

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Lead, LeftOver, Person, RuleBook, get_strategy, make_plan
from engine.conversion import smooth_rate, smooth_rates
from engine.rules import KnownOwner
from engine.shares import Shares
from lead_distribution.planning.transport import solve

RATES = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8])


@st.composite
def small_problems(draw):
    people = [
        Person(n, target=draw(st.integers(0, 3)), rates={s: draw(RATES) for s in "ab"}) for n in range(1, 4)
    ]  # fmt: skip
    leads = [
        Lead(n, (draw(st.integers(1, 3)),) if draw(st.booleans()) else (), None, (), draw(st.sampled_from("ab")))
        for n in range(draw(st.integers(0, 5)))
    ]
    return people, leads


def best_by_trying_all(people, leads):
    """Return (leads handed out, sum of rates) of the best of all possible plans."""
    best = (0, 0.0)
    for takers in product([None, *people], repeat=len(leads)):
        taken = [(lead, person) for lead, person in zip(leads, takers, strict=True) if person]
        fits = all(sum(p is person for _lead, p in taken) <= person.target for person in people)
        if fits and all(person.id not in lead.holders for lead, person in taken):
            best = max(best, (len(taken), round(sum(p.get_rate(lead.segment) for lead, p in taken), 6)))
    return best


@settings(max_examples=60)
@given(small_problems(), st.integers(0, 99))
def test_optimal_is_as_good_as_the_best_of_all_possible_plans(problem, seed):
    people, leads = problem
    by_id = {lead.id: lead for lead in leads}
    persons = {person.id: person for person in people}
    plan = make_plan(leads, people, get_strategy("optimal", solve=solve), rng=Random(seed))
    taken = [d for d in plan.decisions if d.person_id]
    value = sum(persons[d.person_id].get_rate(by_id[d.lead_id].segment) for d in taken)
    assert (len(taken), round(value, 6)) == best_by_trying_all(people, leads)


def test_optimal_with_a_limit_takes_the_leads_that_convert_best():
    people = [Person(1, target=9, rates={"web": 0.1, "fair": 0.6})]
    leads = [Lead(n, segment="web" if n % 2 else "fair") for n in range(8)]
    plan = make_plan(leads, people, get_strategy("optimal", solve=solve), rng=Random(1), max_leads=4)
    assert {d.lead_id for d in plan.decisions if d.person_id} == {0, 2, 4, 6}
    assert plan.left_over == {LeftOver.MAX_LEADS.value: 4}


def test_optimal_breaks_ties_by_chance():
    people = [Person(1, target=1, rate=0.5), Person(2, target=1, rate=0.5)]
    winners = {
        make_plan([Lead(1)], people, get_strategy("optimal", solve=solve), rng=Random(seed)).decisions[0].person_id
        for seed in range(20)
    }
    assert winners == {1, 2}


def test_optimal_keeps_thousands_of_leads_from_their_holders():
    people = [Person(n, target=400, rate=n / 10) for n in range(1, 6)]
    leads = [Lead(n, (n % 5 + 1,)) for n in range(1500)]
    plan = make_plan(leads, people, get_strategy("optimal", solve=solve), rng=Random(4))
    assert sum(plan.received.values()) == 1500
    assert all(d.person_id != d.lead_id % 5 + 1 for d in plan.decisions)
    assert [plan.received[n] for n in (3, 4, 5)] == [400, 400, 400]


def test_leads_that_nobody_has_room_for_cost_no_look_at_each_person(monkeypatch):
    looks, is_full = [], Shares._is_full
    monkeypatch.setattr(Shares, "_is_full", lambda shares, *one: looks.append(one) or is_full(shares, *one))
    people = [Person(n, target=2, rates={"web": n / 100}) for n in range(1, 51)]
    leads = [Lead(n, segment="web") for n in range(3000)]
    plan = make_plan(leads, people, get_strategy("optimal", solve=solve), rng=Random(1))
    assert plan.left_over == {LeftOver.EVERYBODY_FULL.value: 2900}
    assert len(looks) <= 3 * len(people)


def test_optimal_without_a_solver_is_refused():
    with pytest.raises(ValueError, match="solver"):
        get_strategy("optimal")


@given(st.integers(0, 50), st.integers(0, 50), st.floats(0, 1), st.integers(1, 50))
def test_a_smoothed_rate_lies_between_the_mean_and_the_own_history(won, lost, mean, strength):
    rate = smooth_rate(won, won + lost, mean, strength)
    own = won / (won + lost) if won + lost else mean
    assert min(own, mean) - 1e-9 <= rate <= max(own, mean) + 1e-9


def test_a_beginner_with_one_loss_is_not_starved():
    rates, _segments = smooth_rates({(1, None): (30, 100), (2, None): (0, 1)}, 20)
    people = [Person(n, rate=rates[n]) for n in (1, 2)]
    plan = make_plan([Lead(n) for n in range(100)], people, get_strategy("performance"), rng=Random(1))
    assert 40 <= plan.received[2] < 50


def test_without_any_history_everybody_gets_equal_parts():
    rates, _segments = smooth_rates({}, 20, [1, 2, 3, 4])
    people = [Person(n, rate=rates[n]) for n in rates]
    plan = make_plan([Lead(n) for n in range(40)], people, get_strategy("performance"), rng=Random(1))
    assert set(plan.received.values()) == {10}


def test_optimal_shares_evenly_where_nobody_is_known_to_convert_better():
    people = [Person(n, target=100, rate=0.2) for n in range(1, 4)]
    plan = make_plan([Lead(n) for n in range(90)], people, get_strategy("optimal", solve=solve), rng=Random(3))
    assert max(plan.received.values()) - min(plan.received.values()) <= 6


def test_optimal_with_two_holders_a_lead_takes_no_longer_and_serves_neither():
    people = [Person(n, target=100, rate=n / 100) for n in range(60)]
    leads = [Lead(n, (n % 60, (n * 7 + 1) % 60), segment=n % 5) for n in range(5000)]
    plan = make_plan(leads, people, get_strategy("optimal", solve=solve), rng=Random(3))
    by_id = {lead.id: lead for lead in leads}
    assert sum(plan.received.values()) == 5000
    assert all(d.person_id not in by_id[d.lead_id].holders for d in plan.decisions)


def test_a_known_customer_goes_to_who_knows_them_though_others_convert_better():
    rules = RuleBook([KnownOwner({1: 1})])
    people = [Person(1, target=1, rate=0.1), Person(2, target=5, rate=0.9)]
    leads = [Lead(n, group=rules.get_group({"id": n})) for n in range(1, 4)]
    plan = make_plan(leads, people, get_strategy("optimal", solve=solve), rng=Random(1), rules=rules)
    assert {d.lead_id: d.person_id for d in plan.decisions} == {1: 1, 2: 2, 3: 2}
