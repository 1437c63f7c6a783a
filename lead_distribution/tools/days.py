"""Where a day ends."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo


def get_end_of_day(tz):
    """Return the next midnight of a time zone, in UTC as Odoo stores moments.

    :param tz: name of a zone that is known
    """
    zone = ZoneInfo(tz)
    tomorrow = datetime.now(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, zone).astimezone(timezone.utc).replace(tzinfo=None)
