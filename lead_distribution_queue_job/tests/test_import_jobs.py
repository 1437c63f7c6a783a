from contextlib import suppress
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.lead_distribution.importing import checking, chunk
from odoo.addons.lead_distribution.models.imports import wizard
from odoo.addons.lead_distribution.tests.test_import_file import FileCase
from odoo.addons.queue_job.exception import RetryableJobError

from ..models import lead_import_batch as glue


@tagged("post_install", "-at_install")
class TestImportJobs(FileCase):
    """An import becomes jobs, and the jobs become the same import as without them."""

    def setUp(self):
        super().setUp()
        self.enterContext(patch.object(chunk, "CHUNK", 5))
        self.enterContext(patch.object(wizard, "AT_ONCE", 0))
        self.enterContext(patch.object(glue, "PART", 10))

    def people_file(self, count):
        return self.csv("Name,E-mail", *(f"P {n},p{n}@example.com" for n in range(count)))

    def run_cron(self, model="lead.import.batch", action="_cron_import"):
        """Do what the scheduler does."""
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cursor:
            getattr(self.env(cr=cursor)[model], action)()

    def start(self, count=25):
        batch = self.to_preview(self.upload(self.people_file(count), "many.csv"), self.ann, self.bob)
        batch.action_start()
        self.run_cron()
        return batch.with_user(self.env.user)

    def get_jobs(self, batch, method):
        """Return the jobs of a method, the first rows first: their ids say nothing of it."""
        jobs = batch.sudo().job_ids.filtered(lambda job: job.method_name == method)
        return jobs.sorted(lambda job: (job.args, job.id))

    def perform(self, jobs):
        """Do what the runner would have the workers do."""
        for job in jobs:
            getattr(job.records, job.method_name)(*job.args, **job.kwargs)
            job.button_done()

    def test_an_import_becomes_a_job_a_part_and_one_that_closes_in_the_channel_of_the_addon(self):
        batch = self.start()
        parts, close = self.get_jobs(batch, "_job_import_part"), self.get_jobs(batch, "_job_close")
        self.assertEqual((len(parts), len(close), batch.job_count), (3, 1, 4))
        self.assertEqual(sorted(part.args for part in parts), [[2, 11], [12, 21], [22, 26]])
        self.assertEqual(set((parts + close).mapped("channel")), {"root.lead_distribution"})
        self.assertEqual(set(parts.mapped("state")), {"pending"})
        self.assertEqual(close.state, "wait_dependencies")
        self.assertEqual(parts.user_id, self.manager, "in the name of the person who started it")
        self.assertEqual(batch.action_view_jobs()["domain"], [("import_batch_id", "=", batch.id)])
        self.assertFalse(self.imported(batch))

    def test_jobs_in_any_order_import_every_row_once_and_the_scheduled_action_makes_no_more_of_them(self):
        batch = self.start()
        self.run_cron()
        self.assertEqual(batch.job_count, 4)
        parts = self.get_jobs(batch, "_job_import_part")
        self.perform(parts.sorted(reverse=True))
        self.assertEqual((batch.state, batch.rows_done, batch.counts), ("importing", 25, {"done": 25}))
        self.perform(parts)  # done twice, they do nothing the second time
        self.assertEqual(len(self.imported(batch)), 25)
        self.assertEqual(self.get_jobs(batch, "_job_close").state, "pending")
        self.perform(self.get_jobs(batch, "_job_close"))
        self.assertEqual((batch.state, batch.counts, batch.run_id.state), ("done", {"done": 25}, "done"))
        self.assertEqual(sorted(batch.run_id.member_line_ids.mapped("leads_received")), [12, 13])
        self.assertEqual(self.imported(batch).create_uid, self.manager)

    def test_many_rows_are_checked_by_a_job_that_goes_on_where_it_was(self):
        with patch.object(checking, "CHECK_AT_ONCE", 1):
            batch = self.upload(self.people_file(2500), "many.csv")
            batch.action_next()
        self.assertEqual((batch.state, batch.rows_read), ("checking", 1000))
        self.run_cron()
        self.run_cron()
        job = self.get_jobs(batch, "_job_check")
        self.assertEqual(len(job), 1)
        with patch.object(checking, "CHECK_SECONDS", -1), suppress(RetryableJobError):
            self.perform(job)
            self.fail("it was done too early")
        self.assertEqual((batch.state, batch.rows_read), ("checking", 2000))
        self.perform(job)
        self.assertEqual((batch.state, batch.step, batch.counts), ("draft", "duplicates", {"ready": 2500}))

    def test_what_failed_jobs_have_left_is_done_by_one_that_closes(self):
        batch = self.start()
        parts = self.get_jobs(batch, "_job_import_part")
        self.perform(parts[1:])
        parts[0].state = "failed"
        self.run_cron()
        closing = self.get_jobs(batch, "_job_close")
        self.assertEqual(closing.mapped("state"), ["cancelled", "pending"])
        self.perform(closing[1:])
        self.assertEqual((batch.state, batch.counts), ("done", {"done": 25}))

    def test_an_import_that_others_still_work_on_is_closed_later(self):
        batch = self.start()
        with patch.object(type(batch), "_import_in_steps"), self.assertRaises(RetryableJobError):
            batch._job_close()
        self.assertEqual(batch.state, "importing")

    def test_a_stopped_import_leaves_nothing_to_its_jobs_and_can_be_undone(self):
        batch = self.start()
        parts = self.get_jobs(batch, "_job_import_part")
        self.perform(parts[0])
        batch.with_user(self.manager).action_cancel()
        self.perform(parts[1:])
        self.perform(self.get_jobs(batch, "_job_close"))
        self.assertEqual((batch.state, batch.counts), ("cancelled", {"done": 10, "cancelled": 15}))
        batch.with_user(self.manager).action_undo()
        self.assertEqual((batch.state, len(self.imported(batch))), ("undone", 0))

    def test_an_error_that_is_no_rows_stops_the_import_and_go_on_makes_a_job_again(self):
        batch = self.start()
        original = type(batch)._start_session

        def prepare(_batch):
            raise ValueError("out of order")

        self.patch(type(batch), "_start_session", prepare)
        with mute_logger("odoo.addons.lead_distribution.importing.failing"):
            with self.assertRaises(ValueError):
                self.perform(self.get_jobs(batch, "_job_import_part")[0])
            with self.enter_registry_test_mode(), self.env.registry.cursor() as cursor:
                batch.with_env(self.env(cr=cursor))._job_close()
            self.env.invalidate_all()
        self.assertEqual((batch.state, batch.error), ("failed", "out of order"))
        self.patch(type(batch), "_start_session", original)
        batch.sudo().job_ids.write({"state": "failed"})
        batch.with_user(self.manager).action_resume()
        self.run_cron()
        self.perform(self.get_jobs(batch, "_job_close").filtered(lambda job: job.state == "pending"))
        self.assertEqual((batch.state, batch.counts), ("done", {"done": 25}))

    def test_the_scheduled_action_of_campaigns_leaves_runs_of_imports_alone(self):
        batch = self.start()
        run = batch.sudo().run_id
        self.run_cron("lead.distribution.campaign", "_cron_distribute")
        self.assertEqual((run.state, run.job_count), ("applying", 0))
        self.perform(self.get_jobs(batch, "_job_import_part"))
        self.perform(self.get_jobs(batch, "_job_close"))
        self.assertEqual((batch.state, run.state, run.leads_distributed), ("done", "done", 25))

    def test_a_salesperson_sees_no_jobs(self):
        batch = self.start()
        self.assertFalse(self.env["queue.job"].with_user(self.ann).has_access("read"))
        self.assertFalse(batch.with_user(self.ann).has_access("read"))
