"""Nobody gets a lead again whom it was taken from: by properties, over any people and histories."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from engine import Lead, LeftOver, Person, RuleBook, make_plan
from engine.rules import HadBefore, SkillMatch
from engine.strategies import get_strategy_class

IDS = st.integers(1, 6)
HISTORIES = st.dictionaries(st.integers(1, 12), st.frozensets(IDS), max_size=12)


def plan(lead_ids, person_ids, had, holder_of=None, limits=None, seed=0):
    book = RuleBook([HadBefore(had)])
    leads = [
        Lead(i, group=book.get_group({"id": i}), holders=tuple(filter(None, [(holder_of or {}).get(i)])))
        for i in lead_ids
    ]
    people = [Person(i, limit=(limits or {}).get(i)) for i in person_ids]
    strategy = get_strategy_class("round_robin")()
    return make_plan(leads, people, strategy, rng=Random(seed), rules=book)


@given(HISTORIES, st.frozensets(IDS, min_size=1), st.integers(0, 99))
def test_nobody_gets_what_they_had_and_every_lead_that_somebody_may_have_goes_on(had, people, seed):
    decisions = list(plan(range(1, 13), people, had, seed=seed).decisions)
    assert len(decisions) == 12
    for decision in decisions:
        may = people - had.get(decision.lead_id, frozenset())
        assert (decision.person_id in may) if may else (decision.left_over is LeftOver.HAD_BEFORE)


@given(st.frozensets(IDS, min_size=1), st.integers(0, 99))
def test_a_lead_that_is_taken_back_again_and_again_ends_with_the_last_one_and_never_circles(people, seed):
    had, holder = [], None
    for turn in range(len(people) + 3):
        [decision] = plan([1], people, {1: had}, {1: holder}, seed=seed + turn).decisions
        if decision.person_id is None:
            assert decision.left_over is LeftOver.HAD_BEFORE
            break
        assert decision.person_id not in had
        holder = decision.person_id
        had.append(holder)
    assert sorted(had) == sorted(people)


@given(HISTORIES, st.dictionaries(IDS, st.integers(0, 3), min_size=1))
def test_limits_hold_and_a_lead_that_only_full_people_could_have_says_so(had, limits):
    result = plan(range(1, 13), limits, had, limits=limits)
    assert all(result.received[i] <= most for i, most in limits.items())
    for decision in result.decisions:
        if decision.left_over is LeftOver.EVERYBODY_FULL:
            may = limits.keys() - had.get(decision.lead_id, frozenset())
            assert may and all(result.received[i] == limits[i] for i in may)


def test_of_people_kept_away_by_several_rules_it_is_not_said_that_all_had_it():
    book = RuleBook([HadBefore({1: [1]}), SkillMatch({7: 1.0}, {1: {7}, 2: set()})])
    lead = Lead(1, group=book.get_group({"id": 1, "tag_ids": (7,)}))
    strategy = get_strategy_class("round_robin")()
    [decision] = make_plan([lead], [Person(1), Person(2)], strategy, rng=Random(0), rules=book).decisions
    assert decision.left_over is LeftOver.NO_ELIGIBLE
