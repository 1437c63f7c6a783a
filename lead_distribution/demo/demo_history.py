import base64
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..importing.callers import fill_callers
from . import sample

PAST_DAYS = 28
REVERTED = 11  # this run of Apple was taken back, and made again a day later
FIRST_ARRIVAL, FIRST_OF_TODAY = 2_000, 4_000  # numbers of sample leads
MORNING = {"Voice": 42, "Apple": 18}
PASSWORD = "demo"
# what became of leads that were handed out: so many of each, among those handed out long ago and lately
OUTCOMES = {
    True: {"won": 4, "lost": 8, "cancelled": 1, "full_pitch_follow_up": 3, "in_progress": 3, "new": 1},
    False: {"won": 2, "lost": 3, "full_pitch_follow_up": 5, "in_progress": 7, "new": 3},
}
LATELY = 9  # days
IN_TIME = 8  # hours to the first action
FILE_ROWS = (
    "Full name;Company;E-mail;Phone;City;Country;Status",
    "Nina Hart;Hart Interiors;nina.hart@example.com;+1 212 555 7101;New York;US;New",
    "Omar Reyes;Reyes Dental;omar.reyes@example.com;+1 312 555 7102;Chicago;US;New",
    "Paula Stein;Stein Logistics;paula.stein@example.com;+49 30 9018 7103;Berlin;DE;neu",
    "Quentin Roux;Roux Studio;quentin.roux@example.com;+33 1 99 00 71 04;Paris;FR;nouveau",
    "Rita Mehta;Mehta Clinic;rita.mehta@example.com;+91 22 5550 7105;Mumbai;IN;New",
    "Rita Mehta;Mehta Clinic;RITA.MEHTA@example.com;+91 22 5550 7105;Mumbai;IN;New",
    "Sam Boyd;Boyd Roofing;sam.boyd@example.com;+1 737 555 7106;Austin;US;New",
    ";;;;Leeds;GB;",
    "Tara Quinn;Quinn Legal;tara.quinn@example.com;+44 20 7946 7107;London;GB;",
)


class LeadDistributionDemo(models.AbstractModel):
    """Some past for the sample data, so that trends and the dashboard have a shape, and work for this morning.

    Only ``make demo`` calls it.
    """

    _inherit = "lead.distribution.demo"

    @api.model
    def _make_past_runs(self):
        """Hand out the leads of four weeks, day by day, as if it had been done then."""
        campaigns = self._get_campaigns().with_context(tracking_disable=True)
        campaigns.write({"notify_salespeople": "none", "notify_responsible": False})
        today, left = self._get_today(), {}
        days = [today - timedelta(days=age) for age in range(PAST_DAYS, 0, -1)]
        for number, day in enumerate(day for day in days if day.weekday() < 5):
            for campaign in campaigns:
                is_apple = campaign.name == "Apple"
                new = self._make_arrivals(campaign, FIRST_ARRIVAL + 50 * number + 25 * is_apple, 5 + number % 4, today)
                leads = left.get(campaign, new.browse()) + new
                run = campaign.distribute(lead_ids=leads.ids, max_leads=len(leads) - 2 * (number % 3))
                if is_apple and number == REVERTED:
                    run.action_revert()
                left[campaign] = leads.filtered(lambda lead: not lead.user_id)
                self._move_to_the_past(run, new, today - day)
        campaigns.write({"notify_salespeople": "preference", "notify_responsible": True})

    @api.model
    def _make_morning(self):
        """Let leads come in for both campaigns after the run of the day, so that there is something to hand out."""
        today = self._get_today()
        first = FIRST_OF_TODAY + self.env["crm.lead"].search_count([("source_date", "=", today)])
        for campaign in self._get_campaigns():
            self._make_arrivals(campaign, first, MORNING[campaign.name], today)
            first += MORNING[campaign.name]

    def _get_campaigns(self):
        domain = [("name", "in", list(sample.CAMPAIGNS)), ("description", "in", list(sample.CAMPAIGNS.values()))]
        return self.env["lead.distribution.campaign"].search(domain, order="name desc")

    def _make_arrivals(self, campaign, first, count, today):
        """Return new leads of a campaign that nobody has."""
        rows = sample.make_arrivals(campaign.name, first, count)
        return self._create_rows(rows, dict.fromkeys(sample.PEOPLE), today)

    def _move_to_the_past(self, run, leads, age):
        """Date a run and the leads that came in for it back; most of what was handed out was worked on since."""
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
                "UPDATE crm_lead SET create_date = create_date - %s, source_date = source_date - %s WHERE id = ANY(%s)",
                age, age.days, leads.ids,
            )
        )  # fmt: skip
        self.env.cr.execute(
            SQL("UPDATE lead_distribution_assignment SET applied_on = applied_on - %s WHERE run_id = %s", age, run.id)
        )
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET distributed_on = distributed_on - %s WHERE id IN "
                "(SELECT lead_id FROM lead_distribution_assignment WHERE run_id = %s AND state = 'done')",
                age, run.id,
            )
        )  # fmt: skip
        self._work_on(run, age)
        self.env.invalidate_all(flush=False)

    def _work_on(self, run, age):
        """Let people have called most of the leads of a run some hours later, with some outcome."""
        status = {s.code: s.id for s in self.env["crm.lead.status"].search([])}
        outcomes = [code for code, count in OUTCOMES[age.days > LATELY].items() for _each in range(count)]
        rows = self.env.execute_query(
            SQL("SELECT id, lead_id FROM lead_distribution_assignment WHERE run_id = %s AND state = 'done'", run.id)
        )
        worked = [
            (row_id, lead_id, code, row_id % 7 + (4 if age.days > LATELY else 1))  # they have become faster
            for row_id, lead_id in rows
            if (code := outcomes[row_id * 7 % len(outcomes)]) != "new"
        ]
        if not worked:
            return
        row_ids, lead_ids, codes, hours = map(list, zip(*worked, strict=True))
        self.env.cr.execute(
            SQL(
                "UPDATE lead_distribution_assignment a SET first_action_on = applied_on + make_interval(hours => w.n), "
                "hours_to_action = w.n, working_hours_to_action = 0.75 * w.n "
                "FROM unnest(%s::int[], %s::int[]) AS w(id, n) WHERE a.id = w.id",
                row_ids, hours,
            )
        )  # fmt: skip
        self.env.cr.execute(
            SQL(
                "UPDATE lead_distribution_assignment SET deadline_state = "
                "CASE WHEN hours_to_action <= %(hours)s THEN 'kept' ELSE 'missed' END, missed_checkpoint = "
                "CASE WHEN hours_to_action <= %(hours)s THEN NULL ELSE 'action' END, missed_on = "
                "CASE WHEN hours_to_action <= %(hours)s THEN NULL ELSE applied_on + %(hours)s * interval '1 hour' END "
                "WHERE run_id = %(run)s AND state = 'done' AND checkpoint IS NULL AND kind = 'distribution'",
                hours=IN_TIME, run=run.id,
            )
        )  # fmt: skip
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead l SET lead_status_id = w.status FROM unnest(%s::int[], %s::int[]) AS w(id, status) "
                "WHERE l.id = w.id",
                lead_ids, [status[code] for code in codes],
            )
        )  # fmt: skip

    @api.model
    def _open_accounts(self):
        """Let the sample people log in; only in a database that is there to be tried."""
        people = self.env["res.users"].search([("login", "in", list(sample.PEOPLE))])
        people.password = PASSWORD
        if "odoobot_state" in people._fields:  # on a phone its greeting covers the leads
            (people + self.env.ref("base.user_admin")).odoobot_state = "disabled"

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
