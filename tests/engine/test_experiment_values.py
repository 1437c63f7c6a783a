"""Intervals of skewed amounts: they cover as they say, and stay sensible where there are hardly any."""

import math
import statistics
import time
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from thorough import often

from engine.experiment import Revenues, Values, bootstrap_difference, bootstrap_mean, harm_mean, judge
from engine.experiment.bootstrap import FEWEST_DEALS, MANY_DEALS, Difference, draw_binomial
from engine.experiment.crowd import Crowd

amounts = st.lists(st.one_of(st.floats(0.01, 1e7), st.sampled_from([0.0, 100.0, 250.0])), max_size=40)
ways = st.tuples(amounts, st.integers(0, 2000)).map(lambda way: (way[0], len(way[0]) + way[1]))


def lognormal(rng, deals, scale=1.0):
    """Return amounts as of deals: many small, few large; their mean is e^0.5."""
    return [scale * rng.lognormvariate(0, 1) for _deal in range(deals)]


def draw_way(rng, leads, rate, scale=1.0):
    """Return amounts of a way: each lead brings something with the same chance."""
    return lognormal(rng, sum(rng.random() < rate for _lead in range(leads)), scale)


# --- how sure -----------------------------------------------------------------------------------------------------


def test_the_interval_of_the_difference_covers_the_truth():
    """Some 50 deals in a way or more, skewed; unequal ways, and one that sells for half as much again."""
    cases = [(250, 250, 0.2, 1), (250, 250, 0.2, 1.5), (1000, 250, 0.2, 1.5), (140, 140, 0.4, 1)]
    times = often(120, 250)
    covered = [_count_covered(*case, times) / times for case in cases]
    assert 0.94 <= statistics.fmean(covered) <= 0.98
    assert min(covered) >= often(0.91, 0.92)  # of each alone, so few are too few to know it to a hundredth


def _count_covered(a_leads, b_leads, rate, scale, times):
    truth, covered = rate * math.exp(0.5) * (scale - 1), 0
    for number in range(times):
        rng = Random(f"{a_leads}|{b_leads}|{scale}|{number}")
        a, b = draw_way(rng, a_leads, rate), draw_way(rng, b_leads, rate, scale)
        covered += bootstrap_difference(a, a_leads, b, b_leads, rng, turns=300).covers(truth)
    return covered


def test_the_interval_of_a_mean_covers_the_truth():
    covered, times = 0, often(200, 400)
    for number in range(times):
        rng = Random(f"mean|{number}")
        covered += bootstrap_mean(draw_way(rng, 400, 0.25), 400, rng, turns=400).covers(0.25 * math.exp(0.5))
    assert covered / times >= 0.94


def test_of_experiments_without_a_difference_of_revenue_at_most_5_of_100_say_there_is_one():
    """Looked at ten times, and at the end."""
    wrong, times = 0, often(100, 200)
    for number in range(times):
        rng = Random(f"revenue|{number}")
        a, b = Values([], 0), Values([], 0)
        harmful = False
        for _look in range(10):
            a = Values(a.amounts + draw_way(rng, 20, 0.2), a.leads + 20)
            b = Values(b.amounts + draw_way(rng, 20, 0.2), b.leads + 20)
            harmful = harmful or harm_mean(a, b, 400, rate=0.2)
        kind = judge(Revenues(a.amounts, 200, b.amounts, 200, rng), 400, is_over=True, rate=0.2).kind
        wrong += harmful or kind in ("a_better", "b_better")
    assert 0.01 <= wrong / times <= 0.05


def test_a_way_that_brings_much_less_is_stopped_and_one_that_brings_much_more_wins():
    rng = Random(4)
    much, little = draw_way(rng, 1000, 0.1, 3), draw_way(rng, 1000, 0.1)
    assert judge(Revenues(much, 1000, little, 1000, rng), 6000).kind == "harm"
    assert judge(Revenues(little, 1000, much, 1000, rng), 6000).kind == "running"
    verdict = judge(Revenues(little, 1000, much, 1000, rng), 2000, is_over=True)
    assert verdict.kind == "b_better" and 0 < verdict.low < verdict.difference < verdict.high


def test_too_few_deals_are_too_few_for_a_verdict():
    verdict = judge(Revenues([5, 6], 1000, [7], 1000, Random(1)), 2000, is_over=True)
    assert verdict.kind == "too_few" and verdict.low is None and verdict.winner is None


# --- as others have it ----------------------------------------------------------------------------------------------


@given(ways)
def test_mean_and_deviation_are_those_of_all_leads(way):
    values, leads = way
    everything = [*values, *[0.0] * (leads - len(values))]
    found = Values(values, leads)
    assert found.deals == sum(amount > 0 for amount in values)
    if leads:
        assert found.mean == pytest.approx(statistics.fmean(everything))
    if leads > 1:
        assert found.deviation == pytest.approx(statistics.stdev(everything), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("leads", "hits"), [(1, 1), (5, 0), (10, 3), (1000, 20), (1000, 985), (50_000, 2500)])
def test_the_number_of_deals_is_drawn_as_it_should_be(leads, hits):
    drawn = draw_binomial(leads, hits, 20_000, Random(3))
    counts, chance = Counter(drawn), binom(leads, hits / leads)
    for number in {hits, hits - 1, hits + 2, *counts}:
        expected = chance.pmf(number)
        assert abs(counts[number] / 20_000 - expected) < 5 * math.sqrt(expected / 20_000) + 2e-4


def test_sums_of_a_crowd_are_as_sums_of_leads_drawn_one_by_one():
    rng, leads, turns = Random(11), 600, 3000
    amounts = [rng.uniform(1, 9) for _deal in range(200)]
    everybody, crowd = [*amounts, *[0.0] * (leads - len(amounts))], Crowd(amounts, leads)
    samples = [rng.choices(everybody, k=leads) for _turn in range(turns)]
    one_by_one = [(sum(sample), sum(amount * amount for amount in sample)) for sample in samples]
    at_once = [crowd.draw(leads, rng) for _turn in range(turns)]
    for drawn, expected in zip(zip(*at_once, strict=True), zip(*one_by_one, strict=True), strict=True):
        error = statistics.pstdev(expected)
        assert abs(statistics.fmean(drawn) - statistics.fmean(expected)) < 5 * error * math.sqrt(2 / turns)
        assert statistics.pstdev(drawn) == pytest.approx(error, rel=0.08)
    together = [statistics.correlation(*zip(*sums, strict=True)) for sums in (at_once, one_by_one)]
    assert together[0] == pytest.approx(together[1], abs=0.02)


def test_with_many_like_deals_it_is_the_normal_interval():
    """For what is not skewed, all intervals are one: rates are means of 0 and 1."""
    low, high = bootstrap_difference([1] * 400, 2000, [1] * 500, 2000, Random(2))
    half = 1.959964 * math.sqrt(0.2 * 0.8 / 2000 + 0.25 * 0.75 / 2000)
    assert (low, high) == pytest.approx((0.05 - half, 0.05 + half), rel=0.05)
    many = [1] * MANY_DEALS
    low, high = bootstrap_difference(many, 40_000, many, 20_000, Random(2))
    half = 1.959964 * math.sqrt(0.125 * 0.875 / 40_000 + 0.25 * 0.75 / 20_000)
    assert (low, high) == pytest.approx((0.125 - half, 0.125 + half), rel=1e-3)


def test_samples_are_as_far_from_the_mean_as_their_error_says():
    """Drawn are both the number of deals and their amounts: of like amounts, the number alone makes the error."""
    for way in (Values([1] * 400, 2000), Values([1] * 1200, 2000)):
        turns = Difference(way, Values([1] * 600, 2000), Random(7))._turns.turns
        assert statistics.pstdev(turns) == pytest.approx(1, abs=0.06)
        assert statistics.fmean(turns) == pytest.approx(0, abs=0.08)


# --- whatever the amounts ---------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(ways, ways, st.integers(0, 99))
def test_with_the_ways_exchanged_it_is_mirrored_exactly_and_the_order_of_rows_does_not_matter(a, b, seed):
    found = bootstrap_difference(*a, *b, Random(seed), turns=100)
    other = bootstrap_difference(b[0][::-1], b[1], a[0][::-1], a[1], Random(seed), turns=100)
    deals = sum(amount > 0 for amount in a[0] + b[0])
    assert (found is None) == (deals < FEWEST_DEALS or min(a[1], b[1]) < 2)
    if found:
        assert other == (-found.high, -found.low)
        mean, error = (
            Values(*b).mean - Values(*a).mean,
            math.hypot(*(Values(*w).deviation / w[1] ** 0.5 for w in (a, b))),
        )
        assert found.low <= mean - 1.9599 * error and mean + 1.9599 * error <= found.high  # never below the normal one
        assert bootstrap_difference(*a, *b, Random(seed), turns=100) == found


@settings(max_examples=60)
@given(ways, ways, st.floats(0, 1), st.booleans())
def test_a_verdict_on_revenue_never_says_more_than_it_may(a, b, rate, is_over):
    verdict = judge(Revenues(*a, *b, Random(1)), 1000, is_over, rate=rate)
    if not is_over:
        assert verdict.kind in ("running", "harm")
    if verdict.winner:
        assert verdict.low > 0 if verdict.winner == "b" else verdict.high < 0
    if harm_mean(Values(*a), Values(*b), 1000, rate=rate):
        assert not harm_mean(Values(*b), Values(*a), 1000, rate=rate)


def test_surer_is_wider():
    difference = Difference(Values(lognormal(Random(1), 60), 900), Values(lognormal(Random(2), 70), 900), Random(3))
    levels = [difference.find_interval(level) for level in (0.5, 0.8, 0.95, 0.96, 0.99)]
    assert all(wide.low <= narrow.low and narrow.high <= wide.high for narrow, wide in pairwise(levels))


def test_a_way_without_a_deal_still_has_an_interval_where_the_other_has_many():
    low, high = bootstrap_difference([100] * 40, 400, [], 400, Random(1))
    assert low < -10 < high < 0
    assert bootstrap_difference([100] * 9, 400, [], 400, Random(1)) is None
    assert bootstrap_difference([100] * 20, 400, [50], 1, Random(1)) is None
    assert bootstrap_mean([100] * 9, 400, Random(1)) is None


def test_more_amounts_than_leads_are_refused():
    with pytest.raises(ValueError, match="3 amounts of 2 leads"):
        Values([1, 2, 3], 2)


def test_ten_thousand_leads_take_less_than_a_second_and_a_million_not_much_longer():
    rng = Random(9)
    for leads, deals in ((5_000, 250), (50_000, 2_400), (500_000, 25_000)):
        a, b = lognormal(rng, deals), lognormal(rng, deals)
        start = time.process_time()
        assert bootstrap_difference(a, leads, b, leads, rng)
        assert time.process_time() - start < 1
