"""Whether chance dealt the same kinds of leads to both ways."""

import math
from typing import NamedTuple

from .interval import find_chance

LARGE = 0.1  # standardised difference from which a characteristic is said to be out of balance (Austin 2009)
BALANCE_ERROR = 0.01  # and it is more than chance gives: several characteristics are looked at
SHARE_ERROR = 0.001  # the same for the share of way B, which is dealt nearly exactly
FEWEST_EXPECTED = 5  # of a category in a way, for chi-square; rarer ones are taken together (W. G. Cochran, 1954)
EXACT_LEADS = 20_000  # up to so many, the share is tested exactly


class CategoryBalance(NamedTuple):
    """How one characteristic with categories lies in both ways."""

    rows: list  # (category, share of A, share of B, standardised difference), the most frequent first
    difference: float  # the largest standardised one, without sign
    p: float  # of such differences by chance
    is_off: bool


class NumberBalance(NamedTuple):
    """How a number lies in both ways."""

    a_mean: float
    b_mean: float
    difference: float  # standardised, B − A
    p: float
    is_off: bool


class ShareCheck(NamedTuple):
    """Whether way B got the share of the leads that it should."""

    share: float  # that B got; 0 of no leads
    p: float
    is_off: bool


class Moments(NamedTuple):
    """Numbers of one way in short."""

    leads: int
    mean: float
    deviation: float  # of the sample (n − 1)


def compare_categories(a_counts, b_counts):
    """Return the :class:`CategoryBalance` of one characteristic.

    Standardised differences: P. C. Austin, "Balance diagnostics for comparing the distribution of baseline covariates
    between treatment groups", 2009. It is off where one is above LARGE *and* a chi-square test of both ways says
    that chance does not give it: with few leads, chance gives large ones.

    :param a_counts, b_counts: {category: leads}

    >>> found = compare_categories({"web": 60, "fair": 40}, {"web": 50, "fair": 50})
    >>> found.rows[0][:3], round(found.difference, 4), round(found.p, 4), found.is_off
    (('web', 0.6, 0.5), 0.202, 0.1552, False)
    """
    a_leads, b_leads = sum(a_counts.values()), sum(b_counts.values())
    categories = list(dict.fromkeys([*a_counts, *b_counts]))
    categories.sort(key=lambda category: -a_counts.get(category, 0) - b_counts.get(category, 0))
    rows = []
    for category in categories:
        a_share = a_counts.get(category, 0) / a_leads if a_leads else 0.0
        b_share = b_counts.get(category, 0) / b_leads if b_leads else 0.0
        variance = (a_share * (1 - a_share) + b_share * (1 - b_share)) / 2
        rows.append((category, a_share, b_share, _standardise(b_share - a_share, variance)))
    if not (a_leads and b_leads):
        return CategoryBalance(rows, 0.0, 1.0, False)
    difference = max((abs(row[3]) for row in rows), default=0.0)
    p = find_category_chance([(a_counts.get(category, 0), b_counts.get(category, 0)) for category in categories])
    return CategoryBalance(rows, difference, p, difference > LARGE and p < BALANCE_ERROR)


def compare_numbers(a, b):
    """Return the :class:`NumberBalance` of a number, such as the age of leads.

    Standardised difference: Austin 2009; by chance: z with both variances, for some dozens of leads or more.

    :param a, b: :class:`Moments`

    >>> found = compare_numbers(Moments(100, 10, 4), Moments(100, 11, 4))
    >>> found.difference, round(found.p, 4), found.is_off
    (0.25, 0.0771, False)
    """
    if not (a.leads and b.leads):
        return NumberBalance(a.mean, b.mean, 0.0, 1.0, False)
    difference = _standardise(b.mean - a.mean, (a.deviation**2 + b.deviation**2) / 2)
    variance = a.deviation**2 / a.leads + b.deviation**2 / b.leads
    p = find_chance((b.mean - a.mean) / math.sqrt(variance)) if variance else float(a.mean == b.mean)
    return NumberBalance(a.mean, b.mean, difference, p, abs(difference) > LARGE and p < BALANCE_ERROR)


def check_share(a_leads, b_leads, share_b):
    """Return the :class:`ShareCheck`: where it is off, something else than chance chose ways.

    Source: A. Fabijan et al., "Diagnosing sample ratio mismatch in online controlled experiments", 2019.
    The p-value doubles that of the smaller tail of the binomial distribution (for many leads: of the normal one).

    >>> check_share(500, 500, 0.5).p, check_share(560, 440, 0.5).is_off
    (1.0, True)
    """
    leads = a_leads + b_leads
    if not leads:
        return ShareCheck(0.0, 1.0, False)
    if leads <= EXACT_LEADS:
        p = _test_binomial(b_leads, leads, share_b)
    else:
        far = max(abs(b_leads - leads * share_b) - 0.5, 0)
        p = find_chance(far / math.sqrt(leads * share_b * (1 - share_b)))
    return ShareCheck(b_leads / leads, p, p < SHARE_ERROR)


def find_category_chance(pairs):
    """Return the p-value of chi-square (K. Pearson, 1900) of (leads of A, leads of B) by category being dealt alike.

    >>> round(find_category_chance([(60, 50), (40, 50)]), 4), find_category_chance([(3, 4)])
    (0.1552, 1.0)
    """
    a_leads, b_leads = sum(a for a, _b in pairs), sum(b for _a, b in pairs)
    leads = a_leads + b_leads
    pairs = _join_rare(pairs, FEWEST_EXPECTED * leads / max(min(a_leads, b_leads), 1))
    if len(pairs) < 2 or not (a_leads and b_leads):
        return 1.0
    total = sum(
        (a - (a + b) * a_leads / leads) ** 2 / ((a + b) * a_leads / leads)
        + (b - (a + b) * b_leads / leads) ** 2 / ((a + b) * b_leads / leads)
        for a, b in pairs
    )
    return upper_gamma((len(pairs) - 1) / 2, total / 2)


def upper_gamma(a, x):
    """Return the regularised upper incomplete gamma function Q(a, x).

    A series for small x, a continued fraction for large.
    Source: W. H. Press et al., "Numerical recipes", 1992, section 6.2.

    >>> round(upper_gamma(0.5, 1.9207), 4), upper_gamma(3, 0)
    (0.05, 1.0)
    """
    if x <= 0:
        return 1.0
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        n = a
        while abs(term) > abs(total) * 1e-16:
            n += 1
            term *= x / n
            total += term
        return max(1 - total * scale, 0.0)
    return scale * _continue_fraction(a, x)


def _continue_fraction(a, x, tiny=1e-300):
    """Return the continued fraction of Q(a, x), by Lentz' method."""
    b = x + 1 - a
    c, d = 1 / tiny, 1 / b
    value = d
    for n in range(1, 10_000):
        factor = -n * (n - a)
        b += 2
        d = 1 / (factor * d + b or tiny)
        c = b + factor / c or tiny
        value *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return value


def _join_rare(pairs, fewest):
    """Return the pairs, those with fewer leads than ``fewest`` as one; and one with the rarest other, if still rare."""
    frequent = sorted((pair for pair in pairs if sum(pair) >= fewest), key=sum)
    rare = [pair for pair in pairs if 0 < sum(pair) < fewest]
    if not rare:
        return frequent
    joined = (sum(a for a, _b in rare), sum(b for _a, b in rare))
    if sum(joined) < fewest and frequent:
        other = frequent.pop(0)
        joined = (joined[0] + other[0], joined[1] + other[1])
    return [*frequent, joined]


def _standardise(difference, variance):
    if variance > 0:
        return difference / math.sqrt(variance)
    return math.copysign(math.inf, difference) if difference else 0.0


def _test_binomial(hits, leads, chance):
    """Return the two-sided p-value of so many hits: twice the smaller tail."""
    numbers = range(hits + 1) if hits <= leads * chance else range(hits, leads + 1)
    whole = math.lgamma(leads + 1)
    tail = math.fsum(
        math.exp(
            whole - math.lgamma(n + 1) - math.lgamma(leads - n + 1)
            + n * math.log(chance) + (leads - n) * math.log1p(-chance)
        )
        for n in numbers
    )  # fmt: skip
    return min(2 * tail, 1.0)
