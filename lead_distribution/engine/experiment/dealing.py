"""Chance chooses the way of each lead, in blocks, so that both ways get the same kinds of leads all the time."""

import math
from random import Random

ARMS = ("a", "b")
PAGE = 48  # leads whose blocks are drawn at once: so the way of any position is found without those before it
MOST_ASTRAY = 3
SIZES = (4, 6, 8)  # how long blocks are, by chance: with one length, one could know what comes last


class Dealer:
    """Deals leads to the ways "a" and "b" of one experiment.

    Permuted blocks of random length inside each stratum (J. P. Matts, J. M. Lachin, "Properties of permuted-block
    randomization in clinical trials", 1988; random lengths: ICH guideline E9, 1998, section 2.3.2). How many of a
    block go to B is rounded by chance (systematic sampling: one random start for the stratum), so that each
    position has exactly the chance ``share_b``, and after k leads of a stratum B has k × share_b of them, but for
    MOST_ASTRAY (2 at a half).

    The way at a position depends on seed, stratum, position and share alone: not on who asks, when, or after what.

    :param seed: text or number kept with the experiment
    :param share_b: share of the leads that way B gets, above 0 and below 1
    :param counts: {stratum: leads that were dealt before}; a stratum is a tuple of numbers, texts and None

    >>> dealer = Dealer(7, 0.5, {(3, "high"): 10})
    >>> sorted(dealer.deal((1, None)) for _lead in range(PAGE)).count("b")
    24
    >>> dealer.deal((3, "high")) == Dealer(7, 0.5, {}).find_arm((3, "high"), 10)
    True
    """

    def __init__(self, seed, share_b=0.5, counts=None):
        if not 0 < share_b < 1:
            raise ValueError(f"The share of way B must lie between 0 and 1: {share_b}")
        self.seed = seed
        self.share_b = share_b
        self.counts = dict(counts or {})
        self._pages = {}  # stratum: (number, arms) of the page that was read last
        self._starts = {}

    def deal(self, stratum):
        """Return the way of the next lead of a stratum, and count it."""
        position = self.counts.get(stratum, 0)
        self.counts[stratum] = position + 1
        return self.find_arm(stratum, position)

    def find_arm(self, stratum, position):
        """Return the way of the lead at a position (from 0) of a stratum."""
        number, place = divmod(position, PAGE)
        page = self._pages.get(stratum)
        if page is None or page[0] != number:
            page = self._pages[stratum] = (number, self._draw_page(stratum, number))
        return page[1][place]

    def _draw_page(self, stratum, number):
        rng = self._get_random(stratum, number)
        start = self._get_start(stratum)
        arms, end = [], number * PAGE
        given = math.floor(end * self.share_b + start)
        for size in _cut_page(rng):
            end += size
            total = math.floor(end * self.share_b + start)
            block = [ARMS[1]] * (total - given) + [ARMS[0]] * (size - total + given)
            rng.shuffle(block)
            arms += block
            given = total
        return "".join(arms)

    def _get_start(self, stratum):
        if stratum not in self._starts:
            self._starts[stratum] = self._get_random(stratum, "start").random()
        return self._starts[stratum]

    def _get_random(self, stratum, part):
        # a text, not hash(): that of a text differs from process to process
        return Random(f"{self.seed}|{tuple(stratum)!r}|{part}")


def _cut_page(rng):
    """Return the lengths of blocks that fill a page."""
    sizes, left = [], PAGE
    while left:
        size = rng.choice([size for size in SIZES if size == left or left - size >= SIZES[0]])
        sizes.append(size)
        left -= size
    return sizes
