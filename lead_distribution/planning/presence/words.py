# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Why somebody receives nothing at a moment, as people say it: in the reader's language, on the campaign's clock."""

from ...engine.zones import pick_zone
from ...tools.clock import format_span, format_until, name_zone


class Words:
    """Puts what keeps people away into words.

    Moments are on the wall clock of the campaign, for there are people in several zones; it is named where that of the
    reader, or the person's, is another one.
    """

    def __init__(self, campaign, at):
        self.env, self.at = campaign.env, at
        self.zone = pick_zone(campaign.tz)
        self._told = {}
        self.is_readers = pick_zone(self.env.user.tz, self.zone) == self.zone

    def explain(self, kind, away, back_on, user):
        """Return why a person receives nothing.

        :param kind: see ``Presence``; :param away: see ``Away``, if it is that
        :param back_on: when they can receive again (UTC), None if nobody knows
        """
        _ = self.env._
        until = back_on and self.tell(back_on, user)
        if kind == "pause":
            text = _("paused until %s", until) if until else _("paused until further notice")
        elif kind == "off_shift":
            text = _("off shift until %s", until) if until else _("has no working hours")
        elif kind == "shift_end":
            text = _("the shift is nearly over; again from %s", until) if until else _("the shift is nearly over")
        else:
            text = _("away until %s", until) if until else _("away")
        reason = away and (away.reason or (_("time off") if kind == "leave" else ""))
        return _("%(text)s (%(reason)s)", text=text, reason=reason) if reason else text

    def tell(self, moment, user=None):
        """Return a moment (UTC) as people say it.

        :param user: whom it is about
        """
        if moment not in self._told:  # most people begin at the same hours
            self._told[moment] = format_until(self.env, moment, self.at, self.zone)
        text = self._told[moment]
        if self.is_readers and (not user or pick_zone(user.tz, self.zone) == self.zone):
            return text
        return self.env._("%(moment)s, %(zone)s time", moment=text, zone=name_zone(self.zone))

    def tell_gap(self, start, end):
        """Return that nobody is there between two moments (UTC)."""
        text = self.env._("Nobody %s", format_span(self.env, start, end, self.at, self.zone))
        if self.is_readers:
            return text
        return self.env._("%(moment)s, %(zone)s time", moment=text, zone=name_zone(self.zone))
