from odoo import fields, models

BAND_RULES = [
    ("all_levels", "All levels"),
    ("senior_only", "Seniors only"),
    ("junior_first", "Juniors first"),
]


class LeadDistributionCampaign(models.Model):
    """Which levels get leads of high, medium and low priority; and how long a rotation lasts.

    Source: specification 4.2 and 4.3, ``priority_handling`` and ``cycle_reset``; reading R65:
    high is Odoo's High and Very High, medium Medium, low Low.
    """

    _inherit = "lead.distribution.campaign"

    band_high = fields.Selection(
        BAND_RULES,
        string="High priority goes to",
        default="all_levels",
        required=True,
        help="Seniors only: people of the level with the code senior; without room there, the lead stays. "
        "Juniors first: when levels are filled, in reversed order.",
    )
    band_medium = fields.Selection(BAND_RULES, string="Medium priority goes to", default="all_levels", required=True)
    band_low = fields.Selection(BAND_RULES, string="Low priority goes to", default="all_levels", required=True)
    rotation_reset = fields.Selection(
        [("never", "Never"), ("daily", "Every day"), ("weekly", "Every week"), ("monthly", "Every month")],
        string="Turns start anew",
        default="never",
        required=True,
        help="Never: the remainder of each run is made up for in the next, for ever.",
    )
    rotation_started = fields.Date(readonly=True, copy=False)

    def _is_rotation_over(self):
        """Whether a new rotation starts with the next run."""
        started, today = self.rotation_started, self._get_today()
        if self.rotation_reset == "never" or not started:
            return False
        period = {
            "daily": lambda date: date,
            "weekly": lambda date: date.isocalendar()[:2],
            "monthly": lambda date: (date.year, date.month),
        }[self.rotation_reset]
        return period(started) != period(today)

    def _start_rotation(self):
        """Forget the turns of a rotation that is over; remember since when turns are counted."""
        if self._is_rotation_over():
            self.with_context(active_test=False).member_ids.rotation_turns = 0
            self.rotation_started = self._get_today()
        elif not self.rotation_started:
            self.rotation_started = self._get_today()
