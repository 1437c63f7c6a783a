"""Statements stay fast where PostgreSQL does not know yet what a campaign or an import has brought."""

from types import SimpleNamespace

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..importing.duplicates import find_duplicates
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestLaggingFigures(DistributionCase):
    def explain(self, work):
        """Do something; return the plans of PostgreSQL for the statements with ``UNION`` or ``EXCEPT`` in it."""
        plans, execute = [], type(self.env.cr).execute

        def explaining(cursor, query, *args, **options):
            if isinstance(query, SQL) and (" UNION " in query.code or " EXCEPT " in query.code):
                execute(cursor, SQL("EXPLAIN %s", query))
                plans.append("\n".join(line for [line] in cursor.fetchall()))
            return execute(cursor, query, *args, **options)

        self.patch(type(self.env.cr), "execute", explaining)
        work()
        return plans

    def test_phones_are_looked_up_by_value_while_the_table_of_leads_grows(self):
        """The database held next to no phone when PostgreSQL looked last; then a file with phones came."""
        self.env.cr.execute(
            "INSERT INTO crm_lead (name, type, active, email_normalized) "
            "SELECT 'Lead ' || n, 'lead', TRUE, 'a' || n || '@example.com' FROM generate_series(1, 3000) n"
        )
        self.env.cr.execute("ANALYZE crm_lead")
        self.env.cr.execute(
            "INSERT INTO crm_lead (name, type, active, phone) "
            "SELECT 'Lead ' || n, 'lead', TRUE, '+1213555' || n FROM generate_series(1000, 4000) n"
        )
        batch = SimpleNamespace(
            env=self.env, company_id=self.env.company, on_contact="import", step="done", match_name=False
        )
        found = {}
        [plan] = self.explain(lambda: found.update(find_duplicates(batch, {"a7@example.com"}, {"12135552000"}, set())))
        self.assertIn("crm_lead_phone_key_idx", plan)
        self.assertNotIn("crm_lead_phone_partial", plan)
        self.assertEqual([[match.name for match in found[key]] for key in sorted(found)], [["Lead 7"], ["Lead 2000"]])

    def test_what_people_received_is_read_since_the_period_began_however_many_leads_they_had_and_have(self):
        self.make_leads(600)
        self.campaign.distribute()
        self.env.cr.execute("UPDATE lead_distribution_assignment SET applied_on = applied_on - interval '40 days'")
        self.env.cr.execute(
            "INSERT INTO crm_lead (name, type, active, user_id, holder_id, received_on, distributed_on) "
            "SELECT 'Lead ' || n, 'lead', TRUE, %s, %s, now() - interval '40 days', now() - interval '40 days' "
            "FROM generate_series(1, 3000) n",
            [self.ann.id, self.ann.id],
        )
        self.env.cr.execute("ANALYZE crm_lead, lead_distribution_assignment")
        self.campaign.max_daily = 5
        self.make_leads(3)
        [plan] = self.explain(self.campaign.simulate)
        self.assertIn("lead_distribution_assignment_received_idx", plan)
        self.assertIn("crm_lead_given_idx", plan)
        self.assertNotIn("crm_lead__holder_id_index", plan)

    def test_leads_that_the_history_does_not_know_are_found_in_one_pass_for_a_campaign_postgresql_does_not_know(self):
        self.env.cr.execute("ANALYZE crm_lead, lead_distribution_assignment")
        self.make_leads(6)
        self.campaign.distribute()
        stray = self.make_leads(user_id=self.ann.id, open_user_id=self.ann.id)
        stray.write({"distribution_campaign_id": self.campaign.id, "distributed_on": fields.Datetime.now()})
        told = {}
        [plan] = self.explain(lambda: told.update(self.campaign.with_user(self.manager).verify_assignments()))
        self.assertIn("SetOp", plan)
        self.assertNotIn("Anti Join", plan)
        self.assertIn("Leads marked as handed out, but unknown to the history: 1.", told["problems"])
