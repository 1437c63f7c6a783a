"""Who is there, or back first, comes first."""

from collections.abc import Mapping

from .base import Rule


class Availability(Rule):
    """The sooner somebody is there the better, in whole days; who is not there in time takes no part at all.

    >>> rule = Availability({1: 1, 2: 0})
    >>> from types import SimpleNamespace as Person
    >>> [rule.judge(Person(id=i), None) for i in (1, 2, 3)]
    [1, 0, 0]
    """

    name = "availability"

    def __init__(self, buckets: Mapping[int, int]):
        """:param buckets: person id → days of 24 hours until this person is there; 0 for whoever is not named"""
        self.buckets = buckets

    def judge(self, person, part):
        return self.buckets.get(person.id, 0)
