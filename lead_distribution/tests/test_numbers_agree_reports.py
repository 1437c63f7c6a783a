"""A figure that stands in two places is the same in both: one test a pair. Reports over days, and their runs."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestReportsAgree(DistributionCase):
    """Days with several runs, runs taken back, several campaigns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["lead.distribution.report"].with_user(cls.manager)
        cls.campaign.write({"notify_salespeople": "none", "notify_responsible": False})

    def daily(self, campaign="Voice"):
        return self.report.generate_daily_report(None, campaign)

    def get_dashboard(self, user=None, **options):
        data = self.env["lead.distribution.dashboard"].with_user(user or self.manager).get_data(**options)
        return data, {figure["key"]: figure for figure in data["figures"]}

    def check_people(self, report):
        for person in report["salespeople"]:
            changes = person["leads_received"] + person["leads_dropped_back"] - person["leads_given_up"]
            self.assertEqual(person["current_leads"] + changes + person["leads_otherwise"], person["new_total"])

    def person(self, report, user):
        return next(person for person in report["salespeople"] if person["id"] == user.id)

    def make_holders(self):
        """Let the campaign take leads of members, too, so that people give some up."""
        self.campaign.pool_ids = [Command.create({"holder": "active_member"})]
        self.make_leads(3, user_id=self.ann.id)

    def test_a_day_with_a_run_taken_back_adds_up(self):
        self.make_holders()
        self.make_leads(6)
        first = self.campaign.distribute()
        self.make_leads(5)
        self.campaign.distribute()
        first.action_revert()
        report = self.daily()
        self.check_people(report)
        self.assertEqual(report["runs"], 1)

    def test_a_day_on_which_leads_were_given_by_hand_adds_up_and_says_so(self):
        self.make_leads(3)
        self.campaign.distribute()
        self.make_leads(4, user_id=self.ann.id)
        self.make_leads(3)
        self.campaign.distribute()
        report = self.daily()
        self.check_people(report)
        self.assertEqual(self.person(report, self.ann)["leads_otherwise"], 4)
        self.assertEqual(self.person(report, self.bob)["leads_otherwise"], 0)

    def test_a_day_with_dropped_back_leads_adds_up(self):
        self.campaign.write(
            {
                "use_dropback": True,
                "dropback_threshold_ids": [Command.create({"days": 60})],
                "dropback_rule_ids": [Command.create({"name": "Old", "user_id": self.bob.id, "is_default": True})],
            }
        )
        self.make_leads(2, source_date=self.days_ago(90))
        self.make_leads(3)
        run = self.campaign.distribute()
        for report in (self.daily(), {"salespeople": run.get_report_data()["salesperson_summary"]}):
            person = self.person(report, self.bob)
            self.check_people(report)
            self.assertEqual((person["leads_dropped_back"], person["leads_otherwise"]), (2, 0))

    def test_the_day_is_the_run_where_there_is_one(self):
        self.make_holders()
        self.make_leads(5)
        run = self.campaign.distribute(max_leads=4)
        report, told = self.daily(), run.to_dict()
        self.assertEqual(
            [report[f"total_leads_{name}"] for name in ("found", "distributed", "not_distributed")],
            [told[f"leads_{name}"] for name in ("found", "distributed", "not_distributed")],
        )
        self.assertEqual(report["distribution_efficiency"], told["efficiency"])
        for person in told["salespeople"]:
            of_day = self.person(report, self.env["res.users"].browse(person["user_id"]))
            self.assertEqual(
                [of_day[key] for key in ("current_leads", "leads_received", "new_total", "target_leads")],
                [person[key] for key in ("before", "received", "after", "target")],
            )
            self.assertEqual(of_day["utilization"], person["utilization"])

    def test_leads_left_over_by_several_runs_a_day_are_counted_once(self):
        self.make_leads(10)
        for _run in range(3):
            self.campaign.distribute(max_leads=2)
        report = self.daily()
        self.assertEqual(
            [report[f"total_leads_{name}"] for name in ("found", "distributed", "not_distributed")], [10, 6, 4]
        )
        self.assertEqual(report["reason_not_distributed"], {"Limit of the run reached": 4})
        self.assertEqual(report["distribution_efficiency"], 60.0)

    def test_leads_left_over_on_several_days_are_counted_once_in_the_period_and_on_each_day(self):
        self.make_leads(6)
        for days in (2, 1):
            run = self.campaign.distribute(max_leads=1)
            run.sudo().distribution_date = self.days_ago(days)
        report = self.report.generate_campaign_report("Voice", self.days_ago(5), self.days_ago(0))
        self.assertEqual([day["not_distributed"] for day in report["days"]], [5, 4])
        self.assertEqual((report["total_leads_not_distributed"], report["total_leads_found"]), (4, 6))

    def test_what_a_run_on_selected_leads_left_is_not_counted_again_and_what_it_handed_out_is_not_left(self):
        leads = self.make_leads(6)
        morning = self.campaign.distribute(max_leads=1)
        left = leads - morning.assignment_ids.lead_id
        self.campaign.distribute(max_leads=1, lead_ids=left[:3].ids)
        report = self.daily()
        self.assertEqual((report["total_leads_not_distributed"], report["total_leads_distributed"]), (4, 2))
        self.assertEqual(report["total_leads_found"], 6)

    def test_several_campaigns_count_their_own_left_over_leads(self):
        self.make_campaign("Apple", self.ann, notify_salespeople="none")
        apple = self.env["lead.distribution.campaign"].search([("name", "=", "Apple")])
        self.make_leads(5)
        self.campaign.distribute(max_leads=1)
        apple.distribute(max_leads=1)
        every = self.report.generate_daily_report()
        both = [self.daily("Voice"), self.daily("Apple")]
        for key in ("total_leads_found", "total_leads_not_distributed", "total_leads_distributed"):
            self.assertEqual(every[key], sum(report[key] for report in both))

    def test_of_several_campaigns_the_report_has_the_targets_of_the_dashboard(self):
        apple = self.make_campaign("Apple", self.ann, notify_salespeople="none")
        self.campaign.member_ids.target_leads, apple.member_ids.target_leads = 10, 30
        for campaign in (self.campaign, apple):
            self.make_leads(3)
            campaign.distribute()
        person = self.person(self.report.generate_daily_report(), self.ann)
        data, _figures = self.get_dashboard()
        shown = next(line for line in data["utilization"] if line["user_id"] == self.ann.id)
        self.assertEqual((person["target_leads"], person["new_total"]), (shown["target"], shown["leads"]))
        self.assertEqual(round(person["utilization"], 1), shown["utilization"])

    def test_the_dashboard_has_the_sums_of_the_reports_and_the_days_have_them_too(self):
        self.make_leads(8)
        self.campaign.distribute(max_leads=3)
        self.campaign.distribute(max_leads=3)
        data, figures = self.get_dashboard(campaign_id=self.campaign.id, days=7)
        day = self.daily()
        trend = self.report.generate_trend_analysis(7, "Voice")
        self.assertEqual(
            (figures["found"]["value"], figures["distributed"]["value"], figures["efficiency"]["value"]),
            (day["total_leads_found"], day["total_leads_distributed"], day["distribution_efficiency"]),
        )
        self.assertEqual(data["per_day"][-1]["left"], day["total_leads_not_distributed"])
        self.assertEqual(trend["total_leads_not_distributed"], day["total_leads_not_distributed"])
        self.assertEqual(self.report.calculate_distribution_efficiency(7, "Voice"), day["distribution_efficiency"])

    def test_a_salespersons_dashboard_and_report_count_the_same_leads_as_received(self):
        self.make_leads(6)
        run = self.campaign.distribute()
        kept = run.assignment_ids.filtered(lambda row: row.user_id == self.ann)[0].lead_id
        kept.lead_status_id = self.status["in_progress"]
        run.action_revert()
        self.assertEqual(run.leads_kept, 1)
        second = self.campaign.distribute()
        mine = second.assignment_ids.filtered(lambda row: row.user_id == self.ann)
        data, figures = self.get_dashboard(self.ann)
        report = self.report.generate_salesperson_report(self.ann.id)
        day = self.person(self.daily(), self.ann)
        counts = [figures["received"]["value"], report["total_leads_received"], day["leads_received"]]
        opened = figures["received"]["open"]["domain"]
        listed = self.env["lead.distribution.assignment"].with_user(self.ann).search(opened)
        self.assertEqual((listed, sum(d["distributed"] for d in data["per_day"])), (mine, len(mine)))
        self.assertEqual(counts, [len(mine)] * 3)

    def test_the_efficiency_of_a_salespersons_runs_is_that_of_the_day(self):
        self.make_leads(9)
        self.campaign.distribute(max_leads=3)
        self.campaign.distribute(max_leads=3)
        report = self.report.generate_salesperson_report(self.ann.id)
        self.assertEqual(report["distribution_efficiency"], self.daily()["distribution_efficiency"])
        self.assertEqual(report["distribution_efficiency"], 66.67)

    def test_counting_left_over_leads_takes_no_statement_a_run(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.report.generate_trend_analysis(30, "Voice")
            return self.env.cr.sql_log_count - before

        leads = self.make_leads(12)
        self.campaign.distribute(max_leads=1)
        self.campaign.distribute(max_leads=1, lead_ids=leads.ids)
        count()
        few = count()
        for _run in range(4):
            self.campaign.distribute(max_leads=1, lead_ids=leads.ids)
        self.assertLessEqual(count(), few)
