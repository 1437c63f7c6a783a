"""Why a lead waits, in words, and when it is worth while to try it again."""

from datetime import datetime, time, timedelta

import pytz

from ..engine.zones import pick_zone
from ..planning.people import get_zones
from ..planning.presence.look import look
from .rows import FAILED, LOCKED_AGAIN, Wait

LONGEST = timedelta(hours=1)  # nothing waits longer without being looked at
AFTER_FAILURE = (1, 5, 15, 60)  # minutes, longer each time
NAMED = 3  # people who are named


def wait_for_lead(now):
    """Return the ``Wait`` of a lead that somebody is changing."""
    return Wait("locked", now + LOCKED_AGAIN)


def describe_failure(campaign, due, reason, now, run=None):
    """Return the ``Wait`` of a lead that could not be handed out."""
    minutes = AFTER_FAILURE[min(due.failures, len(AFTER_FAILURE) - 1)]
    return Wait(FAILED, now + timedelta(minutes=minutes), reason, campaign.id, run and run.id, not due.told_on)


def put_off(campaign, due, now):
    """Return the ``Wait`` of a lead that came a moment ago, or None if it may be handed out."""
    moment = due.since + timedelta(minutes=campaign.live_delay)
    return Wait("delay", moment, None, campaign.id) if moment > now else None


class Outlook:
    """What the leads of a campaign wait for that nobody gets now. People are looked at once, and only if any waits.

    :param selection: who takes part, and why not the others
    :param run: the campaign's of the day
    :param deciding: the campaign whose people these are: its own, or that of way B
    """

    def __init__(self, campaign, now, selection, run, deciding):
        self.campaign, self.now, self.deciding = campaign, now, deciding
        self.selection, self.run = selection, run
        self.env = campaign.env
        self._away = None
        self._known = {}  # reason → (reason, detail, next try)

    def describe(self, reason, due):
        """Return the ``Wait`` of a lead.

        :param reason: of the plan
        """
        if reason not in self._known:
            self._known[reason] = self._describe(reason)
        told_as, detail, moment = self._known[reason]
        fallback_on = get_fallback_on(self.campaign, due)
        if fallback_on > self.now:
            moment = min(moment, fallback_on)
        return Wait(told_as, moment, detail, self.campaign.id, self.run.id)

    def fail(self, note, due):
        """Return the ``Wait`` of a lead that could not be written."""
        return describe_failure(self.campaign, due, note, self.now, self.run)

    def wait_for_lead(self):
        """Return the ``Wait`` of a lead that somebody is changing."""
        return wait_for_lead(self.now)._replace(campaign_id=self.campaign.id, run_id=self.run.id)

    def _describe(self, reason):
        away = self._find_away()
        if reason == "no_salespeople" and away:
            reason = "nobody_there"
        detail = None
        if reason == "max_leads":
            moments = [find_midnight(self.now, pick_zone(self.campaign.tz))]
        else:
            moments = [presence.back_on for presence in away.values() if presence.back_on]
            detail = self._name_away(away) if away else self._name_left_out(reason)
        if reason == "everybody_full":
            zones = get_zones(self.deciding.member_ids.user_id, self.campaign.tz).values()
            moments += [find_midnight(self.now, zone) for zone in set(zones)]
        moments = [moment for moment in moments if moment > self.now]
        return reason, detail, min([*moments, self.now + LONGEST])

    def _find_away(self):
        """Return {user: ``Presence``} of the members who would receive if they were there."""
        if self._away is None:
            reasons = set(self.selection.left_out.values())
            absent = (self.deciding.member_ids - self.selection.members).user_id
            found = look(self.deciding, absent, self.now) if reasons and absent else {}
            self._away = {
                user: found[user.id] for user in absent if user.id in found and found[user.id].reason in reasons
            }
        return self._away

    def _name_away(self, away):
        """Return who is away until when, those who are back first."""
        ordered = sorted(away.items(), key=lambda item: (item[1].back_on or datetime.max, item[0].name))
        return self._join([f"{user.name}: {presence.reason}" for user, presence in ordered])

    def _name_left_out(self, reason):
        if reason != "no_salespeople":
            return None
        return self._join([f"{name}: {why}" for name, why in self.selection.left_out.items()])

    def _join(self, texts):
        rest = len(texts) - NAMED
        more = [self.env._("%s more", rest)] if rest > 0 else []
        return "; ".join([*texts[:NAMED], *more]) or None


def get_fallback_on(campaign, due):
    """Return when a lead that nobody can take goes to somebody else, or is told of."""
    return due.since + timedelta(minutes=campaign.live_fallback_minutes)


def find_midnight(now, zone):
    """Return when the day ends in a time zone; all moments are UTC.

    >>> find_midnight(datetime(2024, 3, 30, 22, 30), "Europe/Brussels")
    datetime.datetime(2024, 3, 30, 23, 0)
    """
    zone = pytz.timezone(zone)
    tomorrow = pytz.utc.localize(now).astimezone(zone).date() + timedelta(days=1)
    return zone.localize(datetime.combine(tomorrow, time())).astimezone(pytz.utc).replace(tzinfo=None)
