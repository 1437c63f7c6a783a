"""A plan that goes on: leads are decided in parts, people come and go, new ones begin slowly."""

from collections import Counter
from dataclasses import replace
from math import inf, sqrt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_planner import situations, strategies

from engine import STRATEGIES, Lead, LeftOver, Person, Strategy, credit, explain_line_up, get_strategy, make_plan
from lead_distribution.planning.transport import solve

OPTIONS = {
    "round_robin": {"order": "alphabetical"},  # nothing is left to chance
    "level_based": {"fill_strategy": "round_robin_within_level"},
    "optimal": {"solve": solve},
}
IN_TURN = ("round_robin", "random")
BY_SHARE = ("weighted", "proportional", "performance", "capacity_based")


def make(name):
    return get_strategy(name, **OPTIONS.get(name, {}))


class State:
    """What is known between two parts of a plan, kept as a caller keeps it: what people have, and their limits."""

    def __init__(self, people):
        self.people = {person.id: person for person in people}
        self.received, self.of_class, self.decisions = Counter(), Counter(), []
        self.here, self.shares = set(self.people), {}

    def hand_out(self, leads, strategy, seed, rules=None, here=None, **options):
        """Decide some leads for those who are there; whoever was not the last time starts at the others' average."""
        here = set(self.people) if here is None else here
        if here:
            gone = [(self.people[i], share) for i, share in self.shares.items() if i not in here]
            people = credit([self.people[i] for i in sorted(here)], strategy, here - self.here, gone=gone)
            self.people |= {person.id: person for person in people}
            strategy.prepare(people)
            self.here, self.shares = here, {person.id: strategy.get_share(person) for person in people}
        people = [self.people[i] for i in sorted(here)]
        plan = make_plan(leads, people, strategy, rng=Random(seed), rules=rules, **options)
        groups = {lead.id: lead.group for lead in leads}
        for decision in plan.decisions:
            if decision.person_id is not None:
                self._note(decision.person_id, rules.get_cap_class(groups[decision.lead_id]) if rules else None)
        self.decisions += plan.decisions
        return plan

    def _note(self, user_id, cap_class):
        person = self.people[user_id]
        limits = {name: n - (name == cap_class) for name, n in person.class_limits.items()}
        limit = None if person.limit is None else person.limit - 1
        self.people[user_id] = replace(person, received=person.received + 1, limit=limit, class_limits=limits)
        self.received[user_id] += 1
        self.of_class[user_id, cap_class] += 1

    def get_counts(self):
        return {i: self.received[i] for i in self.people}


def split(leads, chance):
    """Return the leads in parts of any size, some of them empty."""
    rest, parts = list(leads), []
    while rest:
        size = chance.choice([0, 1, 1, 2, 5, len(rest)])
        parts.append(rest[:size])
        rest = rest[size:]
    return parts


def ranked(leads):
    """Return leads that are taken in the order in which they stand."""
    return [lead._replace(rank=(place,)) for place, lead in enumerate(leads)]


def unlike(people):
    """Return people of whom no two are ever tied: shares that no whole numbers make equal."""
    roots = [sqrt(n) for n in (2, 3, 5, 6, 7, 10, 11, 13)]
    return [
        replace(person, weight=root, target=5 * root, current=0.37 * n, rate=root / 5, rates={}, level_priority=n)
        for n, (person, root) in enumerate(zip(people, roots, strict=False))
    ]


@pytest.mark.parametrize("name", [*BY_SHARE, "round_robin", "least_loaded", "level_based"])
@given(situations(), st.integers(0, 2**32))
def test_any_parts_give_each_lead_to_whom_one_plan_gives_it(name, situation, seed):
    """With rules, limits, limits of classes, holders and a limit of leads; where chance decides nothing."""
    people, leads, rules = situation
    people, leads, chance = unlike(people), ranked(leads), Random(seed)
    most = chance.choice([None, 5, 20])
    whole = make_plan(leads, people, make(name), rng=Random(1), rules=rules, lead_order="ranked", max_leads=most)
    state = State(people)
    for part in split(leads, chance):
        room = None if most is None else most - state.received.total()
        state.hand_out(part, make(name), chance.random(), rules, lead_order="ranked", max_leads=room)
    assert state.decisions == list(whole.decisions)  # leads, people, turns, and why nobody


@given(situations(), st.integers(0, 2**32))
def test_over_all_parts_no_cap_is_exceeded_and_every_lead_is_decided_once(situation, seed):
    people, leads, rules = situation
    for strategy in strategies():
        state, chance = State(people), Random(seed)
        for part in split(leads, chance):
            state.hand_out(part, strategy, chance.random(), rules)
        assert Counter(d.lead_id for d in state.decisions) == Counter(lead.id for lead in leads)
        strategy.prepare(people)
        for person in people:
            limit = inf if person.limit is None else person.limit
            assert state.received[person.id] <= min(limit, strategy.cap(person))
            for name, most in person.class_limits.items():
                assert state.of_class[person.id, name] <= most
            turns = [d.turn for d in state.decisions if d.person_id == person.id]
            assert turns == list(range(1, len(turns) + 1))


@given(situations(), st.integers(0, 2**32))
def test_nobody_is_left_over_who_one_plan_of_the_rest_could_serve(situation, seed):
    """Each part hands out whatever it can: who has room and may have a lead of it, has it."""
    people, leads, rules = situation
    for strategy in strategies():
        state, chance = State(people), Random(seed)
        for part in split(leads, chance):
            state.hand_out(part, strategy, chance.random(), rules)
            left = [lead for lead in part for d in state.decisions if d.lead_id == lead.id and d.left_over]
            if strategy.plans_ahead and any(len(lead.holders) > 1 for lead in left):
                continue  # see shares.share_out
            again = make_plan(left, list(state.people.values()), strategy, rng=Random(1), rules=rules)
            assert not again.received


@pytest.mark.parametrize("name", IN_TURN)
@given(st.integers(1, 9), st.integers(0, 60), st.integers(0, 2**32))
def test_by_chance_parts_are_within_one_lead_of_one_plan(name, people_count, lead_count, seed):
    chance = Random(seed)
    people = [Person(i, served=chance.randint(0, 1)) for i in range(1, people_count + 1)]
    strategy, state = get_strategy(name), State(people)
    for part in split([Lead(n) for n in range(lead_count)], chance):
        state.hand_out(part, strategy, chance.random())
        assert max(state.get_counts().values()) - min(state.get_counts().values()) <= 1


@given(st.lists(st.sampled_from([0.5, 1.0, 2.0, 3.0]), min_size=1, max_size=7), st.integers(0, 60), st.integers(0, 99))
def test_single_leads_are_shared_by_weight_as_many_are(weights, lead_count, seed):
    """A batch of one lead does not go to the heaviest each time."""
    people = [Person(i, weight=weight) for i, weight in enumerate(weights)]
    state = State(people)
    for n in range(lead_count):
        state.hand_out([Lead(n)], get_strategy("weighted"), seed + n)
    whole = make_plan([Lead(n) for n in range(lead_count)], people, get_strategy("weighted"), rng=Random(seed))
    assert all(abs(state.received[p.id] - whole.received[p.id]) <= 1 for p in people)


@settings(max_examples=20)
@given(st.integers(2, 6), st.integers(0, 40), st.integers(0, 99))
def test_the_best_of_equals_is_not_always_the_same(people_count, lead_count, seed):
    """Where all convert alike, the most conversions are shared evenly over single leads, too."""
    state = State([Person(i, target=1000, rate=0.2) for i in range(people_count)])
    for n in range(lead_count):
        state.hand_out([Lead(n)], make("optimal"), seed + n)
    assert max(state.get_counts().values()) - min(state.get_counts().values()) <= 1


@given(situations(), st.integers(0, 2**32))
def test_two_workers_who_take_turns_over_one_state_are_one(situation, seed):
    """Each has its own strategy, and knows nothing but what the state says."""
    people, leads, rules = situation
    for name in STRATEGIES:
        if name == "optimal":
            continue
        parts, states = split(leads, Random(seed)), (State(people), State(people))
        workers = [make(name), make(name)]
        for place, part in enumerate(parts):
            states[0].hand_out(part, workers[Random(seed + place).randrange(2)], place, rules)
            states[1].hand_out(part, workers[0], place, rules)
        assert states[0].decisions == states[1].decisions


@given(situations(), st.integers(0, 2**32))
def test_the_same_seeds_give_the_same_parts(situation, seed):
    people, leads, rules = situation
    for name in STRATEGIES:
        results = []
        for _time in range(2):
            state, chance = State(people), Random(seed)
            for part in split(leads, chance):
                state.hand_out(part, make(name), chance.random(), rules)
            results.append(state.decisions)
        assert results[0] == results[1]


# --- who comes later --------------------------------------------------------------------------------------


@st.composite
def days(draw):
    """People who come and go over a day: (number of people, list of (leads, ids of who is there))."""
    chance, count = Random(draw(st.integers(0, 2**32))), draw(st.integers(2, 6))
    here, parts = set(range(count)), []
    for _part in range(draw(st.integers(1, 25))):
        if chance.random() < 0.4:
            here = here ^ {chance.randrange(count)}
        parts.append((chance.choice([0, 1, 1, 2, 7, 20]), set(here)))
    return count, parts


@pytest.mark.parametrize("name", IN_TURN)
@given(days(), st.integers(0, 99))
def test_whoever_is_back_gets_as_much_as_the_others_from_then_on(name, day, seed):
    """Neither a flood nor a loss: of two who are there together, at any time, neither gets two leads more."""
    count, parts = day
    state = State([Person(i) for i in range(count)])
    since, last = {}, set()  # (one, other) → leads each had when both were there
    for number, (lead_count, here) in enumerate(parts):
        for one in here:
            for other in here - {one}:
                if one not in last or other not in last:
                    since[one, other] = (state.received[one], state.received[other])
        last = here or last
        for n in range(lead_count):
            state.hand_out([Lead(number * 100 + n)], get_strategy(name), seed + number * 100 + n, here=here)
            for one in here:
                for other in here - {one}:
                    mine, theirs = since.get((one, other), (0, 0))
                    assert (state.received[one] - mine) - (state.received[other] - theirs) <= 2
    assert len(state.decisions) == sum(lead_count for lead_count, _here in parts)


def test_whoever_comes_at_noon_goes_on_with_the_others():
    state, strategy = State([Person(i) for i in range(4)]), get_strategy("round_robin")
    state.hand_out([Lead(n) for n in range(120)], strategy, 1, here={0, 1, 2})
    for n in range(40):
        state.hand_out([Lead(1000 + n)], strategy, n)
    assert sorted(state.get_counts().values()) == [10, 50, 50, 50]


@pytest.mark.parametrize(
    ("name", "shares"), [("weighted", "weight"), ("proportional", "target"), ("performance", "rate")]
)
def test_whoever_comes_at_noon_begins_with_the_share_that_is_theirs(name, shares):
    people = [replace(Person(i), **{shares: share}) for i, share in enumerate([2, 1, 1, 4])]
    state, strategy = State(people), get_strategy(name)
    state.hand_out([Lead(n) for n in range(120)], strategy, 1, here={0, 1, 2})
    assert state.get_counts() == {0: 60, 1: 30, 2: 30, 3: 0}
    for n in range(80):
        state.hand_out([Lead(1000 + n)], strategy, n)
    assert state.get_counts() == {0: 80, 1: 40, 2: 40, 3: 40}


def test_a_shift_that_takes_over_from_another_goes_on_from_there():
    state, strategy = State([Person(i) for i in range(3)]), get_strategy("round_robin")
    state.hand_out([Lead(n) for n in range(30)], strategy, 1, here={0})
    state.hand_out([Lead(100 + n) for n in range(20)], strategy, 1, here={1, 2})
    assert state.people[1].head_start == state.people[2].head_start == 30
    state.hand_out([Lead(200 + n) for n in range(6)], strategy, 1, here={0, 1, 2})
    assert state.get_counts() == {0: 32, 1: 12, 2: 12}


def test_whoever_is_back_keeps_what_they_are_ahead():
    team = [Person(1, received=3), Person(2, received=4), Person(3, received=9), Person(4, head_start=7)]
    credited = credit(team, get_strategy("round_robin"), late={3, 4})
    assert [person.head_start for person in credited] == [0, 0, 0, 7]


def test_who_is_full_is_nobody_to_compare_with():
    team = [Person(1, received=2, limit=0), Person(2, received=60), Person(3, received=60), Person(4)]
    credited = credit(team, get_strategy("round_robin"), late={4})
    assert credited[3].head_start == 60


def test_levels_are_compared_with_their_own():
    team = [Person(1, level_priority=1, target=500, received=80), Person(2, level_priority=2, target=500, received=3),
            Person(3, level_priority=1, target=500), Person(4, level_priority=2, target=500)]  # fmt: skip
    credited = credit(team, make("level_based"), late={3, 4})
    assert [person.head_start for person in credited] == [0, 0, 80, 3]


def test_who_goes_by_load_is_never_behind():
    team = [Person(1, target=100, current=50, received=30), Person(2, target=100)]
    for name in ("least_loaded", "level_based"):
        assert credit(team, get_strategy(name), late={2}) == team


def test_another_weight_at_noon_counts_from_then_on():
    """A higher one is no flood, and a lower one no standstill."""
    for weight, expected in ((2, {1: 50, 2: 50, 3: 60}), (0.5, {1: 56, 2: 56, 3: 48})):
        state, strategy = State([Person(i, weight=1) for i in (1, 2, 3)]), get_strategy("weighted")
        state.hand_out([Lead(n) for n in range(120)], strategy, 1)
        state.people[3] = replace(state.people[3], weight=weight)
        people = credit(list(state.people.values()), strategy, moved={3})
        state.people = {person.id: person for person in people}
        state.hand_out([Lead(1000 + n) for n in range(40)], strategy, 1)
        assert state.get_counts() == expected


def test_another_strategy_at_noon_begins_anew():
    state = State([Person(i, weight=i) for i in (1, 2, 3)])
    state.hand_out([Lead(n) for n in range(60)], get_strategy("weighted"), 1)
    people = credit(list(state.people.values()), get_strategy("round_robin"), moved={1, 2, 3})
    state.people = {person.id: person for person in people}
    state.hand_out([Lead(100 + n) for n in range(30)], get_strategy("round_robin"), 1)
    assert state.get_counts() == {1: 20, 2: 30, 3: 40}


def test_a_strategy_of_another_addon_needs_to_know_nothing_of_it():
    class Fewest(Strategy):
        name = "fewest"

        def key(self, candidate):
            return candidate.person.current + candidate.received

    state = State([Person(1, current=3), Person(2)])
    for n in range(7):
        state.hand_out([Lead(n)], Fewest(), n)
    assert abs(state.received[2] - state.received[1] - 3) <= 1
    assert credit(list(state.people.values()), Fewest(), late={1}) == list(state.people.values())


# --- who begins slowly ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["round_robin", "random", "weighted", "performance"])
@given(st.integers(1, 8), st.sampled_from([0.1, 0.25, 0.5, 0.75]), st.integers(0, 80), st.integers(0, 2**32))
def test_a_share_is_kept_within_one_lead_in_every_prefix(name, others, share, lead_count, seed):
    people = [Person(i, rate=0.3) for i in range(others)]
    people.append(Person(99, rate=0.3, share=share, weight=share))  # weight is that of the share, see Person
    state, chance = State(people), Random(seed)
    for part in split([Lead(n) for n in range(lead_count)], chance):
        state.hand_out(part, get_strategy(name), chance.random())
        counts = state.get_counts()
        slow = counts.pop(99)
        assert all(abs(slow - share * count) <= 1 for count in counts.values())
        assert max(counts.values()) - min(counts.values()) <= 1


@given(
    st.integers(2, 6),
    st.sampled_from([0.25, 0.5, 0.75]),
    st.lists(st.integers(1, 12), min_size=1, max_size=30),
    st.integers(0, 99),
)
def test_over_many_short_plans_round_robin_keeps_a_share_as_well(others, share, runs, seed):
    served = Counter(dict.fromkeys([*range(others), 99], 0.0))
    received = Counter()
    for number, lead_count in enumerate(runs):
        people = [Person(i, served=turns, share=share if i == 99 else 1.0) for i, turns in served.items()]
        leads = [Lead(n) for n in range(lead_count)]
        plan = make_plan(leads, people, get_strategy("round_robin"), rng=Random(seed + number))
        received.update(plan.received)
        served.update({i: n / (share if i == 99 else 1) for i, n in plan.received.items()})
    mean = sum(received[i] for i in range(others)) / others
    assert abs(received[99] - share * mean) <= 2


def test_over_many_short_plans_by_chance_half_a_share_is_half():
    received = Counter()
    for seed in range(3000):
        people = [Person(i, share=0.5 if i == 99 else 1.0) for i in (1, 2, 3, 99)]
        received.update(make_plan([Lead(0), Lead(1)], people, get_strategy("random"), rng=Random(seed)).received)
    others = (received[1] + received[2] + received[3]) / 3
    assert 0.42 < received[99] / others < 0.58


def test_a_line_up_says_who_is_next_in_a_plan_that_goes_on():
    team = [Person(1, received=4), Person(2, received=3), Person(3, head_start=3.5), Person(4, received=9, limit=0)]
    places = explain_line_up(team, get_strategy("round_robin"), {})
    assert [place.person.id for place in places] == [2, 3, 1, 4]
    assert [place.received for place in places] == [3, 0, 4, 9]
    assert places[-1].refused_by == "full"


def test_a_part_without_room_leaves_its_leads_with_the_reason():
    plan = make_plan([Lead(1)], [Person(1, received=5, limit=0)], get_strategy("round_robin"), rng=Random(1))
    assert plan.decisions[0].left_over == LeftOver.EVERYBODY_FULL
