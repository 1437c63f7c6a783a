from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.tests import BaseCase, tagged

from odoo.addons.lead_distribution.demo import demo_following, demo_history, sample

from ..finding.scope import get_today
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


@tagged("post_install", "-at_install")
class TestSampleMorning(DistributionCase):
    """What `make demo` leaves behind: some past, the run of the day, and a new morning's work for both campaigns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(demo_history, "PAST_DAYS", 11)
        cls.classPatch(demo_history, "REVERTED", 2)
        cls.env.user.tz = "Pacific/Kiritimati"  # where it is tomorrow already: the campaigns' day counts
        demo = cls.env["lead.distribution.demo"]
        cls.voice, cls.apple = demo._load()
        cls.today = get_today(cls.voice)
        demo._make_past_runs()
        demo._set_deadlines()
        cls.day = cls.voice.distribute()
        demo._make_import()
        demo._make_morning()

    def test_a_plan_of_either_campaign_hands_out_the_leads_of_the_morning(self):
        for campaign, count in ((self.voice, 42), (self.apple, 18)):
            run = campaign.simulate()
            self.assertEqual(run.state, "planned")
            self.assertGreaterEqual(run.leads_planned, count)
            leads = run.assignment_ids.lead_id.filtered(lambda lead: lead.source_date == self.today)
            self.assertEqual(len(leads), count)

    def test_nothing_that_is_marked_so_is_handed_to_anybody(self):
        marked = self.env["crm.tag"].search([("name", "=", sample.NOT_FOR_ANYBODY)])
        domain = [("lead_id.tag_ids", "in", marked.ids)]
        self.assertTrue(self.env["crm.lead"].search_count([("tag_ids", "in", marked.ids), ("user_id", "=", False)]))
        self.assertFalse(self.env["lead.distribution.assignment"].search(domain))

    def test_the_past_has_runs_of_all_kinds_and_people_who_worked(self):
        past = self.env["lead.distribution.run"].search([("distribution_date", "<", self.today)])
        self.assertEqual(past.campaign_id, self.voice + self.apple)
        self.assertEqual(past.mapped("state").count("reverted"), 1)
        self.assertTrue(any(run.leads_found > run.leads_done for run in past))
        rows = past.assignment_ids.filtered(lambda row: row.state == "done")
        self.assertTrue(all(row.first_action_on >= row.applied_on for row in rows if row.first_action_on))
        self.assertGreater(len(rows.filtered("first_action_on")), len(rows) / 2)
        self.assertLessEqual({"won", "lost"}, set(rows.lead_id.lead_status_id.mapped("code")))
        self.assertFalse(past.filtered(lambda run: run.distribution_date.weekday() > 4))

    def test_sample_people_have_pictures_and_passwords_only_where_one_asks_for_them(self):
        people = self.env["res.users"].search([("login", "in", list(sample.PEOPLE))])
        self.assertTrue(all(people.mapped("image_1920")))
        self.env.cr.execute("SELECT count(password) FROM res_users WHERE id = ANY(%s)", [people.ids])
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self.env["lead.distribution.demo"]._open_accounts()
        self.env.flush_all()
        self.env.cr.execute("SELECT count(password) FROM res_users WHERE id = ANY(%s)", [people.ids])
        self.assertEqual(self.env.cr.fetchone(), (len(people),))

    def test_nobody_gave_the_leads_of_the_sample_by_hand(self):
        self.assertFalse(self.env["lead.distribution.by.hand"].search([("given_by_id", "=", SUPERUSER_ID)]))

    def test_after_the_hand_out_there_is_something_of_everything(self):
        self.env["lead.distribution.demo"]._make_following()
        rows = self.env["lead.distribution.assignment"].search([("campaign_id", "in", (self.voice + self.apple).ids)])
        done = rows.filtered(lambda row: row.state == "done")
        self.assertLessEqual({"distribution", "decline", "pull", "cover", "take_back"}, set(done.mapped("kind")))
        self.assertEqual(len(done.filtered(lambda row: row.kind == "pull")), demo_following.PULLED)
        self.assertEqual(len(done.filtered("declined_on")), demo_following.DECLINED)
        missed = done.filtered(lambda row: row.missed_on and row.distribution_date == self.today)
        self.assertGreaterEqual(len(missed), len(demo_following.LATE) + 1)
        now = fields.Datetime.now()
        soon = done.filtered(lambda row: row.due_on and now < row.due_on < now + timedelta(hours=2))
        self.assertGreaterEqual(len(soon), len(demo_following.SOON))
        self.assertTrue(any(row.lead_id.due_on == row.due_on for row in soon))
        away = self.env["lead.distribution.absence"].search([("cover_state", "=", "covered")])
        self.assertEqual(away.user_id.login, demo_following.COVERED)

    def test_enquiries_wait_for_a_live_campaign_of_which_nobody_is_there(self):
        campaign = self.env["lead.distribution.demo"]._make_live()
        self.env["lead.distribution.campaign"].hand_out_waiting()
        rows = self.env["lead.distribution.waiting"].search([("campaign_id", "=", campaign.id)])
        self.assertEqual(set(rows.mapped("reason")), {"nobody_there"})
        self.assertEqual(len(rows), 3)
        self.assertEqual(campaign.waiting_count, 3)
