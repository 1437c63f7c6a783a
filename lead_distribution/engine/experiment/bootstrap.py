"""How sure means of skewed values are: the data drawn again and again from themselves."""

import math
from itertools import accumulate
from operator import mul

from .crowd import Crowd
from .interval import Interval, find_quantile
from .levels import LEVEL
from .values import Values

TURNS = 2000
LARGEST = 50  # amounts of a way that are drawn one by one; of all smaller ones sums are drawn
MANY_DEALS = 5_000  # from so many on, means are as good as normal, and nothing is drawn
FEWEST_DEALS = 10  # of both ways together (of one, where it is asked for alone): with less, no interval


def bootstrap_difference(a_values, a_leads, b_values, b_leads, rng, level=LEVEL, turns=TURNS):
    """Return the interval of the difference of the means of a lead, B − A, or None: see :class:`Difference`.

    :param a_values, b_values: amounts of the leads that brought something
    :param rng: random.Random

    >>> from random import Random
    >>> low, high = bootstrap_difference([90, 110] * 30, 1000, [190, 210] * 30, 1000, Random(1))
    >>> low < 6 < high, low > 0
    (True, True)
    >>> bootstrap_difference([], 1000, [10], 1000, Random(1)) is None
    True
    """
    return Difference(Values(a_values, a_leads), Values(b_values, b_leads), rng, turns).find_interval(level)


def bootstrap_mean(values, leads, rng, level=LEVEL, turns=TURNS):
    """Return the interval of the mean of a lead of one way, or None with less than FEWEST_DEALS or two leads.

    As that of the :class:`Difference`; where nothing was lost, a mean is not below 0.
    """
    way = Values(values, leads)
    if way.deals < FEWEST_DEALS or leads < 2:
        return None
    found = _Turns(way.mean, _find_error(way), _draw_turns([way], rng, turns)).find_interval(level)
    return Interval(max(found.low, 0.0), found.high) if way.amounts[0] > 0 else found


class Difference:
    """The difference of two means, B − A, drawn once, for intervals of any level.

    Studentised bootstrap (P. Hall, "Theoretical comparison of bootstrap confidence intervals" and "On symmetric
    bootstrap confidence intervals", both 1988; B. Efron, R. Tibshirani, "An introduction to the bootstrap", 1993,
    chapter 12), each way with its own variance (Welch). Of each end, the farthest: with ends of their own
    ("bootstrap-t"), symmetric, or normal. For skewed amounts (lognormal; 50 deals in B, 50 or 200 in A; alike, or B's
    half as large again) this covers in 94 to 97 of 100; symmetric ones in 93 to 97, ends of their own in 91 to 94,
    percentiles in 93, BCa in 91.

    What is drawn depends on the values, not on which way is called A: with the names exchanged, it is mirrored.

    There is no interval (None) with less than two leads in a way, or less than FEWEST_DEALS in both. A way
    without any deal counts as one that surely brings nothing, which holds where it had leads enough.
    """

    def __init__(self, a, b, rng, turns=TURNS):
        self.mean = b.mean - a.mean
        self._is_known = min(a.leads, b.leads) >= 2 and a.deals + b.deals >= FEWEST_DEALS
        self._turns = _Turns(self.mean, _find_error(a, b), _draw_mirrored(a, b, rng, turns) if self._is_known else [])

    def find_interval(self, level=LEVEL):
        """Return the interval, or None."""
        return self._turns.find_interval(level) if self._is_known else None


class _Turns:
    """What was drawn about a mean: how many standard errors each sample was away from it."""

    def __init__(self, mean, error, turns):
        self.mean, self.error = mean, error
        self.turns = sorted(turns)
        self.distances = sorted(map(abs, turns))

    def find_interval(self, level):
        below = above = find_quantile(level)
        if self.turns:
            both = max(below, self.distances[self._find_place(level)])
            place = self._find_place((1 + level) / 2)
            below = max(both, self.turns[place])  # how far samples were too high, the truth may lie below
            above = max(both, -self.turns[-1 - place])
        return Interval(self.mean - below * self.error, self.mean + above * self.error)

    def _find_place(self, share):
        return min(max(round((len(self.turns) + 1) * share) - 1, 0), len(self.turns) - 1)


def _draw_mirrored(a, b, rng, turns):
    """Return t of samples of B − A, such that those of A − B are the same with other signs."""
    order = [(way.leads, way.amounts) for way in (a, b)]
    if order[0] == order[1]:
        drawn = _draw_turns([a, b], rng, turns)
        return [*drawn, *(-turn for turn in drawn)]
    if order[0] < order[1]:
        return _draw_turns([a, b], rng, turns)
    return [-turn for turn in _draw_turns([b, a], rng, turns)]


def _find_error(*ways):
    """Return the standard error of a mean, or of the difference of two."""
    return math.sqrt(sum(way.variance / way.leads for way in ways if way.leads))


def _draw_turns(ways, rng, turns):
    """Return t of samples drawn from the ways (the second minus the first); none where nothing need be drawn."""
    deals = sum(way.deals for way in ways)
    if deals >= MANY_DEALS:
        return []
    signs = (-1, 1) if len(ways) == 2 else (1,)
    truth = sum(sign * way.mean for sign, way in zip(signs, ways, strict=True))
    drawn = []
    for samples in zip(*(_draw_samples(way, rng, turns) for way in ways), strict=True):
        mean = sum(sign * sample[0] for sign, sample in zip(signs, samples, strict=True))
        variance = sum(sample[1] for sample in samples)
        if variance > 0:
            drawn.append((mean - truth) / math.sqrt(variance))
    return drawn


def _draw_samples(way, rng, turns):
    """Return (mean, its variance) of samples of as many leads as the way has, drawn from them.

    What skews a mean are the largest amounts: these are drawn one by one. Of all other leads the sums are.
    """
    leads, amounts = way.leads, sorted(way.amounts, key=abs)
    largest, others = amounts[-LARGEST:], Crowd(amounts[:-LARGEST], leads - len(amounts[-LARGEST:]))
    found = []
    for deals in draw_binomial(leads, len(largest), turns, rng):
        sample = rng.choices(largest, k=deals) if deals else []
        total, squares = others.draw(leads - deals, rng)
        mean = (sum(sample) + total) / leads
        squares += sum(map(mul, sample, sample))
        found.append((mean, max(squares / leads - mean * mean, 0.0) / (leads - 1)))
    return found


def draw_binomial(leads, hits, turns, rng):
    """Return how many of ``leads`` draws from leads with ``hits`` among them hit, ``turns`` times.

    By the inverse of the summed chances.

    >>> from random import Random
    >>> draw_binomial(10, 10, 2, Random(1)), draw_binomial(10, 0, 2, Random(1))
    ([10, 10], [0, 0])
    """
    if hits in (0, leads):
        return [hits] * turns
    chance = hits / leads
    reach = math.ceil(12 * math.sqrt(hits * (1 - chance)) + 20)  # what lies further out does not happen
    numbers = range(max(hits - reach, 0), min(hits + reach, leads) + 1)
    whole = math.lgamma(leads + 1)
    weights = (
        math.exp(
            whole - math.lgamma(n + 1) - math.lgamma(leads - n + 1)
            + n * math.log(chance) + (leads - n) * math.log1p(-chance)
        )
        for n in numbers
    )  # fmt: skip
    return rng.choices(numbers, cum_weights=list(accumulate(weights)), k=turns)
