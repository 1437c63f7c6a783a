"""What small parts ask of a campaign: its hooks, so that addons change runs, live campaigns and what follows alike."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ways:
    """A campaign and its hooks.

    ``get_steps``: request → steps; ``get_rule_fields``: → names of columns; ``select``: (ids of users; None: all;
    ``at_any_hour``: also who is away now) → who takes part, see ``planning.people.Selection``; ``decide``: (name of a
    strategy, task) → ``Planned``;
    ``get_warnings``: → texts; ``get_applier``: run → ``Applier``; ``get_ways``: (another campaign, language) → its
    ``Ways``.
    """

    campaign: object
    get_steps: Callable
    get_rule_fields: Callable
    select: Callable
    decide: Callable
    get_warnings: Callable
    get_applier: Callable
    get_ways: Callable
