"""Let the engine decide who gets which lead; nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import repeat
from random import Random

from .. import engine
from .facts import FactReader, LeadReader
from .going_on import Progress, credit_late
from .limits import count_rooms
from .people import LAST_LEVEL
from .ramp_up import WHOLE, find_shares, reduce
from .rates import get_rates
from .request import PlanRequest
from .rotation import begin_turns, get_rotation_start, level_turns
from .turns_by_hand import count_given


@dataclass
class Task:
    """What is to be decided: these leads, for these people, as it was asked."""

    candidates: list
    columns: list  # names of the values in ``Candidate.facts``
    members: object
    request: PlanRequest
    known: Mapping = field(default_factory=dict)  # facts that need no looking up, see ``look_up_facts``
    are_leads: bool = True  # otherwise nothing can be looked up by the ids of the candidates
    both: object = None  # a running experiment deals these leads, see ``two_ways.Both``

    def get_lead_ids(self):
        """Return the ids by which something can be looked up."""
        return [candidate.id for candidate in self.candidates] if self.are_leads else []


@dataclass
class Way:
    """What decides who gets which lead: all of it follows from the settings of a campaign.

    ``people``: see ``describe_people``; ``strategy``: the engine's; ``rules``: the engine's, in their order;
    ``looked_up``: what rules look at and is no column, see ``look_up_facts``.
    """

    campaign: object
    people: list
    strategy: engine.Strategy
    rules: list
    looked_up: Mapping

    def get_book(self):
        return engine.RuleBook(self.rules) if self.rules else None

    def get_reader(self, columns, book):
        """Return what makes the engine's lead of a candidate.

        :param columns: names of the values in ``Candidate.facts``
        """
        facts = FactReader(columns, self.looked_up, self.campaign.env)
        return LeadReader(book, facts, self.campaign.segment_field if self.strategy.by_segment else None)

    def get_turn_shares(self):
        return {person.id: self.strategy.get_share(person) for person in self.people}


@dataclass
class Planned:
    """A plan, and what it was made from."""

    plan: engine.Plan
    people: list
    book: engine.RuleBook | None
    promised: Mapping  # user id -> leads that the strategy gives if everybody may take everything
    turn_shares: Mapping  # user id -> part of the turns, None where a strategy knows no turns


def decide(way, task):
    """Return who gets which lead, see ``Planned``.

    :param way: see ``Way``
    :param task: see ``Task``
    """
    request, strategy = task.request, way.strategy
    way.people = people = credit_late(way.people, strategy, request.progress)
    handed_out = sum(progress.received for progress in request.progress.values())
    seed = request.seed + handed_out if handed_out else request.seed  # else each part had the same ties
    book = way.get_book()
    reader = way.get_reader(task.columns, book)
    plan = engine.make_plan(
        task.candidates,
        people,
        strategy,
        rng=Random(seed),
        read=reader.read,
        rules=book,
        **get_queue(way.campaign, task),
    )
    segments = list_segments_handed_out(task.candidates, plan, reader)
    promised = _promise(people, strategy, segments, seed, request.progress)
    return Planned(plan, people, book, promised, way.get_turn_shares())


def get_queue(campaign, task):
    """Return in which order the leads of a plan have their turn, and how many at most, as the engine takes it."""
    return {
        "get_rank": RANKS.get(campaign.lead_order),
        "max_leads": task.request.get_most(campaign.max_leads),
        "lead_order": "ranked" if campaign.lead_order in RANKS else "random",
    }


def _promise(people, strategy, segments, seed, progress):
    """Return {user id: leads} that the strategy alone gives; in a plan that goes on, it counts on from those."""
    if progress:
        people = [replace(person, received=progress[person.id].promised) for person in people]
    return engine.promise(people, strategy, segments, rng=Random(seed))


def list_segments_handed_out(candidates, plan, reader):
    """Return the segment of each lead that a plan hands out; all are alike where the strategy looks at none."""
    if reader.segment is None:
        return repeat(None, plan.received.total())
    taken = {decision.lead_id for decision in plan.decisions if decision.left_over is None}
    return [reader.get_segment(candidate) for candidate in candidates if candidate.id in taken]


def _get_age(candidate):
    """Return a number that is smaller for newer leads; those without a date are the oldest."""
    return -candidate.source_date.toordinal() if candidate.source_date else 0


# the smallest is handed out first; any other order: by chance
RANKS = {
    "priority": lambda candidate: (-int(candidate.priority or 0), _get_age(candidate)),
    "newest": _get_age,
    "oldest": lambda candidate: -_get_age(candidate),
}


def list_columns(campaign, rule_columns, strategies):
    """Return the names of the lead's columns that a plan needs to know as facts.

    :param rule_columns: those that the rules look at
    :param strategies: names of those that may decide
    """
    tells_segments = any(engine.get_strategy_class(name).by_segment for name in strategies if name)
    return [*rule_columns, campaign.segment_field] if tells_segments else rule_columns


def describe_people(campaign, members, request, needs_rates=False, is_new_rotation=False):
    """Return the people as the engine sees them; those of a run that goes on as it has left them.

    :param needs_rates: whether it matters what they convert, also if the request does not ask for it
    :param is_new_rotation: whether turns of earlier runs are forgotten
    """
    rooms = count_rooms(campaign, members.user_id, request)
    rates, by_segment = get_rates(campaign, members.user_id) if needs_rates or request.with_rates else ({}, {})
    shares = find_shares(campaign, members.user_id)
    given = count_given(campaign, members.user_id, get_rotation_start(campaign))
    turns = begin_turns(members, given) if is_new_rotation else level_turns(campaign, members, given)
    people = []
    for member in members:
        user_id, percent = member.user_id.id, shares.get(member.user_id.id, WHOLE)
        progress = request.progress.get(user_id, Progress())
        share = percent / WHOLE
        people.append(
            engine.Person(
                id=user_id,
                name=member.user_id.name,
                level_priority=member.level_priority if member.level_id else LAST_LEVEL,
                target=reduce(member.target_leads, percent),
                current=request.current.get(user_id, member.current_leads) - progress.received,
                weight=member.weight * share,
                served=turns.get(member, 0) - (progress.received + progress.head_start) / share,
                last_served=member.last_received.timestamp() if member.last_received else 0.0,
                limit=rooms.total.get(user_id),
                class_limits=rooms.by_class.get(user_id, {}),
                rate=rates.get(user_id, 0.0),
                rates=by_segment.get(user_id, {}),
                share=share,
                received=progress.received,
                head_start=progress.head_start,
            )
        )
    return people
