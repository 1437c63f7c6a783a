"""What is promised before an experiment: so many leads see such a difference in four of five cases."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.experiment import (
    POWER,
    VERDICT_ERROR,
    Rates,
    judge,
    leads_needed,
    leads_needed_mean,
    power_of,
    smallest_difference,
    smallest_difference_mean,
    weeks,
)

# statsmodels 0.15.0, samplesize_proportions_2indep_onetail, alternative="two-sided", both ways together
SIZES = [  # rate, difference (of the direction that takes more), share of B, error, power, leads
    (0.1, 0.02, 0.5, 0.04, 0.8, 8204.684492),
    (0.02, 0.01, 0.2, 0.04, 0.8, 12102.995695),
    (0.4, 0.05, 0.3, 0.05, 0.9, 4878.486550),
    (0.3, 0.1, 0.5, 0.04, 0.8, 760.426733),
    (0.05, 0.05, 0.8, 0.04, 0.8, 1548.066062),
]
MEANS = [  # the same by NormalIndPower: deviation, difference, share of B, error, power, leads
    (100, 10, 0.5, 0.04, 0.8, 3353.264225),
    (350, 25, 0.2, 0.05, 0.9, 12871.588777),
    (1, 0.1, 0.3, 0.04, 0.8, 3991.981220),
]


@pytest.mark.parametrize(("rate", "difference", "share_b", "error", "power", "leads"), SIZES)
def test_the_number_of_leads_agrees_with_statsmodels(rate, difference, share_b, error, power, leads):
    assert leads_needed(rate, difference, share_b, error, power) == math.ceil(leads)
    assert power_of(leads, rate, difference, share_b, error) == pytest.approx(power, abs=5e-7)
    assert smallest_difference(leads, rate, share_b, error, power) == pytest.approx(difference, abs=1e-4)


@pytest.mark.parametrize(("deviation", "difference", "share_b", "error", "power", "leads"), MEANS)
def test_the_number_of_leads_for_amounts_agrees_with_statsmodels(deviation, difference, share_b, error, power, leads):
    # statsmodels also counts those that are wrong about the direction: less than one lead
    assert leads_needed_mean(deviation, difference, share_b, error, power) == pytest.approx(leads, abs=1)
    assert smallest_difference_mean(leads, deviation, share_b, error, power) == pytest.approx(difference, rel=1e-4)


def test_sizes_and_powers_are_those_of_the_examples_of_r():
    """power.prop.test(p1 = .50, p2 = .75, power = .90) is n = 76.7 each; with n = 50 each, the power is 0.740."""
    assert leads_needed(0.5, 0.25, error=0.05, power=0.9) == math.ceil(2 * 76.65)
    assert power_of(100, 0.5, 0.25, error=0.05) == pytest.approx(0.740, abs=5e-4)


# --- the promise, kept by the verdict itself: reckoned over all that can happen ---------------------------------


def chances(leads, rate):
    """Return (number, its chance) of the conversions that happen."""
    if rate in (0, 1):
        return [(round(leads * rate), 1.0)]
    reach = 5 * math.sqrt(leads * rate * (1 - rate)) + 3
    whole = math.lgamma(leads + 1)
    numbers = range(max(0, int(leads * rate - reach)), min(leads, int(leads * rate + reach)) + 1)
    ways = (whole - math.lgamma(n + 1) - math.lgamma(leads - n + 1) for n in numbers)  # logarithms
    return [
        (n, math.exp(way + n * math.log(rate) + (leads - n) * math.log1p(-rate)))
        for n, way in zip(numbers, ways, strict=True)
    ]


def find_power(leads, a_rate, b_rate, share_b):
    """Return the chance that the verdict says which way is better, and that it is right."""
    b_leads = round(leads * share_b)
    right = "b_better" if b_rate > a_rate else "a_better"
    return sum(
        a_chance * b_chance
        for a, a_chance in chances(leads - b_leads, a_rate)
        for b, b_chance in chances(b_leads, b_rate)
        if judge(Rates(a, leads - b_leads, b, b_leads), leads, is_over=True).kind == right
    )


@pytest.mark.parametrize(
    ("rate", "difference", "share_b"),
    [
        (0.1, 0.05, 0.5),
        (0.1, 0.05, 0.2),
        (0.02, 0.02, 0.5),
        (0.02, 0.02, 0.8),
        (0.05, 0.04, 0.2),
        (0.4, 0.1, 0.5),
        (0.3, 0.15, 0.1),
        (0.7, 0.1, 0.5),
        (0.9, 0.05, 0.5),
    ],
)
def test_four_of_five_experiments_see_the_difference_they_were_planned_for(rate, difference, share_b):
    leads = leads_needed(rate, difference, share_b)
    powers = [
        find_power(leads, rate, other, share_b) for other in (rate + difference, rate - difference) if 0 <= other <= 1
    ]
    assert min(powers) == pytest.approx(POWER, abs=0.02)  # in the direction that is harder; in the other more
    assert power_of(leads, rate, difference, share_b) == pytest.approx(min(powers), abs=0.02)


# --- whatever the numbers -------------------------------------------------------------------------------------

rates = st.floats(0, 1)
differences = st.floats(0.001, 1)
shares = st.floats(0.05, 0.95)


@given(rates, differences, shares)
@example(0.0, 1.0, 0.5)  # from never to always: nothing varies
@example(1.0, 1.0, 0.3)
def test_up_and_down_are_one_question_and_what_cannot_be_has_no_answer(rate, difference, share_b):
    leads = leads_needed(rate, difference, share_b)
    assert leads_needed(rate, -difference, share_b) == leads
    possible = rate + difference <= 1 or rate - difference >= 0
    assert (leads is not None) == possible or abs(difference - max(rate, 1 - rate)) < 1e-9
    if leads is not None:
        assert power_of(leads, rate, difference, share_b) >= POWER - 1e-9
        assert leads < 2 or power_of(leads - 1, rate, difference, share_b) <= POWER + 1e-9


@given(rates, st.integers(1, 10**7), shares)
def test_what_so_many_leads_show_takes_so_many_leads(rate, leads, share_b):
    difference = smallest_difference(leads, rate, share_b)
    if difference is None:
        assert leads_needed(rate, max(rate, 1 - rate), share_b) > leads
    else:
        assert leads_needed(rate, difference, share_b) <= leads
        smaller = difference * 0.999
        assert leads_needed(rate, smaller, share_b) >= leads


@given(rates, shares)
def test_no_difference_needs_no_leads_and_no_lead_shows_one(rate, share_b):
    assert (
        leads_needed(rate, 0, share_b) is power_of(100, rate, 0, share_b) is leads_needed_mean(10, 0, share_b) is None
    )
    assert smallest_difference(0, rate, share_b) is smallest_difference_mean(0, 10, share_b) is None


def test_half_and_half_takes_the_fewest_leads():
    needed = [leads_needed(0.1, 0.03, share) for share in (0.05, 0.2, 0.5, 0.8, 0.95)]
    assert min(needed) == needed[2] and needed[0] > needed[1] and needed[4] > needed[3]


def test_the_default_is_the_error_that_the_verdict_uses():
    assert leads_needed(0.1, 0.03) == leads_needed(0.1, 0.03, error=VERDICT_ERROR) > leads_needed(0.1, 0.03, error=0.05)


def test_weeks_are_whole_ones():
    assert [weeks(1000, 100), weeks(1001, 100), weeks(0, 100), weeks(10, 0.5), weeks(10, 0)] == [10, 11, 0, 20, None]
