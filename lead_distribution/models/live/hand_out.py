"""Hands the hooks of campaigns to the room ``live``, which hands out leads as they come."""

from ...live.worker import work_off
from ..base.ways import get_ways


def hand_out(env):
    """Hand out what waits and may be tried; return what became of it, see ``live.worked.Worked``. Commits.

    :param env: with full rights
    """
    return work_off(env, get_ways)
