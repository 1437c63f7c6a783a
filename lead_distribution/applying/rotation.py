"""Whose turn it is: what people receive counts for the order of the next run."""

from collections import Counter

from odoo import fields

from ..planning.arms import get_deciding
from ..planning.line_ups import find_people
from ..planning.ramp_up import WHOLE
from ..planning.rotation import level_turns, start_rotation
from ..planning.turns_by_hand import take_given
from ..work.system import as_system


def turn_rotation_by_way(run, rows, sign):
    """Add what rows of a run gave to the turns of the people, or take it away again, see ``turn_rotation``."""
    for arm, part in as_system(rows).grouped("arm").items():
        turn_rotation(run, Counter(row.user_id.id for row in part), sign, arm)


def turn_rotation(run, received, sign, arm=None):
    """Add what people have received to their turns, or take it away again; two statements, whoever they are.

    Who was not there the last time is put at the average of those who were, before anything is added. A lead is more
    than one turn for who begins slowly. May be called several times for a run that goes on.

    :param received: {user id: number of leads}
    :param sign: 1 or -1
    :param arm: the way by which they received it, if there are two: each keeps the turns of its own members
    """
    if not received:
        return
    campaign = get_deciding(run, arm or run.arm)
    if sign > 0:
        start_rotation(campaign)
    members = campaign.with_context(active_test=False).member_ids
    people = _find_people(run, arm)
    here = members.filtered(lambda member: member.user_id in people)
    turns = {}
    if sign > 0:
        turns = level_turns(campaign, here, take_given(campaign, here.user_id, campaign.rotation_started))
    shares = {line.user_id.id: line.ramp_share / WHOLE for line in run.member_line_ids}
    now = run.finished_on or fields.Datetime.now()
    for member in members:
        gained, values = received.get(member.user_id.id, 0), {}
        own = turns.get(member, member.rotation_turns) + sign * gained / (shares.get(member.user_id.id) or 1)
        if gained and sign > 0:
            values["last_received"] = now
        values["rotation_turns"] = max(0, round(own, 6))
        if sign > 0 and run.origin != "pull":  # who takes a lead is no measure of who was there
            values["in_rotation"] = member in here or (member.in_rotation and _is_for_some(run))
        member.write({name: value for name, value in values.items() if member[name] != value})


def _find_people(run, arm):
    """Return who took part when leads were decided the last time."""
    people = run.member_line_ids.filtered("was_there").user_id
    if run.experiment_id and not run.arm and arm:
        return people & people.browse(find_people(run, arm))
    return people


def _is_for_some(run):
    """Whether people were chosen for the run, so that the others were not away."""
    return run.origin == "import" or (run.options or {}).get("user_ids") is not None
