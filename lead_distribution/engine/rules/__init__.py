"""Rules that say who may take which leads, and the book in which a campaign keeps them."""

from .base import Rule, RuleBook, Verdict
from .availability import Availability
from .bands import PriorityBands
from .calling import CallingHours, find_zones, hours_in_utc
from .class_caps import ClassCaps
from .company import CompanyMatch
from .had_before import HadBefore
from .preference import KnownOwner, Preferred
from .skills import SkillMatch
from .territory import Territory, TerritoryMatch

__all__ = [
    "Availability",
    "CallingHours",
    "ClassCaps",
    "CompanyMatch",
    "HadBefore",
    "KnownOwner",
    "Preferred",
    "PriorityBands",
    "Rule",
    "RuleBook",
    "SkillMatch",
    "Territory",
    "TerritoryMatch",
    "Verdict",
    "find_zones",
    "hours_in_utc",
]
