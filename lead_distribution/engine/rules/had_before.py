"""Nobody gets a lead a second time that was taken from them, or that they gave back."""

from collections.abc import Collection, Mapping

from ..data import LeftOver
from .base import Rule


class HadBefore(Rule):
    """Who had a lead before does not get it again.

    >>> from types import SimpleNamespace as Person
    >>> rule = HadBefore({7: [1]})
    >>> [rule.judge(Person(id=i), rule.get_part({"id": 7})) for i in (1, 2)]
    [None, 0]
    """

    name = "had_before"
    left_over = LeftOver.HAD_BEFORE

    def __init__(self, people: Mapping[int, Collection[int]]):
        """:param people: lead id → ids of the people who had it"""
        self.people = people

    def get_part(self, facts):
        return frozenset(self.people.get(facts.get("id"), ()))

    def judge(self, person, part):
        return None if person.id in part else 0
