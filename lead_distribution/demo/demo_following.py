from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from . import sample
from .demo_live import AWAY, PAUSED

REASONS = ("Speaks another language", "Knows this customer privately", "Not my subject")
HOURS = {"Voice": 8, "Apple": 4}
# minutes until leads of the run of the day are due; those that are over are missed
SOON, LATE = (20, 45, 70, 100), (-25, -80, -150)
DECLINED, DECLINES, PULLS, PULLED, COVERED = 2, "alice_smith", "gina_wilson", 3, "frank_miller"


class LeadDistributionDemo(models.AbstractModel):
    """Deadlines, and what became of some leads after the hand-out. Only ``make demo`` calls it."""

    _inherit = "lead.distribution.demo"

    @api.model
    def _set_deadlines(self):
        """Let both campaigns ask for a first action in time; what is late in Apple goes to somebody else."""
        reasons = self.env["lead.distribution.decline.reason"].create([{"name": name} for name in REASONS])
        for campaign in self._get_campaigns():
            campaign.write(
                {
                    "first_action_hours": HOURS[campaign.name],
                    "first_action_clock": "clock",
                    "on_missed": "take_back" if campaign.name == "Apple" else "tell",
                    "decline_reason_ids": [Command.set(reasons.ids)],
                    "decline_limit": 5,
                }
            )

    @api.model
    def _make_following(self):
        """Let some leads of the day be due soon and some late, some be declined and taken; somebody is on holiday."""
        voice, apple = (self._get_campaigns().filtered(lambda c, name=name: c.name == name) for name in HOURS)
        people = self.env["res.users"].search([("login", "in", list(sample.PEOPLE))])
        by_login = {user.login: user for user in people}
        self._pull(apple, by_login[PULLS])
        self._decline(voice, by_login[DECLINES])
        self._make_due(voice)
        self._make_due(apple, late=LATE[:1], soon=())
        self._cover(by_login[COVERED])
        self.env["lead.distribution.assignment"]._cron_follow()

    def _pull(self, campaign, user):
        campaign.with_user(user).pull_leads(count=PULLED)

    def _decline(self, campaign, user):
        rows = self._get_open(campaign).filtered(lambda row: row.user_id == user)[:DECLINED]
        for row, reason in zip(rows, REASONS, strict=False):
            row.lead_id.with_user(user).action_decline(reason)

    def _get_open(self, campaign):
        """Return the rows of a campaign with something due, of people who are there."""
        domain = [("campaign_id", "=", campaign.id), ("deadline_state", "=", "open"), ("due_on", "!=", False)]
        rows = self.env["lead.distribution.assignment"].search(domain, order="id")
        return rows.filtered(lambda row: row.user_id.login not in (AWAY, PAUSED, COVERED))

    def _make_due(self, campaign, late=LATE, soon=SOON):
        """Let leads be due so many minutes from now, those of different people, as if handed out earlier."""
        hours, now = HOURS[campaign.name], fields.Datetime.now()
        by_person = {row.user_id: row for row in reversed(self._get_open(campaign))}
        rows = sorted({*by_person.values(), *self._get_open(campaign)[:: len(late + soon)]}, key=lambda row: row.id)
        for row, minutes in zip(rows, late + soon, strict=False):
            due = now + timedelta(minutes=minutes)
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    "UPDATE lead_distribution_assignment SET applied_on = %s, due_on = %s, check_on = %s, "
                    "remind_on = NULL WHERE id = %s",
                    due - timedelta(hours=hours), due, due, row.id,
                )
            )  # fmt: skip
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_lead SET distributed_on = %s, due_on = %s WHERE id = %s",
                    due - timedelta(hours=hours), due, row.lead_id.id,
                )
            )  # fmt: skip
        self.env.invalidate_all()

    def _cover(self, user):
        """Let somebody be on holiday since this morning, while the campaign shares the leads; they come back."""
        now = fields.Datetime.now()
        self.env["lead.distribution.absence"].create(
            {
                "user_id": user.id,
                "date_from": now - timedelta(hours=3),
                "date_to": now + timedelta(days=4),
                "reason": "Holiday",
                "cover": "campaign",
            }
        )
