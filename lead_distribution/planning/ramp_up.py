"""Who is new in a campaign begins slowly: with a part of a share, for some days."""

from datetime import timedelta

from ..finding.scope import get_today
from ..tools.clock import format_date_near

WHOLE = 100  # percent


def find_shares(campaign, users):
    """Return {user id: percent of a share} of those who begin slowly in a campaign today; the others have a whole one.

    :param users: of whom it is asked
    """
    if not campaign.ramp_up_days:
        return {}
    members = campaign.with_context(active_test=False).member_ids.filtered(lambda m: m.user_id in users)
    today = get_today(campaign)
    return {m.user_id.id: campaign.ramp_up_percent for m in members if _is_new(m, today)}


def get_share(member):
    """Return the percent of a share that a member has today."""
    campaign = member.campaign_id
    return campaign.ramp_up_percent if _is_new(member, get_today(campaign)) else WHOLE


def describe_share(member):
    """Return “50% until May 3” of a member who begins slowly, else nothing."""
    campaign = member.campaign_id
    if get_share(member) == WHOLE:
        return False
    day = format_date_near(member.env, get_last_day(member), get_today(campaign))
    return member.env._("%(percent)s%% until %(day)s", percent=campaign.ramp_up_percent, day=day)


def get_last_day(member):
    """Return the last day with a part of a share; the day of joining is the first one."""
    return member.joined_on + timedelta(days=member.campaign_id.ramp_up_days - 1)


def _is_new(member, today):
    return bool(member.joined_on and member.campaign_id.ramp_up_days and today <= get_last_day(member))


def reduce(number, percent):
    """Return a part of a target or limit, in whole leads: rounded down, and 1 at least where there is anything.

    >>> reduce(100, 50), reduce(5, 50), reduce(1, 10), reduce(0, 50)
    (50, 2, 1, 0)
    """
    return max(1, number * percent // WHOLE) if number > 0 else number
