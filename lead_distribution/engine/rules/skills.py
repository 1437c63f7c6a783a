"""Leads that need skills go to people who have them, the better match first."""

from .base import Rule


class SkillMatch(Rule):
    """A lead needs the skills of its tags; who has a larger share of them, by weight, is first.

    Rule: match = Σ weights of the needed skills a person has ÷ Σ weights of all needed ones.
    Nothing in common: not eligible. A lead that needs nothing is for everybody.

    >>> from engine import Person
    >>> rule = SkillMatch({1: 0.7, 2: 0.3}, {10: {1}, 11: {2}, 12: {1, 2}})
    >>> part = rule.get_part({"tag_ids": (2, 1, 99)})
    >>> [rule.judge(Person(n), part) for n in (10, 11, 12, 13)]
    [0.3, 0.7, 0.0, None]
    """

    name = "skills"

    def __init__(self, weights, skills, everybody_if_nobody=False):
        """:param weights: tag id → weight; :param skills: person id → ids of tags"""
        self.weights = weights
        self.skills = skills
        self.everybody_if_nobody = everybody_if_nobody

    def get_part(self, facts):
        return frozenset(self.weights.keys() & facts.get("tag_ids", ()))

    def judge(self, person, part):
        needed = sum(self.weights[tag] for tag in part)
        if not needed:
            return 0.0
        has = part & self.skills.get(person.id, frozenset())
        # rounded, so that sums of floats in another order are the same rank
        return round(1 - sum(self.weights[tag] for tag in has) / needed, 6) if has else None
