import logging

from odoo.tests import tagged

from .common import DistributionCase

LOGGER = "odoo.addons.lead_distribution.reporting.run_log"


@tagged("post_install", "-at_install")
class TestRunLog(DistributionCase):
    """The server's log has one line of the plan and one of the end of a run; steps are for who looks for trouble."""

    def test_a_run_logs_its_plan_and_its_end_with_ids_and_counts_only(self):
        self.make_leads(3, name="Private Lead", contact_name="Paula Private")
        with self.assertLogs(LOGGER, logging.INFO) as log:
            run = self.campaign.distribute(max_leads=2)
        self.assertEqual([record.levelno for record in log.records], [logging.INFO] * 2)
        plan, end = (record.getMessage() for record in log.records)
        ids = f"Run {run.id} of campaign {self.campaign.id} "
        self.assertTrue(plan.startswith(ids + "is planned: 2 of 3 leads for 3 people"), plan)
        self.assertTrue(end.startswith(ids + "ends as done: 2 of 3 leads handed out"), end)
        for text in (plan, end):
            for name in ("Private", "Voice", "Ann"):
                self.assertNotIn(name, text)

    def test_a_run_that_fails_says_so(self):
        self.campaign.member_ids.active = False
        with self.assertLogs(LOGGER, logging.INFO) as log:
            self.campaign.distribute()
        self.assertIn("ends as failed", log.output[-1])

    def test_steps_are_logged_for_debugging(self):
        self.make_leads(1)
        with self.assertLogs("odoo.addons.lead_distribution.work.monitor", logging.DEBUG) as log:
            self.campaign.distribute()
        steps = [record.getMessage() for record in log.records if record.levelno == logging.DEBUG]
        for name in ("find", "plan", "store", "apply", "close"):
            self.assertTrue([text for text in steps if f", {name}: " in text], steps)
