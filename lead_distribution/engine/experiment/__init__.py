"""Experiments: chance deals leads to two ways, and statistics tell what came of it. Figures in, figures out."""

from .balance import Moments, check_share, compare_categories, compare_numbers
from .bootstrap import bootstrap_difference, bootstrap_mean
from .dealing import ARMS, Dealer
from .interval import Interval
from .levels import ERROR, HARM_ERROR, LEVEL, POWER, VERDICT_ERROR
from .looks import harm, harm_mean
from .rates import newcombe, wilson, z_test
from .size import (
    leads_needed,
    leads_needed_mean,
    power_of,
    smallest_difference,
    smallest_difference_mean,
    weeks,
)
from .values import Values
from .verdict import KINDS, Rates, Revenues, Verdict, judge

__all__ = [
    "ARMS",
    "ERROR",
    "HARM_ERROR",
    "KINDS",
    "LEVEL",
    "POWER",
    "VERDICT_ERROR",
    "Dealer",
    "Interval",
    "Moments",
    "Rates",
    "Revenues",
    "Values",
    "Verdict",
    "bootstrap_difference",
    "bootstrap_mean",
    "check_share",
    "compare_categories",
    "compare_numbers",
    "harm",
    "harm_mean",
    "judge",
    "leads_needed",
    "leads_needed_mean",
    "newcombe",
    "power_of",
    "smallest_difference",
    "smallest_difference_mean",
    "weeks",
    "wilson",
    "z_test",
]
