from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.lead_distribution.finding.scope import get_today

from ..reporting.mails import is_weekly_report_due
from .common import DistributionCase

AHEAD, BEHIND = "Pacific/Kiritimati", "Etc/GMT+12"  # 26 hours apart: never the same date


@tagged("post_install", "-at_install")
class TestToday(DistributionCase):
    """Today is the date in the time zone of the campaign whatever the server's is, also in reports."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["lead.distribution.report"]
        cls.ahead = cls.make_campaign("Ahead", cls.ann, tz=AHEAD)
        cls.behind = cls.make_campaign("Behind", cls.bob, tz=BEHIND)
        for campaign, count in ((cls.ahead, 3), (cls.behind, 2)):
            campaign.use_window = False
            cls.make_leads(count)
            campaign.distribute()

    def test_the_daily_report_of_a_campaign_is_that_of_its_own_day(self):
        for campaign, count in ((self.ahead, 3), (self.behind, 2)):
            report = self.report.generate_daily_report(campaign_name=campaign.name)
            self.assertEqual(report["total_leads_distributed"], count)
            self.assertEqual(report["date"], get_today(campaign).isoformat())

    def test_the_daily_report_of_all_campaigns_takes_each_by_its_own_day(self):
        report = self.report.generate_daily_report()
        self.assertEqual(report["total_leads_distributed"], 5)
        self.assertEqual(report["date"], get_today(self.ahead).isoformat())
        day = get_today(self.behind)
        self.assertEqual(self.report.generate_daily_report(day)["total_leads_distributed"], 2)

    def test_no_run_is_missing_in_a_period_that_ends_today(self):
        last = get_today(self.ahead).isoformat()
        for report in (
            self.report.generate_campaign_report(),
            self.report.generate_trend_analysis(7),
            self.env["lead.distribution.dashboard"].with_user(self.manager).get_data(days=7),
            self.report.generate_salesperson_report(self.ann.id),
        ):
            self.assertEqual(report["date_range"][1], last)
        self.assertEqual(self.report.generate_trend_analysis(7)["total_leads_distributed"], 5)
        self.assertEqual(self.report.generate_salesperson_report(self.ann.id)["total_leads_received"], 3)
        self.assertEqual(self.report.generate_performance_metrics(7)["distribution_efficiency"]["value"], 100.0)

    def test_the_period_of_one_campaign_ends_with_its_own_day(self):
        last = get_today(self.behind)
        trend = self.report.generate_trend_analysis(7, "Behind")
        self.assertEqual(trend["date_range"], [(last - timedelta(days=6)).isoformat(), last.isoformat()])
        dashboard = self.env["lead.distribution.dashboard"].with_user(self.manager)
        self.assertEqual(dashboard.get_data(self.behind.id, 7)["date_range"], trend["date_range"])
        request = self.env["lead.distribution.report.request"].with_context(default_campaign_id=self.behind.id)
        self.assertEqual(request.create({}).date, last)
        compare = self.env["lead.distribution.compare"].with_context(
            active_model=self.behind._name, active_id=self.behind.id
        )
        self.assertEqual(compare.create({}).date_to, last)

    def test_the_report_of_the_week_goes_out_by_the_day_of_the_campaign(self):
        self.behind.report_sent_on = get_today(self.behind) - timedelta(days=6)
        self.assertFalse(is_weekly_report_due(self.behind))
        self.ahead.report_sent_on = get_today(self.ahead) - timedelta(days=7)
        self.assertTrue(is_weekly_report_due(self.ahead))

    def test_a_period_may_be_a_pair_of_dates(self):
        last = get_today(self.ahead)
        pair = (last - timedelta(days=2), last)
        by_dates = self.report.generate_campaign_report("Ahead", *pair)
        self.assertEqual(by_dates["total_leads_distributed"], 3)
        for report in (
            self.report.generate_campaign_report("Ahead", pair),
            self.report.generate_campaign_report("Ahead", date_range=[day.isoformat() for day in pair]),
        ):
            self.assertEqual(report, by_dates)
        report = self.report.generate_salesperson_report(self.ann.id, pair)
        self.assertEqual(report["date_range"], [day.isoformat() for day in pair])
        for wrong in ((last,), (last, last, last), "2026", ("soon", "later")):
            with self.assertRaises(ValidationError):
                self.report.generate_campaign_report("Ahead", date_range=wrong)
        with self.assertRaises(ValidationError):
            self.report.generate_campaign_report("Ahead", pair, last)
