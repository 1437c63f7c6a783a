"""An interval, and the quantiles of the normal distribution that most intervals are made of."""

import math
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

NORMAL = NormalDist()


class Interval(NamedTuple):
    """Between which values something probably lies."""

    low: float
    high: float

    def covers(self, value):
        """Whether a value lies in the interval, its ends included."""
        return self.low <= value <= self.high

    @property
    def mirrored(self):
        """The interval of the same thing seen from the other side."""
        return Interval(-self.high, -self.low)


@lru_cache(maxsize=64)
def find_quantile(level):
    """Return how many standard deviations to both sides hold a share ``level`` of a normal distribution.

    >>> round(find_quantile(0.95), 6)
    1.959964
    """
    return -NORMAL.inv_cdf((1 - level) / 2)


def find_chance(z):
    """Return how probable a value at least as far from 0 as ``z`` is by chance, to either side.

    >>> round(find_chance(1.959964), 6), find_chance(0)
    (0.05, 1.0)
    """
    return math.erfc(abs(z) / math.sqrt(2))
