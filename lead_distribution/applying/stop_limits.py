# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What may go wrong with a run before it is stopped. What is done stays done."""


class StopLimits:
    """The campaign's limits of failed leads, refused leads and conflicts; 0 is none.

    Refused leads of a batch are counted here until the batch is through, as the savepoint of
    a failing lead takes back what was written on the run.

    :param run: with full rights
    """

    def __init__(self, run):
        self.run = run
        self.campaign = run.campaign_id
        self.refused = 0
        self.is_retrying = False  # leads that are tried again were counted the first time

    def count_refused(self):
        """Remember that Odoo or an addon refused the values of a lead."""
        if not self.is_retrying:
            self.refused += 1

    def forget_refused(self):
        """Begin a batch: what was counted in a try that a conflict has undone is counted anew."""
        self.refused = 0

    def keep_refused(self):
        """Write on the run what was counted, outside of all savepoints."""
        if self.refused:
            self.run.invalid_count += self.refused
            self.refused = 0

    def find_passed(self):
        """Return in words which limit was passed, or nothing."""
        campaign, _ = self.campaign, self.run.env._
        if campaign.max_failed and (count := self._count_failed()) > campaign.max_failed:
            return self._describe(count, _("failed leads"), campaign.max_failed)
        if campaign.max_invalid and (count := self.run.invalid_count + self.refused) > campaign.max_invalid:
            return self._describe(count, _("refused leads"), campaign.max_invalid)
        if campaign.max_conflicts and (count := self.run.conflict_count) > campaign.max_conflicts:
            return self._describe(count, _("conflicts"), campaign.max_conflicts)
        return None

    def _count_failed(self):
        rows = self.run.env["lead.distribution.assignment"]
        return rows.search_count([("run_id", "=", self.run.id), ("state", "=", "failed")])

    def _describe(self, count, what, limit):
        return self.run.env._(
            "The run was stopped after %(count)s %(what)s; the campaign allows %(limit)s.",
            count=count,
            what=what,
            limit=limit,
        )
