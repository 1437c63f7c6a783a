from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.lead_distribution.applying import applier
from odoo.addons.lead_distribution.tests.common import DistributionCase
from odoo.addons.queue_job.exception import RetryableJobError


@tagged("post_install", "-at_install")
class TestJobs(DistributionCase):
    """A campaign that is due becomes jobs, and the jobs become the same run as without them."""

    def setUp(self):
        super().setUp()
        self.leads = self.make_leads(25)
        self.enterContext(patch.object(applier, "BATCH_SIZE", 10))

    def get_jobs(self, method):
        return self.env["queue.job"].search([("method_name", "=", method)], order="id")

    def plan_by_cron(self):
        self.campaign.write({"frequency": "daily"})
        self.campaign.next_run = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        self.campaign._cron_distribute()
        return self.get_jobs("_job_scheduled_run")

    def perform(self, jobs):
        """Do what the runner would have the workers do."""
        for job in jobs:
            getattr(job.records, job.method_name)(*job.args, **job.kwargs)
            job.button_done()

    def test_a_campaign_that_is_due_becomes_one_job_however_often_it_is_looked_for(self):
        self.assertEqual(len(self.plan_by_cron()), 1)
        self.campaign._cron_distribute()
        self.assertEqual(len(self.get_jobs("_job_scheduled_run")), 1)
        self.assertFalse(self.campaign.run_ids)

    def test_the_plan_becomes_a_job_a_batch_and_one_that_closes_in_a_channel_of_their_own(self):
        self.perform(self.plan_by_cron())
        run = self.campaign.run_ids
        batches, close = self.get_jobs("_job_apply_batch"), self.get_jobs("_job_close")
        self.assertEqual((run.state, len(batches), len(close), run.job_count), ("applying", 3, 1, 4))
        self.assertEqual(set((batches + close).mapped("channel")), {"root.lead_distribution"})
        self.assertEqual(set(batches.mapped("state")), {"pending"})
        self.assertEqual(close.state, "wait_dependencies")
        self.assertEqual(run.action_view_jobs()["domain"], [("distribution_run_id", "=", run.id)])

    def test_jobs_in_any_order_hand_out_every_lead_once(self):
        self.perform(self.plan_by_cron())
        self.perform(self.get_jobs("_job_apply_batch").sorted(reverse=True))
        self.assertEqual(len(self.leads.filtered("user_id")), 25)
        self.assertEqual(self.get_jobs("_job_close").state, "pending")
        self.perform(self.get_jobs("_job_close"))
        run = self.campaign.run_ids
        self.assertRecordValues(run, [{"state": "done", "leads_distributed": 25, "leads_not_distributed": 0}])
        self.assertEqual(sorted(run.member_line_ids.mapped("leads_received")), [8, 8, 9])

    def test_a_plan_job_that_comes_late_does_nothing(self):
        job = self.plan_by_cron()
        self.perform(job)
        self.campaign._job_scheduled_run()
        self.assertEqual(len(self.campaign.run_ids), 1)

    def test_while_jobs_are_ahead_the_scheduled_action_makes_no_more(self):
        self.perform(self.plan_by_cron())
        self.campaign._cron_distribute()
        self.assertEqual(self.campaign.run_ids.job_count, 4)

    def test_what_failed_jobs_have_left_is_done_by_one_that_closes(self):
        self.perform(self.plan_by_cron())
        batches = self.get_jobs("_job_apply_batch")
        self.perform(batches[1:])
        batches[0].state = "failed"
        self.campaign._cron_distribute()
        closing = self.get_jobs("_job_close").filtered(lambda job: job.state == "pending")
        self.perform(closing)
        self.assertRecordValues(self.campaign.run_ids, [{"state": "done", "leads_distributed": 25}])

    def test_a_run_that_others_still_work_on_is_closed_later(self):
        self.perform(self.plan_by_cron())
        run = self.campaign.run_ids
        with patch.object(type(run), "_continue_applying"), self.assertRaises(RetryableJobError):
            run._job_close()
        self.assertEqual(run.state, "applying")

    def test_a_stopped_run_leaves_nothing_to_its_jobs(self):
        self.perform(self.plan_by_cron())
        run = self.campaign.run_ids
        run.action_cancel()
        self.perform(self.get_jobs("_job_apply_batch"))
        self.perform(self.get_jobs("_job_close"))
        self.assertEqual(run.state, "cancelled")
        self.assertFalse(self.leads.filtered("user_id"))
