from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from . import sample

NAME = "Partners"
AWAY, PAUSED, TRAINED = "pat_adler", "kevin_levonas", "eve_davis"
ENQUIRIES = (
    ("Reseller contract for Novak Telecom", "Viktor Novak", "+33 1 99 00 81 01"),
    ("Reseller contract for Haddad IT", "Leila Haddad", "+44 20 7946 8102"),
    ("Joint offer with Rossi Networks", "Mateo Rossi", "+1 212 555 8103"),
)


class LeadDistributionDemo(models.AbstractModel):
    """A campaign that hands out as leads come, at an hour when nobody of it is there. Only ``make demo`` calls it."""

    _inherit = "lead.distribution.demo"

    @api.model
    def _make_live(self):
        """Let enquiries come in for a live campaign of two people: one is on holiday, the other one has paused."""
        users = {user.login: user for user in self.env["res.users"].search([("login", "in", list(sample.PEOPLE))])}
        campaign = self.env["lead.distribution.campaign"].create(
            {
                "name": NAME,
                "description": "Resellers who ask for a contract: handed out as they come.",
                "color": 10,
                "tz": sample.ZONE,
                "user_id": self.env.ref("base.user_admin").id,
                "lead_type": "opportunity",
                "is_live": True,
                "availability": "working_hours",
                "member_ids": [Command.create({"user_id": users[login].id}) for login in (AWAY, PAUSED)],
            }
        )
        now = fields.Datetime.now()
        self._leave(users[AWAY], now - timedelta(days=1), now + timedelta(days=5), "Holiday")
        self._leave(users[TRAINED], now + timedelta(days=2), now + timedelta(days=4), "Training")
        users[PAUSED].with_user(users[PAUSED]).action_pause_leads(reason="At a trade fair")
        today = self._get_today()
        leads = self.env["crm.lead"].with_context(tracking_disable=True, mail_create_nosubscribe=True)
        leads.create(
            [
                {"type": "opportunity", "name": name, "contact_name": contact, "phone": phone,
                 "user_id": False, "team_id": False, "source_date": today}
                for name, contact, phone in ENQUIRIES
            ]
        )  # fmt: skip
        return campaign

    def _leave(self, user, start, end, reason):
        self.env["lead.distribution.absence"].create(
            {"user_id": user.id, "date_from": start, "date_to": end, "reason": reason}
        )
