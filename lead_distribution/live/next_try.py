"""Why a lead waits, in words, and when it is worth while to try it again."""

from datetime import timedelta

from .rows import LOCKED_AGAIN, Wait

LONGEST = timedelta(hours=1)  # nothing waits longer without being looked at
AFTER_FAILURE = (1, 5, 15, 60)  # minutes


def wait_for_lead(now):
    """Return the ``Wait`` of a lead that somebody is changing."""
    return Wait("locked", now + LOCKED_AGAIN)


def describe_failure(campaign, due, reason, now, run=None):
    """Return the ``Wait`` of a lead that could not be handed out, later each time."""
    minutes = AFTER_FAILURE[min(due.tries, len(AFTER_FAILURE) - 1)]
    return Wait("failed", now + timedelta(minutes=minutes), reason, campaign.id, run and run.id)


class Outlook:
    """What the leads of a campaign wait for.

    :param selection: who takes part, and why not the others
    :param run: the campaign's of the day
    """

    def __init__(self, campaign, now, selection=None, run=None):
        self.campaign, self.now = campaign, now
        self.selection, self.run = selection, run
        self.soon = now + LOCKED_AGAIN

    def put_off(self, due):
        """Return the ``Wait`` of a lead that came a moment ago, or None if it may be handed out."""
        moment = due.since + timedelta(minutes=self.campaign.live_delay)
        return Wait("delay", moment, None, self.campaign.id) if moment > self.now else None

    def describe(self, reason, due):
        """Return the ``Wait`` of a lead that nobody gets now."""
        return Wait(reason, self.now + LONGEST, None, self.campaign.id, self.run.id)

    def fail(self, note, due):
        """Return the ``Wait`` of a lead that could not be written."""
        return describe_failure(self.campaign, due, note, self.now, self.run)
