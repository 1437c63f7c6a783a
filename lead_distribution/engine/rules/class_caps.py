"""Limits for the leads of one class."""

from .base import Rule


class ClassCaps(Rule):
    """Refuses nobody; says which of the limits in ``Person.class_limits`` counts for a lead.

    A lead that is handed out counts from then on among the open leads of its class.
    """

    name = "class_limit"

    def __init__(self, classes):
        """:param classes: the classes that anybody has a limit for"""
        self.classes = frozenset(classes)

    def get_part(self, facts):
        name = facts.get("classification")
        return name if name in self.classes else None

    def get_cap_class(self, part):
        return part
