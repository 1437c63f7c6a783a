"""Who takes part in a plan, and what of a person cannot be used as it is."""

from ..engine.zones import is_zone, pick_zone


def choose(members, user_ids):
    """Return (those of the members who are named, {ids named that are no member's}).

    :param members: records of the campaign's members
    :param user_ids: ids of users; None: everybody takes part
    """
    if user_ids is None:
        return members, set()
    named = set(user_ids)
    return members.filtered(lambda m: m.user_id.id in named), named - set(members.user_id.ids)


def get_zones(users, fallback):
    """Return {user id: name of a time zone that is known}.

    :param fallback: zone of people who have none, or one that nobody knows
    """
    return {user.id: pick_zone(user.tz, fallback) for user in users}


def find_lost_in_time(users):
    """Return the users whose time zone nobody knows; most have none at all, or a known one."""
    return users.filtered(lambda user: user.tz and not is_zone(user.tz))
