"""Working off the list of waiting leads in micro-batches, each of them one transaction."""

from dataclasses import dataclass


@dataclass
class Worked:
    """What became of the leads that were looked at."""

    handed_out: int = 0
    waiting: int = 0
    not_taken: int = 0


def work_off(env):
    """Hand out what waits and may be tried; return what became of it, see ``Worked``. Commits after every batch.

    :param env: with full rights
    """
    return Worked()
