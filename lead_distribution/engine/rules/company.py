"""Leads of a company go to people who work for it."""

from collections.abc import Collection, Mapping

from ..data import LeftOver
from .base import Rule


class CompanyMatch(Rule):
    """A lead of a company goes only to people who work for it; one of no company to everybody.

    >>> rule = CompanyMatch({1: {7}, 2: {7, 8}})
    >>> from types import SimpleNamespace as Person
    >>> [rule.judge(Person(id=i), rule.get_part({"company_id": 8})) for i in (1, 2)]
    [None, 0]
    >>> rule.judge(Person(id=1), rule.get_part({"company_id": None}))
    0
    """

    name = "company"
    left_over = LeftOver.OTHER_COMPANY

    def __init__(self, companies: Mapping[int, Collection[int]]):
        """:param companies: person id → ids of the companies this person works for"""
        self.companies = companies

    def get_part(self, facts):
        return facts.get("company_id") or None

    def judge(self, person, part):
        return 0 if part is None or part in self.companies[person.id] else None
