"""The strategies: each is a key and a cap, see ``base``."""

from .base import STRATEGIES, Strategy, get_strategy, get_strategy_class, register_strategy
from .divisor import CapacityBased, Proportional, Weighted
from .fill import LeastLoaded, LevelBased
from .optimal import Optimal
from .performance import Performance
from .random_shares import RandomShares
from .round_robin import RoundRobin

__all__ = [
    "STRATEGIES",
    "CapacityBased",
    "LeastLoaded",
    "LevelBased",
    "Optimal",
    "Performance",
    "Proportional",
    "RandomShares",
    "RoundRobin",
    "Strategy",
    "Weighted",
    "get_strategy",
    "get_strategy_class",
    "register_strategy",
]
