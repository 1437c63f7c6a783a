import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..importing.callers import fill_callers

PAST_DAYS = 12
LEADS_A_DAY = 5
FILE_ROWS = (
    "Full name;Company;E-mail;Phone;City;Country",
    "Nina Hart;Hart Interiors;nina.hart@example.com;+1 212 555 7101;New York;US",
    "Omar Reyes;Reyes Dental;omar.reyes@example.com;+1 312 555 7102;Chicago;US",
    "Paula Stein;Stein Logistics;paula.stein@example.com;+49 30 9018 7103;Berlin;DE",
    "Quentin Roux;Roux Studio;quentin.roux@example.com;+33 1 99 00 71 04;Paris;FR",
    "Rita Mehta;Mehta Clinic;rita.mehta@example.com;+91 22 5550 7105;Mumbai;IN",
    "Rita Mehta;Mehta Clinic;RITA.MEHTA@example.com;+91 22 5550 7105;Mumbai;IN",
    "Sam Boyd;Boyd Roofing;sam.boyd@example.com;+1 737 555 7106;Austin;US",
    ";;;;Leeds;GB",
    "Tara Quinn;Quinn Legal;tara.quinn@example.com;+44 20 7946 7107;London;GB",
)


class LeadDistributionDemo(models.AbstractModel):
    """Some past for the sample data, so that trends and the dashboard have something to show.

    Only ``make demo`` calls it: the past belongs to the campaign Apple, Voice stays as it is.
    """

    _inherit = "lead.distribution.demo"

    @api.model
    def _make_past_runs(self):
        """Hand out some leads of Apple as if it had been on the working days before today."""
        apple = self.env["lead.distribution.campaign"].search([("name", "=", "Apple")], limit=1)
        quiet = apple.with_context(tracking_disable=True)
        today = fields.Date.context_today(self)
        days = [today - timedelta(days=days) for days in range(PAST_DAYS, 0, -1)]
        quiet.write({"notify_salespeople": "none", "notify_responsible": False})
        for number, day in enumerate(day for day in days if day.weekday() < 5):
            run = quiet.distribute(max_leads=LEADS_A_DAY - number % 3)
            self._move_to_the_past(run, today - day)
        apple.write({"notify_salespeople": "preference", "notify_responsible": True})

    def _move_to_the_past(self, run, age):
        """Date a run back, and let people have called two of three leads some hours later."""
        self.env.flush_all()
        for table in ("assignment", "run_member", "run"):
            condition = SQL("id = %s", run.id) if table == "run" else SQL("run_id = %s", run.id)
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET distribution_date = distribution_date - %s WHERE %s",
                    SQL.identifier(f"lead_distribution_{table}"), age.days, condition,
                )
            )  # fmt: skip
        self.env.cr.execute(
            SQL(
                "UPDATE lead_distribution_run SET create_date = create_date - %s, started_on = started_on - %s, "
                "finished_on = finished_on - %s WHERE id = %s",
                age, age, age, run.id,
            )
        )  # fmt: skip
        self.env.cr.execute(
            SQL(
                "UPDATE lead_distribution_assignment SET applied_on = applied_on - %s, "
                "first_action_on = CASE WHEN id %% 3 > 0 "
                "THEN applied_on - %s + make_interval(hours => id %% 7 + 1) END, "
                "hours_to_action = CASE WHEN id %% 3 > 0 THEN id %% 7 + 1 END WHERE run_id = %s",
                age, age, run.id,
            )
        )  # fmt: skip
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET distributed_on = distributed_on - %s WHERE id IN "
                "(SELECT lead_id FROM lead_distribution_assignment WHERE run_id = %s)",
                age, run.id,
            )
        )  # fmt: skip
        self.env.invalidate_all(flush=False)

    @api.model
    def _make_import(self):
        """Import a small spreadsheet into Apple, as a manager would: one row twice, one without a name."""
        apple = self.env["lead.distribution.campaign"].search([("name", "=", "Apple")], limit=1)
        content = "\n".join(FILE_ROWS).encode()
        admin = self.env.ref("base.user_admin")
        batch = (
            self.env["lead.import.batch"]
            .with_user(admin)
            .create({"file": base64.b64encode(content), "file_name": "trade_fair.csv", "campaign_id": apple.id})
        )
        while batch.step != "campaign":
            batch.action_next()
        batch.campaign_id = apple
        fill_callers(batch)
        batch.action_tick_all()
        batch.action_next()
        batch.action_start()
        return batch
