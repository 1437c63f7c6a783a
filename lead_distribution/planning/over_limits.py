"""What people can no longer get: a plan may wait, or stand still, while others hand out leads."""

from .arms import get_deciding
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
        """Whether the class of each lead counts, and no line-up says it."""
        return len(self.ways) > 1 and any(of_way.by_class for of_way in self.rooms.values())

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
