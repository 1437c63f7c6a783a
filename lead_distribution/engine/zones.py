"""Time zones that may be unknown: names outlive the tables that explain them."""

from functools import cache
from zoneinfo import ZoneInfo


@cache
def is_zone(name):
    """Whether a name is that of a time zone this machine knows.

    >>> is_zone("Asia/Tokyo"), is_zone("Mars/Olympus"), is_zone("../etc"), is_zone("")
    (True, False, False, False)
    """
    if not name or not isinstance(name, str):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; no name at all; a folder
        return False
    return True


def pick_zone(*names):
    """Return the first name that is known, "UTC" if none is.

    >>> pick_zone("Mars/Olympus", None, "Asia/Tokyo"), pick_zone()
    ('Asia/Tokyo', 'UTC')
    """
    return next((name for name in names if is_zone(name)), "UTC")
