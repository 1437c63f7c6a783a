"""How many leads each person can still get."""

from collections import Counter
from dataclasses import dataclass, field

from odoo.tools import SQL

from ..finding.scope import list_types
from ..names import CAP_PERIODS
from ..work.system import as_system
from .arms import get_base
from .ramp_up import WHOLE, find_shares, reduce
from .received import count_coming, count_open, count_received

OF_CLASS = "open_"  # so begins the measure of a limit on the open leads of one class


@dataclass
class Rooms:
    """How many leads more people may get; who has no limit is not among the keys."""

    total: dict = field(default_factory=dict)  # user id -> leads
    by_class: dict = field(default_factory=dict)  # user id -> {class of leads: leads}

    def __bool__(self):
        return bool(self.total or self.by_class)

    def take(self, user_id, lead_class=None):
        """Take the room of one lead away; return whether there was room for it."""
        places = ((self.total, user_id), (self.by_class.get(user_id, {}), lead_class))
        limited = [(rooms, key) for rooms, key in places if key in rooms]
        if any(rooms[key] <= 0 for rooms, key in limited):
            return False
        for rooms, key in limited:
            rooms[key] -= 1
        return True


def find_caps(campaign, users):
    """Return the limits that concern these people in a campaign; one query."""
    # limits over all campaigns bind, whoever plans
    return as_system(campaign.env["lead.distribution.cap"]).search(
        ["|", ("campaign_id", "=", campaign.id), "&", ("campaign_id", "=", False), ("user_id", "in", users.ids)],
        order="id",
    )


def get_class(cap):
    """Return the class of leads that is limited, if it is one."""
    return cap.measure.removeprefix(OF_CLASS) if cap.measure.startswith(OF_CLASS) else None


def has_limits(campaign, users):
    """Whether what people receive elsewhere may change what they can get here."""
    return bool(campaign.max_daily or find_caps(campaign, users))


def count_rooms(campaign, users, request):
    """Return the ``Rooms`` of people now; a fixed number of queries, whatever the number of people and limits.

    Who begins slowly has a part of each limit.
    """
    max_daily = request.get_setting(campaign, "max_daily")
    shares = find_shares(campaign, users)
    most_daily = {user_id: reduce(max_daily, shares.get(user_id, WHOLE)) for user_id in users.ids}
    if request.days:
        # once more what was handed out on some days: what counts today is beside the point
        return Rooms({user_id: most * request.days for user_id, most in most_daily.items()} if max_daily else {})
    caps = find_caps(campaign, users)
    if not (caps or max_daily):
        return Rooms()
    counts = _count_for_caps(campaign, users, caps, bool(max_daily))
    caps_of = caps.grouped("user_id")
    general = caps_of.get(users.browse(), caps.browse())
    rooms = Rooms()
    for user in users:
        totals = [most_daily[user.id] - counts["day", False].get(user.id, 0)] if max_daily else []
        for cap in (*general, *caps_of.get(user, ())):
            most = reduce(cap.maximum, shares.get(user.id, WHOLE))
            room = max(0, most - counts[cap.measure, cap.only_campaign].get(user.id, 0))
            lead_class = get_class(cap)
            if lead_class:
                of_class = rooms.by_class.setdefault(user.id, {})
                of_class[lead_class] = min(room, of_class.get(lead_class, room))
            else:
                totals.append(room)
        if totals:
            rooms.total[user.id] = max(0, min(totals))
    return rooms


def _count_for_caps(campaign, users, caps, by_day):
    """Return {(measure, only this campaign): {user id: number}} for the limits there are, of who has them."""
    who = {("day", False): users} if by_day else {}
    for cap in caps:
        key = cap.measure, cap.only_campaign
        who[key] = who.get(key, users.browse()) | (cap.user_id or users)
    counts = {}
    for only_campaign in sorted({only for _measure, only in who}):
        within = get_base(campaign) if only_campaign else None  # rows are the campaign's, whichever way decided
        of_kind = {measure: people for (measure, only), people in who.items() if only == only_campaign}
        found = _count_periods(campaign, of_kind, within) | _count_held(campaign, of_kind, within)
        counts |= {(measure, only_campaign): numbers for measure, numbers in found.items()}
    return counts


def _count_periods(campaign, who, within):
    """Return {period: {user id: leads received}} for those limits that are of a period.

    :param who: {measure: people with such a limit}
    """
    periods = [period for period in CAP_PERIODS if period in who]
    if not periods:
        return {}
    people = campaign.env["res.users"].union(*(who[period] for period in periods))
    return count_received(
        campaign.env,
        people,
        within,
        campaign.count_weekends,
        campaign.tz,
        list_types(campaign),
        campaign.by_hand_limits,
        periods,
    )


def _count_held(campaign, who, within):
    """Return {measure: {user id: leads open, and those coming}} for those limits that are of open leads.

    :param who: {measure: people with such a limit}
    """
    measures = who.keys() - set(CAP_PERIODS)
    if not measures:
        return {}
    people = campaign.env["res.users"].union(*(who[measure] for measure in measures))
    held = count_open(campaign.env, people, list_types(campaign), within)
    coming = count_coming(campaign.env, people, within)
    return {name: dict(Counter(held[name]) + Counter(coming[name])) for name in measures}


def claim_rooms(users):
    """Have a plan for the same people that begins at this moment begin before this one, or after it.

    Plans see only what was committed before they count. So each of them writes the members'
    rows; of two the later one fails as a conflict, is done again, and counts the other's leads.
    """
    users.env["lead.distribution.member"].flush_model()
    users.env.cr.execute(
        SQL(
            "UPDATE lead_distribution_member m SET rotation_turns = m.rotation_turns FROM (SELECT id FROM "
            "lead_distribution_member WHERE user_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE) l WHERE m.id = l.id",
            users.ids,
        )
    )


def name_few(campaign, members, planned):
    """Return the names of who gets fewer leads today than wanted, each with the number; who begins slowly needs fewer.

    :param planned: {user id: leads of a plan}, which come to those received already
    """
    if not campaign.min_daily:
        return []
    received = count_received(
        campaign.env,
        members.user_id,
        None,
        campaign.count_weekends,
        campaign.tz,
        list_types(campaign),
        campaign.by_hand_limits,
        ("day",),
    )["day"]
    shares = find_shares(campaign, members.user_id)
    totals = {user: received.get(user.id, 0) + planned.get(user.id, 0) for user in members.user_id}
    return [
        f"{user.name} ({total})"
        for user, total in totals.items()
        if total < reduce(campaign.min_daily, shares.get(user.id, WHOLE))
    ]
