"""Leads of a place go to the people who work that place."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from .base import Rule


@dataclass(frozen=True)
class Territory:
    """Where a person works.

    Countries alone: all of these. With states or patterns of postal codes: what lies in one of
    these states or fits one of the patterns, inside the countries if there are any. Nothing at
    all: everywhere. ``zips``: patterns with ``*`` and ``?``, capital letters, no blanks.
    """

    countries: frozenset = field(default_factory=frozenset)
    states: frozenset = field(default_factory=frozenset)
    zips: tuple[str, ...] = ()

    def is_everywhere(self):
        return not (self.countries or self.states or self.zips)

    def covers(self, country, state, zips):
        """:param zips: the patterns that the lead's postal code fits"""
        if self.is_everywhere():
            return True
        if self.states or self.zips:
            in_country = not self.countries or country in self.countries
            return in_country and (state in self.states or bool(zips & set(self.zips)))
        return country in self.countries


class TerritoryMatch(Rule):
    """Only people whose territory the lead lies in; those with an own territory before the others.

    A lead without any address is for everybody.

    >>> from engine import Person
    >>> rule = TerritoryMatch({1: Territory(zips=("10*",)), 2: Territory(countries=frozenset({7}))})
    >>> part = rule.get_part({"country_id": 7, "zip": "10 115"})
    >>> [rule.judge(Person(n), part) for n in (1, 2, 3)]
    [0, 0, 1]
    """

    name = "territory"

    def __init__(self, territories, everybody_if_nobody=False):
        """:param territories: person id → ``Territory``; nobody's: everywhere"""
        self.territories = territories
        self.everybody_if_nobody = everybody_if_nobody
        self._patterns = {}  # first letter, or a wildcard -> patterns
        for pattern in sorted({zip_ for t in territories.values() for zip_ in t.zips}):
            self._patterns.setdefault(pattern[0] if pattern[0] not in "*?[" else "*", []).append(pattern)
        self._fitting = {}  # postal code -> patterns it fits
        self._countries = {c for t in territories.values() for c in t.countries}
        self._states = {s for t in territories.values() for s in t.states}

    def get_part(self, facts):
        """Return only what makes a difference, so that there are few groups; None: no address."""
        country, state, zip_ = facts.get("country_id"), facts.get("state_id"), facts.get("zip")
        if not (country or state or zip_):
            return None
        code = (zip_ or "").replace(" ", "").upper()
        return (
            country if country in self._countries else None,
            state if state in self._states else None,
            self._get_fitting(code),
        )

    def _get_fitting(self, code):
        if code not in self._fitting:
            near = (*self._patterns.get(code[:1], ()), *self._patterns.get("*", ())) if code else ()
            self._fitting[code] = frozenset(pattern for pattern in near if fnmatchcase(code, pattern))
        return self._fitting[code]

    def judge(self, person, part):
        territory = self.territories.get(person.id) or Territory()
        if part is None:
            return 0
        if territory.is_everywhere():
            return 1
        return 0 if territory.covers(*part) else None
