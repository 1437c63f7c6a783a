"""Decides who gets which lead. Pure Python: no Odoo, no clock, no global randomness.

Everything that comes from outside (leads, people, time, randomness) is an argument,
so a plan can be reproduced from its inputs and its seed.
"""

from .arms import Plans, Side, make_plans, promise_both
from .data import Lead, LeftOver, Person
from .decisions import Decision, Plan
from .explain import Place, explain_line_up
from .late import credit
from .planner import LEAD_ORDERS, make_plan, promise
from .rules import Rule, RuleBook
from .strategies import STRATEGIES, Strategy, get_strategy, get_strategy_class, register_strategy

__all__ = [
    "LEAD_ORDERS",
    "STRATEGIES",
    "Decision",
    "Lead",
    "LeftOver",
    "Person",
    "Place",
    "Plan",
    "Plans",
    "Rule",
    "RuleBook",
    "Side",
    "Strategy",
    "credit",
    "explain_line_up",
    "get_strategy",
    "get_strategy_class",
    "make_plan",
    "make_plans",
    "promise",
    "promise_both",
    "register_strategy",
]
