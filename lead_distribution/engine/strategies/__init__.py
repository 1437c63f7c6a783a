"""The strategies: each is a key and a cap, see ``base``."""

from .base import STRATEGIES, Strategy, get_strategy, register_strategy
from .round_robin import RoundRobin

__all__ = ["STRATEGIES", "RoundRobin", "Strategy", "get_strategy", "register_strategy"]
