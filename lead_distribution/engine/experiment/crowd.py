"""Sums of very many draws from amounts none of which stands out: as good as normal, so sums are what is drawn."""

import math


class Crowd:
    """Leads of which some brought something, none of it large beside all the rest.

    :param amounts: what leads brought
    :param leads: how many there are in all, also those that brought nothing

    >>> from random import Random
    >>> Crowd([], 900).draw(900, Random(1))
    (0.0, 0.0)
    >>> total, squares = Crowd([1, 1, 2] * 100, 900).draw(900, Random(1))
    >>> 300 < total < 500, 400 < squares < 800
    (True, True)
    """

    def __init__(self, amounts, leads):
        self.is_empty = not amounts
        powers = [math.fsum(amount**power for amount in amounts) / leads if amounts else 0.0 for power in range(1, 5)]
        self.mean, self.square, cube, fourth = powers
        self.spread = math.sqrt(max(self.square - self.mean**2, 0.0))
        # squares follow the amounts (their part along with them), and differ by themselves
        together = cube - self.mean * self.square
        self.along = together / self.spread if self.spread else 0.0
        self.apart = math.sqrt(max(fourth - self.square**2 - self.along**2, 0.0))

    def draw(self, count, rng):
        """Return (sum, sum of squares) of so many leads drawn from these, with returning."""
        if self.is_empty:
            return 0.0, 0.0
        root, first, second = math.sqrt(count), rng.gauss(0, 1), rng.gauss(0, 1)
        total = count * self.mean + root * self.spread * first
        squares = count * self.square + root * (self.along * first + self.apart * second)
        return total, max(squares, 0.0)
