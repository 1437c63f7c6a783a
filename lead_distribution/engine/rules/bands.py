"""Which levels get leads of high, medium and low priority."""

from .base import Rule

BAND_OF_PRIORITY = {"3": "high", "2": "high", "1": "medium"}


class PriorityBands(Rule):
    """Leads of a band go to seniors only, to all levels, or to the last level first.

    High is Odoo's High and Very High, medium Medium, low Low or none.
    """

    name = "priority"

    def __init__(self, bands, seniors):
        """:param bands: ``high``, ``medium``, ``low`` → what holds; :param seniors: ids"""
        self.bands = bands
        self.seniors = frozenset(seniors)

    def get_part(self, facts):
        return self.bands[BAND_OF_PRIORITY.get(facts["priority"], "low")]

    def judge(self, person, part):
        return None if part == "senior_only" and person.id not in self.seniors else 0

    def is_reversed(self, part):
        return part == "junior_first"
