from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.tests import tagged

from odoo.addons.lead_distribution.tests.common import DistributionCase


@tagged("post_install", "-at_install")
class TestLiveJobs(DistributionCase):
    """Leads that come become one job in a channel of their own, and the job hands them out."""

    def setUp(self):
        super().setUp()
        self.waiting = self.env["lead.distribution.waiting"]
        self.campaign.is_live = True
        self.env.cr.flush()
        self.get_jobs().unlink()

    def get_jobs(self):
        return self.env["queue.job"].search([("method_name", "=", "_job_hand_out")], order="id")

    def come(self, count=1, **values):
        leads = self.make_leads(count, **values)
        self.env.cr.flush()  # as committing does
        return leads

    def perform(self, job):
        job.state = "done"  # who is at work has begun: another one may be ahead
        with self.enter_registry_test_mode():
            getattr(job.records, job.method_name)(*job.args, **job.kwargs)

    def test_leads_that_come_are_one_job_in_a_channel_of_their_own(self):
        self.come(3)
        self.come(2)
        job = self.get_jobs()
        self.assertRecordValues(job, [{"channel": "root.lead_distribution_live", "state": "pending", "eta": False}])
        self.assertEqual(job.user_id.id, SUPERUSER_ID)

    def test_whoever_makes_a_lead_needs_no_right_to_jobs(self):
        vals = {"name": "Typed in", "type": "lead", "user_id": False}
        self.env["crm.lead"].with_user(self.ann).create(vals)
        self.env.cr.flush()
        self.assertEqual(self.get_jobs().user_id.id, SUPERUSER_ID)

    def test_the_job_hands_out(self):
        leads = self.come(6)
        self.perform(self.get_jobs())
        self.assertEqual(len(leads.filtered("holder_id")), 6)
        self.assertFalse(self.waiting.search([("lead_id", "in", leads.ids)]))

    def test_a_lead_that_comes_while_a_job_is_at_work_is_another_job(self):
        self.come()
        self.get_jobs().state = "started"
        self.come()
        self.assertEqual(self.get_jobs().mapped("state"), ["started", "pending"])

    def test_a_job_that_began_before_the_lead_was_committed_is_made_up_for(self):
        self.come()
        self.get_jobs().state = "done"
        with self.enter_registry_test_mode():
            self.waiting._wake_after_all()
            self.waiting._wake_after_all()
        self.assertEqual(self.get_jobs().mapped("state"), ["done", "pending"])

    def test_the_next_moment_is_one_job_that_waits_for_it(self):
        now = fields.Datetime.now()
        for minutes in (30, 40, 20, 25):
            self.waiting.wake(now + timedelta(minutes=minutes))
        self.assertEqual(self.get_jobs().mapped("eta"), [now + timedelta(minutes=m) for m in (30, 20)])
        self.come()
        self.assertEqual(len(self.get_jobs()), 3, "a lead that comes now does not wait for the moment")

    def test_the_scheduled_action_finds_what_was_missed_and_makes_a_job(self):
        lead = self.come()
        self.waiting.search([]).unlink()
        self.get_jobs().unlink()
        self.waiting._cron_hand_out()
        self.assertEqual(self.waiting.search([]).lead_id, lead)
        self.env.cr.flush()
        self.assertEqual(len(self.get_jobs()), 1)
        self.assertFalse(lead.holder_id)

    def test_what_nobody_was_told_of_is_a_job_though_nothing_waits(self):
        self.come()
        self.perform(self.get_jobs())
        self.get_jobs().unlink()
        self.waiting._cron_hand_out()
        self.assertFalse(self.get_jobs())
        self.env["lead.distribution.assignment"].search([("campaign_id", "=", self.campaign.id)]).is_untold = True
        self.waiting._cron_hand_out()
        self.env.cr.flush()
        self.assertEqual(len(self.get_jobs()), 1)

    def test_a_day_that_is_over_is_a_job_that_ends_it_though_nothing_waits(self):
        self.campaign.write({"user_id": self.manager.id, "notify_responsible": True})
        self.come(2)
        self.perform(self.get_jobs())
        self.get_jobs().unlink()
        run = self.campaign.run_ids
        run.distribution_date -= timedelta(days=1)
        self.waiting._cron_hand_out()
        self.env.cr.flush()
        self.perform(self.get_jobs())
        self.assertFalse(run.is_growing)
        message = self.env["mail.message"].search([("partner_ids", "in", self.manager.partner_id.ids)], limit=1)
        self.assertEqual(message.subject, "Voice: 2 of 2 leads handed out")
        self.get_jobs().unlink()
        self.waiting._cron_hand_out()
        self.assertFalse(self.get_jobs())
