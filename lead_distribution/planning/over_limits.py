"""What people can no longer get: a plan may wait, or stand still, while others hand out leads."""

from ..names import HANDED_OUT
from .arms import get_deciding
from .facts import find_classes
from .limits import claim_rooms, count_rooms
from .request import PlanRequest


class RoomsOfRun:
    """How many leads more the people of a run can get now; false if nobody of them has a limit.

    :param run: with full rights; one that is being applied counts its own leads already
    """

    def __init__(self, run):
        self.people, request = run.member_line_ids.user_id, PlanRequest.read(run.options)
        self.ways = ("a", "b") if run.experiment_id and not run.arm else (None,)
        self.rooms = {arm: count_rooms(get_deciding(run, arm), self.people, request) for arm in self.ways}

    def __bool__(self):
        return any(self.rooms.values())

    def claim(self):
        """Have other plans for these people begin before, or after."""
        claim_rooms(self.people)

    def needs_classes(self):
        """Whether the class of each lead counts."""
        return any(of_way.by_class for of_way in self.rooms.values())

    def take(self, user_id, lead_class, arm):
        """Take the room of one lead away; return whether there was room for it."""
        own = self.rooms[arm if arm in self.rooms else self.ways[0]]
        if not own.take(user_id, lead_class):
            return False
        for other in self.rooms.values():  # what somebody gets by one way leaves less room in the other
            if other is not own:
                other.take(user_id, lead_class)
        return True


def describe_over_limit(env):
    """Return why somebody does not get a lead that was planned."""
    return env._("The limit of this person was reached meanwhile.")


def skip_over_limits(run, rows):
    """Skip the rows that people can no longer get, the last planned ones first; return the others.

    A plan may wait before it is applied, and others may be applied in the meantime. In the caller's transaction, which
    is done again if others count for the same people at this moment.

    :param run: with full rights; what of it is being applied counts already, so these rows must not
    :param rows: of the run, in the order in which they were planned
    """
    rooms = RoomsOfRun(run)
    if not rooms:
        return rows
    rooms.claim()
    classes = find_classes(run.env, rows.lead_id.ids) if rooms.needs_classes() else {}
    over = rows.browse(
        row.id
        for row in rows
        if row.kind in HANDED_OUT and not rooms.take(row.user_id.id, classes.get(row.lead_id.id), row.arm)
    )
    over.write({"state": "skipped", "note": describe_over_limit(run.env)})
    return rows - over
