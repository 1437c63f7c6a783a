"""When nobody of a campaign is there though somebody usually is, in words."""

from datetime import timedelta

from ..planning.presence.draw import find_gaps
from ..planning.presence.look import look
from ..planning.presence.words import Words

SHOWN = 3
WEEK = timedelta(days=7)


def list_gaps(campaign, now, last):
    """Return the hours from now on in which nobody can receive leads: “Nobody from 14:00 to 16:00 on Friday”.

    :param campaign: with full rights
    :param last: so far it is looked ahead (UTC, as ``now``)
    """
    sharing = campaign.member_ids.filtered(lambda m: m.active and m.user_id.active and not m.why_nothing)
    users = sharing.user_id
    if not users:
        return []
    presence = look(campaign, users, now).values()
    if not any(one.can_receive or (one.back_on and one.back_on < last) for one in presence):
        return [campaign.env._("Nobody is there in the next seven days")]
    words = Words(campaign, now)
    return [words.tell_gap(start, end) for start, end in find_gaps(campaign, users, now, last)]


def tell_gaps(campaign, now):
    """Return the first of the gaps of a week, a line each; nothing where hours do not matter.

    :param campaign: saved, with full rights
    """
    if not (campaign.is_live or campaign.availability != "ignore"):
        return ""
    gaps = list_gaps(campaign, now, now + WEEK)
    lines, more = gaps[:SHOWN], len(gaps) - SHOWN
    if more > 0:
        lines.append(campaign.env._("and %s more", more))
    return "\n".join(lines)
