from datetime import datetime

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.lead_distribution.planning.known_owners import find_known_owners

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestMatching(DistributionCase):
    """Which leads suit whom: skills, territory, time zone, known customers, preferences."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = dict(zip(("ann", "bob", "cem"), cls.campaign.member_ids, strict=True))
        cls.german, cls.technical = cls.env["crm.tag"].create([{"name": "German"}, {"name": "Technical"}])
        cls.germany, cls.japan = cls.env.ref("base.de"), cls.env.ref("base.jp")

    def takers(self, leads, **options):
        """Return {lead: name of who would get it} of a plan."""
        run = self.campaign.simulate(lead_ids=leads.ids, **options)
        self.last = run
        return {row.lead_id: row.user_name for row in run.assignment_ids}

    def use_skills(self, **values):
        self.campaign.write(
            {
                "use_skills": True,
                "skill_ids": [
                    Command.create({"tag_id": self.german.id, "weight": 0.7}),
                    Command.create({"tag_id": self.technical.id, "weight": 0.3}),
                ],
                **values,
            }
        )
        self.members["ann"].skill_tag_ids = self.technical
        self.members["bob"].skill_tag_ids = self.german + self.technical

    def test_skills_the_better_match_first_and_the_reason_says_so(self):
        self.use_skills()
        leads = self.make_leads(4, tag_ids=[Command.set((self.german + self.technical).ids)])
        self.assertEqual(set(self.takers(leads).values()), {"Bob"})
        row = self.last.assignment_ids[0]
        self.assertEqual(row.reason, "round_robin+skills")
        self.assertIn("Bob was the best match for the skill “", row.explanation)

    def test_skills_who_is_full_gives_way_to_the_weaker_match_never_to_nobody_who_fits(self):
        self.use_skills(strategy="least_loaded")
        self.members["bob"].target_leads = 1
        leads = self.make_leads(3, tag_ids=[Command.set(self.technical.ids)])
        self.assertEqual(sorted(self.takers(leads).values()), ["Ann", "Ann", "Bob"])

    def test_skills_nobody_has_leave_the_lead_or_open_it_as_configured(self):
        self.use_skills()
        self.members["bob"].skill_tag_ids = False
        lead = self.make_leads(1, tag_ids=[Command.set(self.german.ids)])
        self.assertFalse(self.takers(lead))
        self.assertEqual(self.last.left_over, {"no_eligible": 1})
        self.campaign.skill_fallback = "everybody"
        self.assertTrue(self.takers(lead))

    def test_a_skill_is_listed_once_and_weighs_something(self):
        self.use_skills()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.campaign.skill_ids[0].copy()
        with self.assertRaisesRegex(ValidationError, "0 is not between 0.001"):
            self.campaign.skill_ids[0].weight = 0

    def test_territory_by_country_and_postal_code(self):
        self.campaign.use_territory = True
        self.members["ann"].write({"country_ids": self.germany, "zip_patterns": "10*, 2 0 *"})
        self.members["bob"].country_ids = self.japan
        self.members["cem"].country_ids = self.japan
        berlin, munich, tokyo, nowhere = self.make_leads(4)
        berlin.write({"country_id": self.germany.id, "zip": "10115"})
        munich.write({"country_id": self.germany.id, "zip": "80331"})
        tokyo.country_id = self.japan
        takers = self.takers(berlin + munich + tokyo + nowhere)
        self.assertEqual(takers[berlin], "Ann")
        self.assertNotIn(munich, takers)
        self.assertIn(takers[tokyo], ("Bob", "Cem"))
        self.assertIn(nowhere, takers)
        self.campaign.territory_fallback = "everybody"
        self.assertIn(munich, self.takers(munich))

    def test_time_zone_only_people_at_work_while_the_lead_may_be_called(self):
        self.campaign.use_calling_hours = True
        self.ann.tz, self.bob.tz, self.cem.tz = "Europe/Berlin", "Asia/Tokyo", "Asia/Tokyo"
        with freeze_time(datetime(2026, 6, 3, 5)):  # a Wednesday
            [berlin] = self.make_leads(1, country_id=self.germany.id)
            [tokyo] = self.make_leads(1, country_id=self.japan.id)
            self.campaign.write({"calling_from": 10, "calling_to": 14, "use_window": False})
            takers = self.takers(berlin + tokyo)
        self.assertEqual(takers[berlin], "Ann")
        self.assertIn(takers[tokyo], ("Bob", "Cem"))

    def test_known_customer_by_partner_email_or_phone_goes_to_who_knows_them(self):
        self.campaign.use_known_owner = True
        partner = self.env["res.partner"].create({"name": "Acme"})
        Lead = self.env["crm.lead"]
        Lead.create({"name": "Deal", "type": "opportunity", "partner_id": partner.id, "user_id": self.bob.id})
        Lead.create({"name": "Old", "type": "lead", "email_from": "X@acme.test", "user_id": self.cem.id,
                     "active": False})  # fmt: skip
        self.campaign.lead_order = "priority"
        by_partner = self.make_leads(2, partner_id=partner.id, priority="2")
        by_email = self.make_leads(2, email_from="x@ACME.test", priority="2")
        new = self.make_leads(3, email_from="new@acme.test")
        takers = self.takers(by_partner + by_email + new)
        self.assertEqual({takers[lead] for lead in by_partner}, {"Bob"})
        self.assertEqual({takers[lead] for lead in by_email}, {"Cem"})
        self.assertGreaterEqual([takers[lead] for lead in new].count("Ann"), 2, "the turns the others had count")
        self.assertIn("round_robin+known_owner", self.last.assignment_ids.mapped("reason"))

    def test_known_customers_of_long_ago_are_new(self):
        self.campaign.write({"use_known_owner": True, "known_owner_days": 30})
        old = self.env["crm.lead"].create({"name": "Old", "type": "lead", "phone": "+4930123456",
                                           "country_id": self.germany.id, "user_id": self.bob.id})  # fmt: skip
        lead = self.make_leads(1, phone="+4930123456", country_id=self.germany.id)
        self.assertEqual(self.takers(lead)[lead], "Bob")
        old.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = now() - interval '40 days', "
            "received_on = now() - interval '40 days' WHERE id = %s",
            [old.id],
        )
        self.assertEqual(find_known_owners(self.campaign, lead.ids, self.campaign.member_ids.user_id), {})

    def test_preferred_leads_go_to_who_prefers_them_then_to_everybody(self):
        self.campaign.strategy = "least_loaded"
        self.members["cem"].write({"preferred_domain": "[('priority', '=', '3')]", "target_leads": 2})
        hot = self.make_leads(3, priority="3")
        takers = self.takers(hot)
        self.assertEqual(sorted(takers.values()).count("Cem"), 2)
        self.assertEqual(len(takers), 3)

    def test_a_preference_that_does_not_work_is_refused(self):
        with self.assertRaises(ValidationError):
            self.members["ann"].preferred_domain = "[('no_such_field', '=', 1)]"

    def test_rules_add_a_fixed_number_of_queries(self):
        self.use_skills(use_territory=True, use_known_owner=True, use_calling_hours=True)
        self.members["cem"].preferred_domain = "[('priority', '=', '3')]"

        def queries(count):
            leads = self.make_leads(count, tag_ids=[Command.set(self.german.ids)], country_id=self.germany.id)
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(1000):
                before = self.cr.sql_log_count
                run = self.campaign.simulate(lead_ids=leads.ids)
                used = self.cr.sql_log_count - before
            self.assertEqual(run.leads_found, count)
            return used

        queries(5)
        self.assertLessEqual(queries(100), queries(10) + 2)
