"""Whether both ways got the same kinds of leads: seen where it is not so, and not where only chance plays."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaincc
from scipy.stats import binomtest, chi2_contingency

from engine.experiment import Moments, check_share, compare_categories, compare_numbers
from engine.experiment.balance import find_category_chance, upper_gamma

counts = st.dictionaries(st.sampled_from(["web", "fair", None, 7, ""]), st.integers(0, 10**6), max_size=5)
moments = st.builds(Moments, st.integers(0, 10**6), st.floats(-1e6, 1e6), st.floats(0, 1e6))


@given(st.integers(1, 200).map(lambda n: n / 2), st.floats(0, 400))
def test_the_gamma_function_agrees_with_scipy(a, x):
    assert upper_gamma(a, x) == pytest.approx(gammaincc(a, x), rel=1e-8, abs=1e-12)


@given(st.lists(st.tuples(st.integers(50, 900), st.integers(50, 900)), min_size=2, max_size=8))
def test_chi_square_agrees_with_scipy(pairs):
    assert find_category_chance(pairs) == pytest.approx(chi2_contingency(pairs, correction=False).pvalue, abs=1e-9)


@pytest.mark.parametrize(
    ("a", "b", "share"), [(40, 60, 0.5), (500, 440, 0.5), (0, 12, 0.5), (1000, 260, 0.2), (9, 9, 0.5)]
)
def test_the_share_agrees_with_the_exact_test(a, b, share):
    tails = [binomtest(b, a + b, share, alternative=side).pvalue for side in ("less", "greater")]
    assert check_share(a, b, share).p == pytest.approx(min(2 * min(tails), 1), abs=1e-9)


def test_with_many_leads_the_share_is_tested_by_the_normal_distribution():
    exact = binomtest(10_200, 20_100, 0.5).pvalue
    assert check_share(9_900, 10_200, 0.5).p == pytest.approx(exact, rel=0.02)


def test_the_standardised_difference_is_as_austin_has_it():
    """Balance diagnostics, 2009: |p1 − p2| / √((p1(1 − p1) + p2(1 − p2)) / 2), and the means by the mean variance."""
    found = compare_categories({"web": 300, "fair": 700}, {"web": 400, "fair": 600})
    assert found.rows[1][:3] == ("web", 0.3, 0.4)
    assert found.rows[1][3] == pytest.approx(0.1 / math.sqrt((0.21 + 0.24) / 2)) == pytest.approx(found.difference)
    assert compare_numbers(Moments(50, 10, 3), Moments(50, 12, 4)).difference == pytest.approx(2 / math.sqrt(12.5))


def test_ways_of_chance_are_alike_and_ways_of_choice_are_not():
    rng, alarms = Random(5), 0
    for _experiment in range(400):
        ways = [{n: 0 for n in range(6)} for _way in "ab"]
        for _lead in range(300):
            ways[rng.randrange(2)][int(rng.random() ** 2 * 6)] += 1
        alarms += compare_categories(*ways).is_off
    assert alarms / 400 <= 0.02  # of 100, 1 by chance
    assert compare_categories({"web": 300, "fair": 200}, {"web": 200, "fair": 300}).is_off
    assert compare_numbers(Moments(500, 10, 4), Moments(500, 11, 4)).is_off
    assert check_share(600, 400, 0.5).is_off and not check_share(520, 480, 0.5).is_off


def test_few_leads_differ_by_chance_and_many_by_little_without_an_alarm():
    assert not compare_categories({"web": 3}, {"web": 1, "fair": 2}).is_off
    large = compare_categories({"web": 500_000, "fair": 500_000}, {"web": 505_000, "fair": 495_000})
    assert large.p < 0.001 and large.difference < 0.1 and not large.is_off


def test_rare_categories_are_taken_together():
    a = {"web": 200, **{number: 1 for number in range(40)}}
    assert find_category_chance([(200, 200), *[(1, 0)] * 40]) == find_category_chance([(200, 200), (40, 0)])
    assert compare_categories(a, {"web": 200}).p < 0.001
    assert find_category_chance([(200, 190), (1, 0), (0, 1)]) == 1  # nothing is left to compare


@given(counts, counts)
def test_whatever_the_categories_the_shares_add_up_and_exchanged_ways_are_mirrored(a, b):
    found, other = compare_categories(a, b), compare_categories(b, a)
    assert other.difference == found.difference and other.is_off == found.is_off
    assert other.p == pytest.approx(found.p, abs=1e-9) and 0 <= found.p <= 1
    assert {row[0]: -row[3] for row in other.rows} == {row[0]: row[3] for row in found.rows}
    for place, way in ((1, a), (2, b)):
        assert sum(row[place] for row in found.rows) == pytest.approx(1 if sum(way.values()) else 0)


@given(moments, moments)
def test_whatever_the_numbers_exchanged_ways_are_mirrored(a, b):
    found, other = compare_numbers(a, b), compare_numbers(b, a)
    assert (other.difference, other.p, other.is_off) == (-found.difference, found.p, found.is_off)
    assert not math.isnan(found.difference) and 0 <= found.p <= 1


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.floats(0.01, 0.99))
def test_whatever_the_share_its_chance_is_one(a, b, share_b):
    found = check_share(a, b, share_b)
    assert 0 <= found.p <= 1
    assert check_share(b, a, 1 - share_b).p == pytest.approx(found.p, rel=1e-6, abs=1e-9)
