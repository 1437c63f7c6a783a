from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import convert_file, mute_logger

from odoo.addons.lead_distribution.applying import applier
from odoo.addons.lead_distribution.models.run import apply
from odoo.addons.lead_distribution.tests.common import DistributionCase
from odoo.addons.lead_distribution.work import transactions
from odoo.addons.queue_job.controllers.main import _prevent_commit
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import Job

GLUE = "odoo.addons.lead_distribution_queue_job."


@tagged("post_install", "-at_install")
class TestJobs(DistributionCase):
    """A campaign that is due becomes jobs, and the jobs become the same run as without them."""

    def setUp(self):
        super().setUp()
        self.leads = self.make_leads(25)
        self.enterContext(patch.object(applier, "BATCH_SIZE", 10))

    def get_jobs(self, method):
        return self.env["queue.job"].search([("method_name", "=", method)], order="id")

    @contextmanager
    def outside(self):
        """Give a cursor as processes have it that know of no test: the addon's commits are commits."""
        unknown = patch.object(transactions, "odoo_module", SimpleNamespace(current_test=None))
        with self.enter_registry_test_mode(), unknown, self.env.registry.cursor() as cursor:
            yield cursor

    def run_cron(self):
        """Do what the scheduler does."""
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cursor:
            self.env(cr=cursor)["lead.distribution.campaign"]._cron_distribute()

    def plan_by_cron(self):
        self.campaign.write({"frequency": "daily"})
        self.campaign.next_run = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        self.run_cron()
        return self.get_jobs("_job_scheduled_run")

    def perform(self, jobs):
        """Do what the runner would have the workers do."""
        for job in jobs:
            getattr(job.records, job.method_name)(*job.args, **job.kwargs)
            job.button_done()

    def perform_as_worker(self, record):
        """Do a job as a worker of the queue does: it commits, if its function says that it may."""
        with self.outside() as cursor:
            job = Job.load(self.env(cr=cursor), record.uuid)
            with _prevent_commit(cursor):
                job.perform()
        record.button_done()

    def count_calls(self):
        """Return how often the scheduled action was told to come back at once."""
        cron = self.env.ref("lead_distribution.ir_cron_distribute")
        at_once = [("cron_id", "=", cron.id), ("call_at", "<=", fields.Datetime.now())]
        return self.env["ir.cron.trigger"].search_count(at_once)

    def test_a_campaign_that_is_due_becomes_one_job_however_often_it_is_looked_for(self):
        self.assertEqual(len(self.plan_by_cron()), 1)
        self.run_cron()
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
        self.run_cron()
        self.assertEqual(self.campaign.run_ids.job_count, 4)

    def test_what_failed_jobs_have_left_is_done_by_one_that_closes(self):
        self.perform(self.plan_by_cron())
        batches = self.get_jobs("_job_apply_batch")
        self.perform(batches[1:])
        batches[0].state = "failed"
        self.run_cron()
        closing = self.get_jobs("_job_close").filtered(lambda job: job.state == "pending")
        self.perform(closing)
        self.assertRecordValues(self.campaign.run_ids, [{"state": "done", "leads_distributed": 25}])

    @mute_logger("odoo.addons.lead_distribution.models.run.apply")
    def test_a_run_that_was_given_up_has_all_its_tries_again_once_somebody_goes_on_with_it(self):
        self.perform(self.plan_by_cron())
        run = self.campaign.run_ids
        self.get_jobs("_job_apply_batch").state = "failed"
        for _try in range(apply.MOST_FAILURES):
            self.assertEqual(run.state, "applying")
            self.get_jobs("_job_close").state = "failed"
            self.run_cron()
        self.assertEqual(run.state, "failed")
        run._begin()  # the button; its process dies before the first batch
        self.run_cron()
        self.assertEqual(run.state, "applying")
        self.perform(self.get_jobs("_job_close").filtered(lambda job: job.state == "pending"))
        self.assertRecordValues(run, [{"state": "done", "leads_distributed": 25}])

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

    def test_while_a_campaign_is_live_another_one_runs_by_its_schedule(self):
        self.make_campaign("Live", self.ann, is_live=True)
        self.perform_as_worker(self.plan_by_cron())
        for job in self.get_jobs("_job_apply_batch") + self.get_jobs("_job_close"):
            self.perform_as_worker(job)
        self.assertRecordValues(self.campaign.run_ids, [{"state": "done", "leads_distributed": 25}])

    def test_jobs_that_commit_are_allowed_to(self):
        prefix = "lead.distribution."
        methods = {
            name
            for model in (f"{prefix}campaign", f"{prefix}run", f"{prefix}waiting", "lead.import.batch")
            for parent in type(self.env[model]).mro()
            if parent.__module__.startswith(GLUE)
            for name in vars(parent)
            if name.startswith("_job_")
        }
        functions = self.env["queue.job.function"].search([("model_id.model", "=like", "lead.%")])
        self.assertEqual(set(functions.mapped("method")), methods, "each is in a channel of the addon")
        in_one_transaction = functions.filtered(lambda function: not function.allow_commit)
        self.assertEqual(in_one_transaction.mapped("method"), ["_job_apply_batch"])

    def test_the_job_that_plans_may_commit_also_where_it_was_made_before_it_did(self):
        function = self.env.ref("lead_distribution_queue_job.job_function_plan")
        function.write({"allow_commit": False, "edit_retry_pattern": "{1: 7}"})
        for name in ("queue_job_data", "allow_commit"):
            convert_file(self.env, "lead_distribution_queue_job", f"data/{name}.xml", {}, mode="update")
        self.assertTrue(function.allow_commit)
        self.assertEqual(function.edit_retry_pattern, "{1: 7}", "what somebody has set stays")

    def test_a_large_run_is_put_back_by_the_scheduled_action(self):
        run = self.campaign.distribute()
        self.make_past(run)
        self.patch(apply, "AT_ONCE", 3)
        self.assertFalse(run._start_revert())
        self.run_cron()
        self.assertRecordValues(run, [{"state": "reverted", "reverting_since": False, "leads_put_back": 25}])
        self.assertFalse(self.leads.filtered("user_id"))

    def test_a_run_that_cannot_become_jobs_costs_the_others_nothing(self):
        broken, other = self.campaign, self.make_campaign("Other", self.ann)
        for campaign in (broken, other):
            self.make_leads(3)
            campaign.simulate(max_leads=3)._begin()
        run_class = type(broken.run_ids)
        original = run_class._get_batches

        def get_batches(run):
            if run.campaign_id == broken:
                raise ValueError("out of order")
            return original(run)

        self.patch(run_class, "_get_batches", get_batches)
        with mute_logger("odoo.addons.lead_distribution.models.run.apply"), self.outside() as cursor:
            self.env(cr=cursor)["lead.distribution.campaign"]._cron_distribute()
        self.assertEqual(broken.run_ids.filtered(lambda run: run.state == "applying").failure_count, 1)
        self.assertEqual(other.run_ids.job_count, 2)

    def test_while_others_do_the_work_the_scheduler_is_not_told_to_come_back(self):
        job = self.plan_by_cron()
        before = self.count_calls()
        self.run_cron()
        self.perform(job)
        self.run_cron()
        self.assertEqual((self.campaign.run_ids.state, self.count_calls()), ("applying", before))

    def test_the_words_that_a_run_keeps_are_those_of_the_person_who_is_responsible(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.level["senior"].with_context(lang="fr_FR").name = "Confirmé"
        self.campaign.member_ids.level_id = self.level["senior"]
        self.manager.lang = "fr_FR"
        self.campaign.user_id = self.manager
        self.perform(self.plan_by_cron())
        self.assertEqual(set(self.campaign.run_ids.member_line_ids.mapped("level_name")), {"Confirmé"})
