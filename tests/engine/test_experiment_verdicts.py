"""Verdicts on experiments whose truth is known: how often they say what is not so, and how often they see what is."""

from collections import Counter
from itertools import product
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated_experiments import Truth, live_through, look_daily
from thorough import often

from engine.experiment import (
    ERROR,
    HARM_ERROR,
    KINDS,
    VERDICT_ERROR,
    Dealer,
    Rates,
    harm,
    judge,
    leads_needed,
    newcombe,
    z_test,
)
from engine.experiment.looks import crosses


def repeat(truth, times, rate=None):
    """Return how often each verdict is given at the end, harm on some day, and one of them: a difference."""
    found = Counter()
    for number in range(times):
        kind, harmful = look_daily(truth, Random(f"{truth}|{number}"), rate)
        found[kind] += 1
        found["harm"] += harmful
        found["any"] += harmful or kind in ("a_better", "b_better")
    return {kind: count / times for kind, count in found.items()}


def test_the_errors_add_up():
    assert pytest.approx(ERROR) == HARM_ERROR + VERDICT_ERROR and ERROR == 0.05


# --- without a difference -------------------------------------------------------------------------------------


def test_of_thousands_of_experiments_without_a_difference_at_most_5_of_100_say_there_is_one():
    """Looked at on each of 40 days, outcomes up to 10 days late; about 4 of 100, or they would see nothing."""
    kinds, times = product([(0.02, 800), (0.1, 400), (0.4, 200)], (0.5, 0.2)), often(400, 2000)
    found = [repeat(Truth(rate, rate, leads, share_b), times) for (rate, leads), share_b in kinds]
    assert 0.025 <= fmean(each["any"] for each in found) <= ERROR
    assert fmean(each.get("harm", 0) for each in found) <= HARM_ERROR
    # of each kind alone, 400 are too few to know it to a hundredth
    assert max(each["any"] for each in found) <= ERROR + often(0.02, 0)
    assert max(each.get("harm", 0) for each in found) <= HARM_ERROR + often(0.01, 0)


def test_whoever_takes_the_first_good_day_for_the_end_is_wrong_much_oftener():
    """What the verdict keeps people from: the same test, asked each day."""
    truth, wrong = Truth(0.1, 0.1, 600), 0
    for number in range(200):
        kinds = {judge(day, 0, is_over=True).kind for day in live_through(truth, Random(f"often|{number}"))}
        wrong += bool({"a_better", "b_better"} & kinds)
    assert wrong / 200 > 0.12


def test_the_usual_test_asked_each_morning_finds_a_winner_in_every_third_experiment_without_one():
    """As docs/manager/experiments.md says."""
    truth, wrong = Truth(0.1, 0.1, 2000, days=50), 0
    for number in range(300):
        wrong += any(z_test(*day).p < ERROR for day in live_through(truth, Random(f"morning|{number}")))
    assert 0.27 <= wrong / 300 <= 0.41


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5])
def test_the_bound_of_harm_holds_whichever_rate_was_planned_with(rate):
    found = repeat(Truth(0.1, 0.1, 300, 0.5, days=60), 400, rate)
    assert found.get("harm", 0) <= HARM_ERROR


def test_the_bound_holds_for_a_walk_that_is_looked_at_at_every_step():
    """A sum of normal steps, the case of the theory: never above the bound but for the error, here 1 of 10."""
    crossed = 0
    for number in range(1000):
        rng, total = Random(f"walk|{number}"), 0.0
        for step in range(1, 401):
            total += rng.gauss(0, 1)
            if crosses(total / step**0.5, step / 400, 0.1):
                crossed += 1
                break
    assert 0.03 <= crossed / 1000 <= 0.1


# --- with one ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "difference", "share_b"), [(0.1, 0.05, 0.5), (0.3, 0.1, 0.2), (0.05, 0.04, 0.5)])
def test_four_of_five_experiments_that_are_lived_through_see_the_difference(rate, difference, share_b):
    leads = leads_needed(rate, difference, share_b)
    found = repeat(Truth(rate, rate + difference, leads, share_b), often(300, 600))
    assert found["b_better"] == pytest.approx(0.8, abs=often(0.05, 0.03))
    assert found.get("a_better", 0) <= 0.002 and found.get("harm", 0) <= 0.002


@pytest.mark.parametrize(("rate", "share_b"), [(0.1, 0.5), (0.2, 0.3), (0.4, 0.5)])
def test_a_way_that_halves_the_rate_is_stopped_before_the_planned_number(rate, share_b):
    """Of an experiment planned for a third more or less."""
    leads, stopped = leads_needed(rate, rate / 3, share_b), 0
    for number in range(100):
        truth = Truth(rate, rate / 2, leads, share_b)
        days = live_through(truth, Random(f"harm|{rate}|{number}"))
        stopped += any(judge(day, leads, rate=rate).kind == "harm" for day in days if day.a_leads + day.b_leads < leads)
    assert stopped >= 80


# --- whatever the figures ---------------------------------------------------------------------------------------

numbers = st.one_of(st.integers(0, 40), st.integers(0, 3000), st.integers(0, 10**12))
counts = st.tuples(numbers, numbers).map(sorted)
figures = st.tuples(counts, counts).map(lambda both: Rates(*both[0], *both[1]))
plans = st.integers(1, 10**6)


@given(figures, plans, st.booleans(), st.booleans(), st.floats(0, 1))
def test_a_verdict_never_says_more_than_it_may(figures, planned, is_over, is_early, rate):
    verdict = judge(figures, planned, is_over, is_early, rate)
    assert verdict.kind in KINDS
    assert (verdict.winner is None) == (verdict.kind in ("running", "no_difference", "too_few"))
    if not is_over:
        assert verdict.kind in ("running", "harm")
    if is_over and is_early and verdict.leads < planned:
        assert verdict.kind in ("too_few", "harm")
    if verdict.winner:  # an interval around 0 names no winner
        assert verdict.low > 0 if verdict.winner == "b" else verdict.high < 0
    if verdict.low is not None:
        assert verdict.low <= verdict.difference <= verdict.high
        assert (verdict.low, verdict.high) == newcombe(*figures)
        assert verdict.largest == max(-verdict.low, verdict.high)


@given(figures, plans)
def test_with_the_ways_exchanged_everything_is_mirrored_exactly(figures, planned):
    verdict = judge(figures, planned, is_over=True)
    other = judge(Rates(*figures[2:], *figures[:2]), planned, is_over=True)
    if "harm" in (verdict.kind, other.kind):
        assert {verdict.kind, other.kind} == {"harm", "too_few"}  # harm is that of the new way only
        return
    assert other.kind == {"a_better": "b_better", "b_better": "a_better"}.get(verdict.kind, verdict.kind)
    assert other.difference == -verdict.difference and other.p == verdict.p and other.largest == verdict.largest
    assert verdict.low is None or (other.low, other.high) == (-verdict.high, -verdict.low)


@given(figures, plans, st.floats(0, 1))
def test_only_the_way_that_is_worse_does_harm(figures, planned, rate):
    a, a_leads, b, b_leads = figures
    if harm(*figures, planned, rate=rate):
        assert b / b_leads < a / a_leads and not harm(b, b_leads, a, a_leads, planned, rate=rate)


def test_a_test_without_its_interval_names_no_winner():
    """With few leads the two may disagree: 2 of 10 against 0 of 20."""
    verdict = judge(Rates(2, 10, 0, 20), 30, is_over=True)
    assert verdict.p < VERDICT_ERROR and verdict.low < 0 < verdict.high and verdict.kind == "no_difference"


def test_a_few_leads_do_no_harm_whatever_became_of_them():
    assert not harm(29, 29, 0, 29, 1000)
    assert harm(30, 30, 0, 30, 1000)
    assert not harm(9, 30, 0, 3000, 4000)
    assert harm(10, 30, 0, 3000, 4000)


def test_each_kind_has_its_case():
    kinds = {
        "running": judge(Rates(100, 1000, 180, 1000), 3000),
        "harm": judge(Rates(100, 1000, 40, 1000), 3000),
        "b_better": judge(Rates(100, 1000, 150, 1000), 2000, is_over=True),
        "a_better": judge(Rates(150, 1000, 100, 1000), 2000, is_over=True),
        "no_difference": judge(Rates(100, 1000, 105, 1000), 2000, is_over=True),
        "too_few": judge(Rates(10, 100, 15, 100), 2000, is_over=True, is_early=True),
    }
    assert set(kinds) == set(KINDS) and all(verdict.kind == kind for kind, verdict in kinds.items())
    assert kinds["no_difference"].largest == pytest.approx(0.0317, abs=1e-4)


def test_some_leads_that_were_dealt_and_never_handed_out_do_not_take_the_verdict_away():
    assert judge(Rates(100, 900, 150, 950), 2000, is_over=True).kind == "b_better"
    assert judge(Rates(100, 850, 150, 900), 2000, is_over=True).kind == "too_few"
    assert judge(Rates(100, 900, 150, 950), 2000, is_over=True, is_early=True).kind == "too_few"


def test_between_the_test_and_the_interval_it_says_that_it_is_close():
    close = judge(Rates(100, 1000, 128, 1000), 2000, is_over=True)
    assert close.kind == "no_difference" and VERDICT_ERROR < close.p < ERROR and close.low > 0 and close.is_close
    assert not judge(Rates(100, 1000, 105, 1000), 2000, is_over=True).is_close


# --- the ways can be exchanged ------------------------------------------------------------------------------------


def test_the_same_leads_dealt_anew_give_any_difference_with_the_same_chance():
    """Permutation: outcomes stay with their leads, only chance deals anew. The dealing that was is one among them."""
    ranks = []
    for number in range(120):
        rng = Random(f"exchange|{number}")
        leads = [((rng.randrange(4),), rng.random() < 0.2) for _lead in range(200)]
        differences = [_deal_anew(leads, rng.getrandbits(40)) for _again in range(20)]
        observed, others = differences[0], differences[1:]
        below, equal = sum(d < observed for d in others), sum(d == observed for d in others)
        ranks.append((below + rng.random() * (equal + 1)) / 20)  # uniform between 0 and 1
    ranks.sort()
    farthest = max(abs(rank - (place + 0.5) / len(ranks)) for place, rank in enumerate(ranks))
    assert farthest < 1.36 / len(ranks) ** 0.5  # Kolmogorov-Smirnov, 5 %


def _deal_anew(leads, seed):
    dealer, conversions, counts = Dealer(seed), Counter(), Counter()
    for stratum, has_converted in leads:
        arm = dealer.deal(stratum)
        counts[arm] += 1
        conversions[arm] += has_converted
    return conversions["b"] / counts["b"] - conversions["a"] / counts["a"]
