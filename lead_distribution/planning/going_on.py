"""A run that goes on: the leads of a day are decided in parts, and shared out as if it were one long plan.

Its tracking lines remember how far it is: what each person received, what counts as received besides (head start),
and with which share of the turns.
"""

from dataclasses import replace
from typing import NamedTuple

from .. import engine
from .people import LAST_LEVEL
from .track import create_lines, prepare_load, prepare_progress


class Progress(NamedTuple):
    """How far a run is with one person.

    ``received``: leads it gave; ``head_start``: leads that count as received, see ``engine.Person``; ``promised``:
    leads that the strategy alone would have given; ``was_there``: took part when leads were decided the last time;
    ``strategy``: the one by which this person took part; ``turn_share``: the part of the turns then;
    ``level_priority``: of the level, 0 without one; ``carried``: leads that the day before gave too many, or too few
    below 0, to who has received nothing yet today.
    """

    received: int = 0
    head_start: float = 0.0
    promised: int = 0
    was_there: bool = False
    turn_share: float = 0.0
    strategy: str = ""
    level_priority: int = 0
    carried: float = 0.0


def describe_progress(run, members, carried=None):
    """Return {user id: ``Progress``} of everybody in a run that goes on; empty before its first leads.

    :param run: its tracking lines are up to date; may be empty
    :param members: who takes part now
    :param carried: {user id: leads}, see ``carry_over``
    """
    carried = carried or {}
    progress = {line.user_id.id: _read(line) for line in run.member_line_ids if line.user_id}
    new = {user_id: Progress(carried=carried.get(user_id, 0.0)) for user_id in members.user_id.ids}
    return {**new, **progress} if progress or carried else {}


def carry_over(run, strategy):
    """Return {user id: leads} that a run gave too many, or too few, by the shares of its people.

    A day has few leads, and leads are whole: without this, who has a small share would never get one. What is uneven
    by more than a lead has other reasons, such as limits, and is not made up for; nor is what came to the others
    after somebody had gone.

    :param run: the one before, may be empty
    :param strategy: name of the one by which it goes on
    """
    lines = run.member_line_ids.filtered(lambda line: line.strategy == strategy and line.turn_share)
    there = lines.filtered("was_there")
    if not there:
        return {}
    turns = sum(line.leads_received + line.head_start for line in there) / sum(there.mapped("turn_share"))
    uneven = {line: line.leads_received + line.head_start - turns * line.turn_share for line in lines}
    return {line.user_id.id: min(1.0, max(-1.0 if line in there else 0.0, uneven[line])) for line in lines}


def _read(line):
    """Return the ``Progress`` of a tracking line."""
    return Progress(
        received=line.leads_received,
        head_start=line.head_start,
        promised=line.promised,
        was_there=line.was_there,
        turn_share=line.turn_share,
        strategy=line.strategy,
        level_priority=line.level_priority,
    )


def credit_late(people, strategy, progress):
    """Return the engine's people, with head starts for who was not there the last time, or has another share now."""
    if not progress:
        return people
    strategy.prepare(people)
    late = {person.id for person in people if not progress[person.id].was_there}
    moved = {person.id for person in people if _is_moved(progress[person.id], strategy, strategy.get_share(person))}
    gone = _find_gone(people, strategy, progress)
    return [
        _carry(_begin_level(person, credited), progress[person.id].carried)
        for person, credited in zip(people, engine.credit(people, strategy, late, moved, gone), strict=True)
    ]


def _carry(person, carried):
    return replace(person, head_start=person.head_start + carried) if carried else person


def _find_gone(people, strategy, progress):
    """Return (person, share) of those who were there the last time, by the same strategy, and are not now."""
    here = {person.id for person in people}
    return [
        (_make_person(user_id, one), one.turn_share)
        for user_id, one in progress.items()
        if one.was_there and one.strategy == strategy.name and user_id not in here
    ]


def _make_person(user_id, one):
    level_priority = one.level_priority or LAST_LEVEL
    return engine.Person(user_id, received=one.received, head_start=one.head_start, level_priority=level_priority)


def _begin_level(person, credited):
    """The turns of the rotation are levelled by now: what is credited is no turn of before the plan."""
    more = max(0.0, credited.head_start - person.head_start)
    return replace(credited, served=credited.served - more / person.share) if more else credited


def _is_moved(before, strategy, share):
    if share is None or not before.strategy:
        return False
    if before.strategy != strategy.name:
        return True
    return not strategy.is_share_measured and abs(before.turn_share - share) > 1e-9


def keep_progress(run, members, planned):
    """Write on a run's tracking lines how far it is, and make the lines of new people; a fixed number of statements.

    :param members: who takes part now
    :param planned: what was decided of these leads, see ``decide.Planned``
    """
    known = run.member_line_ids.user_id
    new = members.filtered(lambda m: m.user_id not in known)
    if new:
        create_lines(run, new, planned)
        run.invalidate_recordset(["member_line_ids"])
    people = {person.id: person for person in planned.people}
    for line in run.member_line_ids:
        values = {"was_there": line.user_id.id in people}
        if line.user_id in known and values["was_there"]:
            values |= prepare_progress(people[line.user_id.id], planned)
            values["promised"] += line.promised
            values |= prepare_load(values["target_leads"], line.leads_before_total, line.leads_after_total)
        line.write({name: value for name, value in values.items() if line[name] != value})
