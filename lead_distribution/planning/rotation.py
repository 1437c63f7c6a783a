"""Turns are counted over all runs of a rotation, so that whoever was first once is not always."""

from ..finding.scope import get_today
from .ramp_up import WHOLE, get_share

# what the dates of one rotation have in common
PERIODS = {
    "daily": lambda date: date,
    "weekly": lambda date: date.isocalendar()[:2],
    "monthly": lambda date: (date.year, date.month),
}


def is_rotation_over(campaign):
    """Whether a new rotation starts with the next run."""
    started = campaign.rotation_started
    if campaign.rotation_reset == "never" or not started:
        return False
    period = PERIODS[campaign.rotation_reset]
    return period(started) != period(get_today(campaign))


def start_rotation(campaign):
    """Forget the turns of a rotation that is over; remember since when turns are counted."""
    if is_rotation_over(campaign):
        campaign.with_context(active_test=False).member_ids.rotation_turns = 0
        campaign.rotation_started = get_today(campaign)
    elif not campaign.rotation_started:
        campaign.rotation_started = get_today(campaign)


def get_rotation_start(campaign):
    """Return since when turns are counted in the next plan: a date, None before the first run."""
    return get_today(campaign) if is_rotation_over(campaign) else campaign.rotation_started


def level_turns(campaign, members, given):
    """Return {member: turns} of those who take part, levelled where they did not the last time.

    Others have had turns meanwhile: who comes back, or is new, starts at the average of those who took part,
    and who had more already keeps them. Nobody took part yet: all keep what they have.

    :param given: {user id: leads given by hand that are turns, too}, see ``turns_by_hand``
    """
    turns = {member: member.rotation_turns + _count_given(member, given) for member in members}
    others = campaign.with_context(active_test=False).member_ids.filtered("in_rotation")
    late = members - others
    if others and late:
        average = sum(turns.get(member, member.rotation_turns) for member in others) / len(others)
        turns.update({member: max(turns[member], average) for member in late})
    return turns


def begin_turns(members, given):
    """Return {member: turns} of those who take part in the first run of a rotation."""
    return {member: _count_given(member, given) for member in members}


def _count_given(member, given):
    """Return the turns that leads given by hand are: more than one each for who begins slowly."""
    count = given.get(member.user_id.id, 0)
    return count * WHOLE / get_share(member) if count else 0
