from odoo.tests import Form, tagged
from odoo.tools.misc import format_date

from .common import DistributionCase
from .test_migrations import load_migration


@tagged("post_install", "-at_install")
class TestWindow(DistributionCase):
    """How old leads may be: the choices, what they mean, and what a new campaign begins with."""

    def test_a_new_campaign_takes_leads_of_today(self):
        leads = self.make_leads(2, source_date=self.today)
        self.make_leads(source_date=self.days_ago(-1))  # tomorrow
        self.assertEqual(self.find()[0], leads)

    def test_a_window_that_ends_earlier_has_no_leads_of_today(self):
        self.make_leads(source_date=self.today)
        lead = self.make_leads(source_date=self.days_ago(3))
        self.campaign.older_than_days = 2
        self.assertEqual(self.find()[0], lead)

    def test_only_today_is_a_window(self):
        lead = self.make_leads(source_date=self.today)
        self.make_leads()
        self.campaign.younger_than_days = 0
        self.assertEqual(self.find()[0], lead)
        self.assertNotIn("The window is empty", self.campaign.warning_text or "")
        self.campaign.include_today = False
        self.campaign.invalidate_recordset()
        self.assertIn("The window is empty", self.campaign.warning_text)

    def test_each_choice_takes_what_it_says(self):
        leads = {days: self.make_leads(source_date=self.days_ago(days)) for days in (0, 1, 30, 31, 60, 61, 180, 181)}
        for preset, days in (
            ("from_today", (0, 1, 30)),
            ("current_30_day", (1, 30)),
            ("from_today_60", (0, 1, 30, 31, 60)),
            ("extended_60_day", (1, 30, 31, 60)),
            ("stale_lead_recovery", (61, 180)),
            ("any_age", tuple(leads)),
        ):
            with self.subTest(preset):
                self.campaign.window_preset = preset
                self.campaign.invalidate_recordset()
                self.assertEqual(self.campaign.window_preset, preset)
                self.assertEqual(self.find()[0].ids, sorted(leads[day].id for day in days))

    def test_the_dates_of_a_choice_are_shown_as_people_write_them(self):
        first, last = (format_date(self.env, self.days_ago(days)) for days in (30, 0))
        self.assertEqual(self.campaign.window_dates, f"{first} to {last}")
        self.campaign.window_preset = "any_age"
        self.assertEqual(self.campaign.window_dates, "any date")
        self.campaign.window_preset = "from_today"
        self.campaign.custom_date_from = self.days_ago(30)
        self.assertEqual((self.campaign.window_preset, self.campaign.window_dates), ("custom_range", f"since {first}"))

    def test_an_own_range_begins_with_the_days_of_the_last_choice(self):
        with Form(self.campaign) as form:
            form.window_preset = "stale_lead_recovery"
            self.assertEqual((form.older_than_days, form.younger_than_days), (60, 180))
            form.window_preset = "custom_range"
            self.assertEqual((form.window_preset, form.older_than_days), ("custom_range", 60))
            form.younger_than_days = 90
        self.assertEqual((self.campaign.window_preset, self.campaign.younger_than_days), ("custom_range", 90))
        with Form(self.campaign) as form:
            form.window_preset = "any_age"
        self.assertFalse(self.campaign.use_window)

    def test_a_configuration_ends_with_yesterday_unless_it_says_today(self):
        load = self.env["lead.distribution.campaign"].load_config
        for text, includes in (("", False), (", include_today: true", True), (", strategy: extended_60_day", False)):
            campaign = load(f"campaign: {{name: Text}}\nlead_finding: {{date_range: {{younger_than_days: 9{text}}}}}")
            self.assertEqual(campaign.include_today, includes)
            dumped = campaign.dump_config()
            self.assertEqual(load(dumped), campaign)
            self.assertEqual((campaign.include_today, campaign.dump_config()), (includes, dumped))
        self.assertFalse(load("campaign: {name: Text}").include_today)

    def test_campaigns_that_are_there_already_go_on_without_the_leads_of_today(self):
        migration = load_migration("19.0.1.2.0/post-include_today.py")
        for version, includes in ((None, True), ("19.0.1.1.0", False)):
            self.env.flush_all()
            migration.migrate(self.env.cr, version)
            self.env.invalidate_all()
            self.assertEqual(self.campaign.include_today, includes)

    def test_a_new_campaign_takes_opportunities_where_leads_are_switched_off(self):
        employees, feature = self.env.ref("base.group_user"), self.env.ref("crm.group_use_lead")
        campaigns = self.env["lead.distribution.campaign"].with_user(self.manager)
        employees.implied_ids -= feature
        campaign = campaigns.create({"name": "Without"})
        self.assertEqual(campaign.lead_type, "both")
        employees.implied_ids += feature
        self.assertEqual(campaigns.create({"name": "With"}).lead_type, "lead")

    def test_an_opportunity_that_is_won_is_closed(self):
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        self.campaign.lead_type = "both"
        lead, opportunity = self.make_leads(), self.make_leads(type="opportunity")
        self.make_leads(type="opportunity", stage_id=won.id, probability=100)
        self.assertEqual(self.find(), (lead + opportunity, {"closed": 1}))
        self.campaign.exclude_closed = False
        self.assertEqual(len(self.find()[0]), 3)
