"""Rates and their difference: how sure they are, and whether chance alone would give such a difference."""

import math
from typing import NamedTuple

from .interval import Interval, find_chance, find_quantile
from .levels import LEVEL

ANYTHING = Interval(0.0, 1.0)


class Tested(NamedTuple):
    """A statistic, and how probable one as far from 0 would be by chance."""

    z: float
    p: float


def wilson(conversions, leads, level=LEVEL):
    """Return the interval of a rate; of no leads, all that is possible.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927; as method 3 in
    R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998.

    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    check_counts(conversions, leads)
    if not leads:
        return ANYTHING
    z2 = find_quantile(level) ** 2
    rate = conversions / leads
    middle = rate + z2 / (2 * leads)
    half = math.sqrt(z2 * (rate * (1 - rate) + z2 / (4 * leads)) / leads)
    whole = 1 + z2 / leads
    low = (middle - half) / whole if conversions else 0.0
    high = (middle + half) / whole if conversions < leads else 1.0
    return Interval(min(max(low, 0.0), rate), max(min(high, 1.0), rate))


def newcombe(a_conversions, a_leads, b_conversions, b_leads, level=LEVEL):
    """Return the interval of the difference of two rates, B − A; where a way has no leads, all that is possible.

    Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions", 1998, method 10
    (hybrid score).

    >>> [round(end, 4) for end in newcombe(48, 80, 56, 70)]
    [0.0524, 0.3339]
    """
    a, b = wilson(a_conversions, a_leads, level), wilson(b_conversions, b_leads, level)
    if not (a_leads and b_leads):
        return Interval(-1.0, 1.0)
    a_rate, b_rate = a_conversions / a_leads, b_conversions / b_leads
    difference = b_rate - a_rate
    return Interval(
        max(difference - math.sqrt((b_rate - b.low) ** 2 + (a.high - a_rate) ** 2), -1.0),
        min(difference + math.sqrt((b.high - b_rate) ** 2 + (a_rate - a.low) ** 2), 1.0),
    )


def z_test(a_conversions, a_leads, b_conversions, b_leads):
    """Return the test of two rates being one, from the pooled rate; z is positive where B's is higher.

    Where nothing can differ (no leads in a way, all converted, none) it is (0, 1).
    Source: J. L. Fleiss, "Statistical methods for rates and proportions", 1981, section 2.1, without correction.

    >>> z, p = z_test(48, 80, 56, 70)
    >>> round(z, 4), round(p, 4)
    (2.6502, 0.008)
    """
    check_counts(a_conversions, a_leads)
    check_counts(b_conversions, b_leads)
    conversions, leads = a_conversions + b_conversions, a_leads + b_leads
    if not (a_leads and b_leads) or conversions in (0, leads):
        return Tested(0.0, 1.0)
    pooled = conversions / leads
    error = math.sqrt(pooled * ((leads - conversions) / leads) * (1 / a_leads + 1 / b_leads))
    z = (b_conversions / b_leads - a_conversions / a_leads) / error
    return Tested(z, find_chance(z))


def check_counts(conversions, leads):
    """Refuse more conversions than leads, and fewer than none."""
    if not 0 <= conversions <= leads:
        raise ValueError(f"{conversions} of {leads} leads cannot have converted")
