"""The ways of small parts of leads: without an experiment one, else two, each with its own run of the day.

Both write on the campaign's leads and runs; who decides is the campaign, or the one with the settings of way B.
"""

from collections.abc import Callable
from random import SystemRandom
from typing import NamedTuple

from ..planning.arms import STRATUM_COLUMNS, Deals, find_arms, split
from ..planning.decide import list_columns
from .ways import Ways


class Side(NamedTuple):
    """Leads that go one way.

    ``base``: the campaign that finds and writes; ``get_warnings``: see ``Ways``, of that campaign; ``ways``: of the
    campaign that decides; ``arm``: "a" or "b"; None: outside of any experiment; ``strategy``: its name, None: the
    campaign's; ``experiment``: a record, None outside.
    """

    base: object
    get_warnings: Callable
    ways: Ways
    candidates: list
    arm: str | None = None
    strategy: str | None = None
    experiment: object = None


def make_side(arms, arm):
    """Return the ``Side`` of a way, to look at its run; None without an experiment.

    :param arms: see ``planning.arms.Arms``, or None
    """
    if not arms:
        return None
    return Side(arms.campaigns["a"], None, None, [], arm, arms.strategies[arm], arms.experiment)


class Crossing:
    """Where the leads of a part go one way or the other.

    :param ways: see ``Ways``
    """

    def __init__(self, ways):
        self.ways, self.campaign = ways, ways.campaign
        self._arms = find_arms(ways.campaign)
        self._ways = {"a": ways}
        if self._arms:
            self._ways["b"] = ways.get_ways(self._arms.campaigns["b"], ways.campaign.env.lang)

    @property
    def is_open(self):
        """Whether leads are dealt."""
        return bool(self._arms)

    def list_columns(self):
        """Return the names of the lead's columns that both ways need to know."""
        if not self._arms:
            return list_columns(self.campaign, self.ways.get_rule_fields(), [self.campaign.strategy])
        columns = [
            *(
                name
                for arm, ways in self._ways.items()
                for name in list_columns(ways.campaign, ways.get_rule_fields(), [self._arms.strategies[arm]])
            ),
            *STRATUM_COLUMNS,
        ]
        return list(dict.fromkeys(columns))

    def deal(self, candidates, columns, room=None):
        """Let chance choose the way of each lead that comes; return the ``Side`` of each way, in any order.

        :param columns: see ``list_columns``
        :param room: leads that can be handed out, None: any number; without room nothing is dealt
        """
        if not self._arms:
            return [self.outside(candidates)]
        if not candidates or room == 0:
            return [self._make_side("a", candidates)] if candidates else []
        parts = split(self._arms, candidates, columns)
        sides = [self._make_side(arm, part) for arm, part in parts.items() if part]
        SystemRandom().shuffle(sides)  # who is first has more room
        return sides

    def follow(self, candidates):
        """Return the ``Side`` of leads that go on: by the way that they came; those never dealt stay outside."""
        if not self._arms:
            return [self.outside(candidates)]
        deals = Deals(self._arms, [candidate.id for candidate in candidates])
        parts = {}
        for candidate in candidates:
            parts.setdefault(deals.get(candidate.id), []).append(candidate)
        sides = [self._make_side(arm, part) if arm else self.outside(part) for arm, part in parts.items()]
        SystemRandom().shuffle(sides)
        return sides

    def outside(self, candidates):
        """Return the ``Side`` of leads that are no part of an experiment."""
        return Side(self.campaign, self.ways.get_warnings, self.ways, candidates)

    def _make_side(self, arm, candidates):
        ways, arms = self._ways[arm], self._arms
        return Side(self.campaign, self.ways.get_warnings, ways, candidates, arm, arms.strategies[arm], arms.experiment)
