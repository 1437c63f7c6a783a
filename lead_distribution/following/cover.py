"""Cover: for the time of an absence others take over the open leads; what nobody worked on comes back at its end."""


def follow_covers(env, get_ways):
    """Begin the covers of absences that have begun, and end those of absences that are over. Commits after each.

    :param env: with full rights
    :param get_ways: campaign → its ``day.ways.Ways``
    """
