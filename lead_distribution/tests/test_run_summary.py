from odoo.tests import tagged

from ..names import GROWING
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestRunSummary(DistributionCase):
    """What a run keeps of itself: the summary, and what it cost."""

    def test_r74_r75_all_columns_of_the_summary_are_filled(self):
        facebook, google = self.env["utm.source"].create([{"name": "facebook"}, {"name": "google"}])
        utm = self.env["utm.campaign"].create({"title": "UTR"})
        new, utr = self.status["new"].id, self.status["utr"].id
        self.campaign.protected_user_ids = self.manager
        self.campaign.excluded_receiver_ids = self.cem
        self.pools(("unassigned", [], 0), ("active_member", [], 0))
        self.make_leads(4, source_id=facebook.id, campaign_id=utm.id, lead_status_id=new, source_date=self.days_ago(3))
        self.make_leads(1, source_id=google.id, lead_status_id=utr, user_id=self.ann.id)
        run = self.campaign.distribute()
        self.assertRecordValues(run, [{
            "leads_found": 5, "leads_distributed": 5, "leads_not_distributed": 0, "efficiency": 100.0,
            "salespeople_eligible": 2, "salespeople_received": 2, "average_received": 2.5,
            "largest_received": 3, "smallest_received": 2, "leads_reassigned": 1, "is_applied": True,
            "leads_by_source": {"facebook": 4, "google": 1}, "leads_by_status": {"New": 4, "UTR": 1},
            "leads_by_campaign": {"UTR": 4, "None": 1}, "excluded_users": ["Cem", "Mia"],
            "leads_by_age": {"older_than_2_months": 0, "younger_than_6_months": 5},
            "date_from": self.days_ago(30), "date_to": self.days_ago(0),
        }])  # fmt: skip
        self.assertGreater(run.execution_seconds, 0)
        self.assertLess(run.fairness_index, 1)

    def test_old_leads_count_as_older_than_two_months(self):
        self.campaign.use_window = False
        self.make_leads(1, source_date=self.days_ago(100))
        self.make_leads(1, source_date=self.days_ago(300))
        self.make_leads(1)
        run = self.campaign.distribute()
        self.assertEqual(run.leads_by_age, {"older_than_2_months": 2, "younger_than_6_months": 2})

    def test_a_plan_has_its_summary_too_and_counts_in_no_report(self):
        self.make_leads(4)
        run = self.campaign.simulate()
        self.assertEqual((run.largest_received, run.smallest_received, run.is_applied), (2, 1, False))
        self.assertEqual(run.leads_by_source, {"None": 4})

    def test_the_breakdowns_outlive_the_assignments(self):
        self.make_leads(3)
        run = self.campaign.distribute()
        run.assignment_ids.sudo().unlink()
        self.assertEqual(run._get_figures()["by_status"], {"None": 3})

    def test_the_summary_takes_the_same_queries_for_ten_times_the_leads(self):
        def count(leads):
            self.make_leads(leads)
            run = self.campaign.distribute()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run._update_summary()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = count(5)
        self.assertLessEqual(count(50), few)

    def test_marketing_campaigns_and_statuses_of_one_name_add_up(self):
        spring = self.env["utm.campaign"].create([{"title": "Spring"}, {"title": "Spring"}])
        status = self.env["crm.lead.status"].create({"name": self.status["new"].name, "code": "new_too"})
        self.make_leads(3, campaign_id=spring[0].id, lead_status_id=self.status["new"].id)
        self.make_leads(2, campaign_id=spring[1].id, lead_status_id=status.id)
        run = self.campaign.distribute()
        self.assertEqual((run.leads_by_campaign, run.leads_by_status), ({"Spring": 5}, {"New": 5}))
        self.assertEqual(run.to_dict()["by_campaign"], {"Spring": 5})

    def test_seconds_queries_and_memory_of_each_step_are_kept(self):
        self.make_leads(5)
        run = self.campaign.distribute()
        self.assertEqual(list(run.steps), ["find", "plan", "store", "apply", "close"])
        for name, step in run.steps.items():
            self.assertGreaterEqual(step["seconds"], 0, name)
            self.assertGreater(step["memory"], 10, name)
        self.assertGreater(run.steps["find"]["queries"], 0)
        self.assertEqual(run.query_count, sum(step["queries"] for step in run.steps.values()))
        self.assertGreater(run.peak_memory, 10)

    def test_a_slow_run_warns_and_can_be_found(self):
        self.make_leads(2)
        run = self.campaign.simulate()
        run.sudo().planning_seconds = 500
        with self.assertLogs("odoo.addons.lead_distribution", level="WARNING") as logs:
            run.action_apply()
        self.assertIn("more than 300 s", logs.output[0])
        self.assertIn("Slow: the run took 500 seconds, more than 300.", run.warnings)
        self.assertEqual(self.env["lead.distribution.run"].search([("is_slow", "=", True)]), run)
        for origin in GROWING:  # many small ones, all day
            run.origin = origin
            self.assertFalse(run.is_slow, origin)
            self.assertFalse(self.env["lead.distribution.run"].search([("is_slow", "=", True)]), origin)
        run.origin = "manual"
        self.campaign.slow_run_seconds = 0
        self.assertFalse(run.is_slow)
