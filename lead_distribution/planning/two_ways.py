"""A plan by the two ways of an experiment: each lead is dealt to one of them, and decided as that way decides."""

from dataclasses import dataclass, replace
from random import Random

from .. import engine
from .arms import STRATUM_COLUMNS, Deals
from .decide import Planned, Task, get_queue, list_columns, list_segments_handed_out
from .people import Selection, list_names
from .request import PlanRequest
from .strategy import choose_strategy


@dataclass
class Both:
    """The two ways of one plan.

    ``arms``: see ``arms.Arms``; ``members``: {way: who takes part}; ``strategies``: {way: name}.
    """

    arms: object
    members: dict
    strategies: dict

    def get_task(self, task, arm):
        """Return a task as one way sees it."""
        return replace(task, members=self.members[arm], both=None)


@dataclass
class PlannedBoth:
    """The plans of both ways, and what they were made from.

    ``ways``: {way: see ``Planned``}; ``plans``: see ``engine.Plans``; ``deals``: see ``arms.Deals``, not kept yet.
    """

    both: Both
    ways: dict
    plans: engine.Plans
    deals: Deals

    @property
    def received(self):
        """Leads by user id, of both ways together."""
        return self.plans.plans["a"].received + self.plans.plans["b"].received


def list_columns_of_both(arms, rule_columns, strategies):
    """Return the names of the lead's columns that a plan by both ways needs to know as facts.

    :param rule_columns: those that the rules of both ways look at
    :param strategies: names of those that may decide
    """
    needed = [*rule_columns, *STRATUM_COLUMNS]
    for campaign in arms.campaigns.values():
        needed = list_columns(campaign, needed, strategies)
    return list(dict.fromkeys(needed))


def join_selections(selections):
    """Return the ``Selection`` of who takes part in any of both ways; left out is only who takes part in none.

    :param selections: {way: ``Selection``}
    """
    members = selections["a"].members | selections["b"].members
    here = {name for user in members.user_id for name in list_names(user)}
    reasons = {**selections["b"].left_out, **selections["a"].left_out}
    return Selection(members, {name: why for name, why in reasons.items() if name not in here})


def choose_strategies(arms, selections, lead_count):
    """Return {way: name of its strategy} for so many leads; each way has round robin for a few by its own settings."""
    return {
        arm: choose_strategy(
            arms.campaigns[arm], PlanRequest(strategy=arms.strategies[arm]), lead_count, len(selections[arm].members)
        )
        for arm in arms.campaigns
    }


def decide_both(task: Task, ways):
    """Return who gets which lead by which way, see ``PlannedBoth``.

    :param ways: {way: see ``decide.Way``}
    """
    seed, deals = task.request.seed, Deals(task.both.arms, task.get_lead_ids())
    rng = Random(seed)
    books = {arm: way.get_book() for arm, way in ways.items()}
    readers = {arm: way.get_reader(task.columns, books[arm]) for arm, way in ways.items()}
    # way A draws as the campaign does alone, way B for itself: neither hangs on what the other draws
    chances = {"a": rng, "b": Random(f"{seed} b")}
    sides = {
        arm: engine.Side(way.people, way.strategy, chances[arm], books[arm], readers[arm].read)
        for arm, way in ways.items()
    }
    place = task.columns.index("source_id")
    plans = engine.make_plans(
        task.candidates,
        sides,
        lambda candidate: deals.deal(candidate, candidate.facts[place]),
        rng=rng,
        **get_queue(task.both.arms.campaigns["a"], task),
    )
    promised = _promise(task, sides, plans, readers, seed)
    planned = {
        arm: Planned(plans.plans[arm], way.people, books[arm], promised[arm], way.get_turn_shares())
        for arm, way in ways.items()
    }
    return PlannedBoth(task.both, planned, plans, deals)


def _promise(task, sides, plans, readers, seed):
    handed = [
        (arm, segment)
        for arm, plan in plans.plans.items()
        for segment in list_segments_handed_out(task.candidates, plan, readers[arm])
    ]
    fresh = {arm: replace(side, rng=Random(seed)) for arm, side in sides.items()}
    return engine.promise_both(fresh, handed, rng=Random(seed))
