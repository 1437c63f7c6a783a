"""Intervals and tests of rates: as published, as another library has them, and as sure as they say.

The figures of statsmodels were computed once, with 0.15.0 (``proportion_confint(method="wilson")``,
``confint_proportions_2indep(method="newcomb", compare="diff")``, ``proportions_ztest``): with pandas, which it needs,
installing it takes longer than all of these tests.
"""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment import VERDICT_ERROR, newcombe, wilson, z_test

SIX = 5e-7  # agrees to six digits

WILSON = [  # conversions, leads, level, low, high
    (0, 1, 0.95, 0.00000000, 0.79345069),
    (0, 20, 0.95, 0.00000000, 0.16112516),
    (0, 20, 0.99, 0.00000000, 0.24910540),
    (1, 29, 0.95, 0.00611321, 0.17175522),
    (1, 29, 0.96, 0.00572056, 0.18146428),
    (1, 1, 0.95, 0.20654931, 1.00000000),
    (5, 10, 0.99, 0.18422552, 0.81577448),
    (15, 148, 0.95, 0.06238640, 0.16048724),
    (15, 148, 0.96, 0.06096052, 0.16383491),
    (81, 263, 0.95, 0.25528852, 0.36620958),
    (81, 263, 0.99, 0.24013690, 0.38528250),
    (3, 3000, 0.95, 0.00034015, 0.00293614),
    (999, 1000, 0.95, 0.99435744, 0.99982345),
    (123456, 1000000, 0.99, 0.12261115, 0.12430584),
    (25, 25, 0.95, 0.86680775, 1.00000000),
]
NEWCOMBE = [  # of A: conversions, leads, of B: the same, low, high at 95 %, at 96 %
    (48, 80, 56, 70, 0.05243147, 0.33387265, 0.04524788, 0.33978780),
    (3, 10, 9, 10, 0.17052272, 0.80901797, 0.14992080, 0.81408168),
    (2, 7, 6, 7, 0.05822793, 0.80624964, 0.03636655, 0.81091363),
    (0, 29, 5, 56, -0.03813715, 0.19256001, -0.04792493, 0.19881947),
    (0, 20, 0, 10, -0.16112516, 0.27753280, -0.17416404, 0.29666049),
    (0, 10, 10, 10, 0.60750935, 1.00000000, 0.58045871, 1.00000000),
    (10, 100, 15, 100, -0.04366126, 0.14416032, -0.04837144, 0.14888979),
    (200, 2000, 260, 2000, 0.01023132, 0.04980577, 0.00928258, 0.05075808),
    (30, 300, 200, 1200, 0.02268227, 0.10319505, 0.02036799, 0.10479142),
    (1000, 50000, 1100, 50000, 0.00022232, 0.00377989, 0.00013716, 0.00386526),
]
TESTS = [  # of A, of B, z, p
    (48, 80, 56, 70, 2.65017195, 0.00804508),
    (3, 10, 9, 10, 2.73861279, 0.00616990),
    (2, 7, 6, 7, 2.16024690, 0.03075356),
    (0, 29, 5, 56, 1.65864887, 0.09718657),
    (0, 10, 10, 10, 4.47213595, 0.00000774),
    (10, 100, 15, 100, 1.06904497, 0.28504941),
    (200, 2000, 260, 2000, 2.97372428, 0.00294209),
    (30, 300, 200, 1200, 2.86642011, 0.00415143),
    (1000, 50000, 1100, 50000, 2.20545909, 0.02742190),
]


@pytest.mark.parametrize(("conversions", "leads", "level", "low", "high"), WILSON)
def test_wilson_agrees_with_statsmodels(conversions, leads, level, low, high):
    assert wilson(conversions, leads, level) == pytest.approx((low, high), abs=SIX)


@pytest.mark.parametrize(("a", "a_leads", "b", "b_leads", "low", "high", "low_96", "high_96"), NEWCOMBE)
def test_newcombe_agrees_with_statsmodels(a, a_leads, b, b_leads, low, high, low_96, high_96):
    assert newcombe(a, a_leads, b, b_leads) == pytest.approx((low, high), abs=SIX)
    assert newcombe(a, a_leads, b, b_leads, 0.96) == pytest.approx((low_96, high_96), abs=SIX)


@pytest.mark.parametrize(("a", "a_leads", "b", "b_leads", "z", "p"), TESTS)
def test_the_test_agrees_with_statsmodels(a, a_leads, b, b_leads, z, p):
    assert z_test(a, a_leads, b, b_leads) == pytest.approx((z, p), abs=SIX)


@pytest.mark.parametrize(
    ("b", "b_leads", "a", "a_leads", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0000),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_newcombe_is_as_newcombe_published_it(b, b_leads, a, a_leads, low, high):
    """Table II of "Interval estimation for the difference between independent proportions", 1998, method 10."""
    assert newcombe(a, a_leads, b, b_leads) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("conversions", "leads", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_is_as_newcombe_published_it(conversions, leads, low, high):
    """Table I of "Two-sided confidence intervals for the single proportion", 1998, method 3."""
    assert wilson(conversions, leads) == pytest.approx((low, high), abs=5e-5)


# --- how sure they are: not drawn, but reckoned over all that can happen --------------------------------------


def chances(leads, rate):
    """Return (number, its chance) of all conversions that happen."""
    reach = 7 * math.sqrt(leads * rate * (1 - rate)) + 5
    numbers = range(max(0, int(leads * rate - reach)), min(leads, int(leads * rate + reach)) + 1)
    whole = math.lgamma(leads + 1)
    return [
        (
            n,
            math.exp(
                whole - math.lgamma(n + 1) - math.lgamma(leads - n + 1)
                + n * math.log(rate) + (leads - n) * math.log1p(-rate)
            ),
        )
        for n in numbers
    ]  # fmt: skip


@pytest.mark.parametrize("leads", [30, 100, 1000])
def test_wilson_covers_the_truth_as_often_as_it_says(leads):
    """Over all rates: of single ones, every interval of whole numbers covers some more often and some less."""
    intervals = [wilson(n, leads) for n in range(leads + 1)]
    rates = [k / 400 for k in range(1, 400)]
    covered = [sum(chance for n, chance in chances(leads, rate) if intervals[n].covers(rate)) for rate in rates]
    assert 0.94 <= sum(covered) / len(covered) <= 0.96


@pytest.mark.parametrize(
    ("a_rate", "a_leads", "b_rate", "b_leads"),
    [
        (0.1, 300, 0.1, 300),
        (0.1, 400, 0.15, 100),
        (0.02, 800, 0.03, 200),
        (0.4, 150, 0.5, 150),
        (0.02, 1000, 0.02, 1000),
    ],
)
def test_newcombe_covers_the_truth_as_often_as_it_says(a_rate, a_leads, b_rate, b_leads):
    covered = sum(
        a_chance * b_chance
        for a, a_chance in chances(a_leads, a_rate)
        for b, b_chance in chances(b_leads, b_rate)
        if newcombe(a, a_leads, b, b_leads).covers(b_rate - a_rate)
    )
    assert 0.94 <= covered <= 0.97


@pytest.mark.parametrize(
    ("rate", "a_leads", "b_leads"),
    [(0.02, 1000, 1000), (0.02, 1600, 400), (0.1, 320, 80), (0.4, 200, 200), (0.9, 300, 150)],
)
def test_the_test_is_wrong_as_rarely_as_it_says(rate, a_leads, b_leads):
    wrong = sum(
        a_chance * b_chance
        for a, a_chance in chances(a_leads, rate)
        for b, b_chance in chances(b_leads, rate)
        if z_test(a, a_leads, b, b_leads).p < VERDICT_ERROR
    )
    assert 0.033 <= wrong <= 0.045


# --- whatever the numbers -----------------------------------------------------------------------------------

numbers = st.one_of(st.integers(0, 30), st.integers(0, 10**15))
counts = st.tuples(numbers, numbers).map(sorted)  # conversions, leads


@given(counts, st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_wilson_lies_between_0_and_1_around_the_rate_and_is_wider_when_surer(count, level):
    conversions, leads = count
    low, high = wilson(conversions, leads, level)
    assert 0 <= low <= high <= 1
    if leads:
        assert low <= conversions / leads <= high
    wider = wilson(conversions, leads, 0.9999)
    assert wider.low <= low and high <= wider.high


@given(counts)
def test_wilson_rises_with_conversions_and_is_mirrored_by_those_that_did_not(count):
    conversions, leads = count
    low, high = wilson(conversions, leads)
    mirror = wilson(leads - conversions, leads)
    assert (1 - mirror.high, 1 - mirror.low) == pytest.approx((low, high), abs=1e-9)
    if conversions < leads:
        above = wilson(conversions + 1, leads)
        assert above.low >= low and above.high >= high


@given(counts, counts)
def test_newcombe_holds_the_difference_and_is_mirrored_exactly_when_the_ways_are_exchanged(a, b):
    low, high = newcombe(*a, *b)
    assert -1 <= low <= high <= 1
    if a[1] and b[1]:
        assert low <= b[0] / b[1] - a[0] / a[1] <= high
    assert newcombe(*b, *a) == (-high, -low)


@given(counts, counts)
def test_the_test_is_mirrored_exactly_when_the_ways_are_exchanged(a, b):
    z, p = z_test(*a, *b)
    assert z_test(*b, *a) == (-z, p) and 0 <= p <= 1 and not math.isnan(z)


@pytest.mark.parametrize("count", [(-1, 5), (6, 5)])
def test_what_cannot_be_counted_is_refused(count):
    for function in (lambda: wilson(*count), lambda: newcombe(1, 2, *count), lambda: z_test(*count, 1, 2)):
        with pytest.raises(ValueError, match="cannot have converted"):
            function()
