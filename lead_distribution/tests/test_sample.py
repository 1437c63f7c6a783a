from odoo.tests import BaseCase, tagged

from odoo.addons.lead_distribution.demo import sample

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestSampleValues(BaseCase):
    """The sample leads are the same everywhere, and look like leads."""

    def test_there_are_1250_and_they_are_always_the_same(self):
        leads = sample.make_leads()
        self.assertEqual(len(leads), 1250)
        self.assertEqual(leads, sample.make_leads())

    def test_there_is_everything_that_the_rules_are_about(self):
        leads = sample.make_leads()
        self.assertEqual({lead["type"] for lead in leads}, {"lead", "opportunity"})
        self.assertEqual({lead["status"] for lead in leads}, set(sample.STATUS_WEIGHTS))
        self.assertLessEqual(set(sample.SOURCES), {lead["source"] for lead in leads})
        self.assertTrue(any(lead["activity"] is not None for lead in leads))
        self.assertTrue(any(lead["holder"] in sample.LEFT_THE_COMPANY for lead in leads))
        self.assertTrue(150 < max(lead["age"] for lead in leads) <= 200)
        self.assertTrue(all(lead["phone"].startswith("+") for lead in leads if lead["phone"]))


@tagged("post_install", "-at_install")
class TestSampleRun(DistributionCase):
    """The sample database tells a story whose numbers add up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.voice = cls.env["lead.distribution.demo"]._load()[0]

    def test_the_eight_rows_of_the_specification_are_members(self):
        members = self.env["lead.distribution.member"].search(
            [("user_id.login", "in", list(sample.PEOPLE)), ("user_id.active", "=", True)]
        )
        rows = {(m.user_id.login, m.campaign_id.name, m.level_id.code, m.target_leads) for m in members}
        self.assertEqual(
            rows,
            {(login, name, level, target) for login, name, active, level, target in sample.MEMBERS
             if active and login not in sample.LEFT_THE_COMPANY},
        )  # fmt: skip
        self.assertEqual(len(rows), 8)

    def test_the_days_run_adds_up_and_a_second_one_takes_nothing(self):
        run = self.voice.distribute()
        figures = run.to_dict()
        self.assertGreater(figures["leads_found"], 200)
        self.assertEqual(
            figures["leads_in_range"] + figures["leads_beyond"],
            figures["leads_found"] + sum(figures["exclusions"].values()) + len(figures["dropback"]),
        )
        self.assertEqual(
            figures["leads_found"],
            figures["leads_distributed"] + sum(figures["left_over"].values()),
        )
        self.assertEqual(figures["leads_distributed"], sum(s["received"] for s in figures["salespeople"]))
        self.assertGreater(len(figures["dropback"]), 20)
        again = self.voice.distribute()
        self.assertEqual((again.state, again.leads_found, again.leads_dropped_back), ("done", 0, 0))
