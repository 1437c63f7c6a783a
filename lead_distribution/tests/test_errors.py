"""What a run does when something goes wrong: retries, limits, nothing found."""

from contextlib import suppress
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..applying import applier, stop_limits
from ..work import transactions
from .common import DistributionCase

LOGGER = "odoo.addons.lead_distribution.applying.applier"


@tagged("post_install", "-at_install")
class TestErrors(DistributionCase):
    def make_failing(self, names, error=ValueError):
        """Make the writing of leads with these names fail; return the names, which can be emptied."""
        model = type(self.env["crm.lead"])
        write, broken = model.write, set(names)

        def failing(leads, values):
            if "distributed_on" in values and broken & set(leads.mapped("name")):
                raise error("one of them is broken")
            return write(leads, values)

        self.patch(model, "write", failing)
        return broken

    @mute_logger(LOGGER)
    def test_failed_leads_are_tried_again(self):
        self.make_leads(6)
        broken = self.make_failing(["Lead 2"])
        self.campaign.write({"max_retries": 3, "retry_delay": 1})
        # what was in the way is gone after the first try
        with patch.object(applier.time, "sleep", lambda seconds: broken.clear()):
            run = self.campaign.distribute()
        self.assertEqual((run.state, run.leads_distributed), ("done", 6))
        self.assertFalse(any(run.assignment_ids.mapped("note")))

    @mute_logger(LOGGER)
    def test_between_two_tries_the_delay_is_waited(self):
        self.make_leads(2)
        self.make_failing(["Lead 1"])
        self.campaign.write({"max_retries": 3, "retry_delay": 5})
        waited = []
        commit = applier.Applier.commit

        def note_commit(record, *args):
            waited.append("commit")
            return commit(record, *args)

        self.patch(applier.Applier, "commit", note_commit)
        with patch.object(applier.time, "sleep", waited.append):
            run = self.campaign.distribute()
        self.assertEqual((run.state, run.leads_distributed), ("done", 1))
        self.assertEqual([what for what in waited if what != "commit"], [5, 5])
        before = [waited[number - 1] for number, what in enumerate(waited) if what == 5]
        self.assertEqual(before, ["commit"] * 2, "nobody is to wait meanwhile for what is written")

    def retry_while(self, meanwhile):
        """Hand out six leads, of which the third fails; ``meanwhile`` is done while the run waits. Return the run."""
        self.make_leads(6)
        broken = self.make_failing(["Lead 2"])
        self.campaign.write({"max_retries": 3, "retry_delay": 30, "max_daily": 2})

        def wait(_seconds):
            broken.clear()
            meanwhile(self.campaign.run_ids)

        with patch.object(applier.time, "sleep", wait):
            return self.campaign.distribute()

    @mute_logger(LOGGER)
    def test_what_another_process_has_handed_out_while_a_run_waits_stays_so(self):
        run = self.retry_while(lambda run: run._continue_applying())
        self.assertEqual(run.assignment_ids.mapped("state"), ["done"] * 6)
        self.assertRecordValues(run, [{"state": "done", "leads_done": 6, "left_over": False}])

    @mute_logger(LOGGER)
    def test_a_run_that_somebody_stops_while_it_waits_hands_out_nothing_more(self):
        run = self.retry_while(lambda run: run.action_cancel())
        self.assertRecordValues(run, [{"state": "cancelled", "leads_done": 5}])
        self.assertEqual(len(run.assignment_ids.lead_id.filtered("user_id")), 5)

    @mute_logger(LOGGER)
    def test_leads_that_are_tried_again_stay_within_the_limits_as_they_are_then(self):
        others = []

        def hand_out_others(run):
            self.assertTrue(run.assignment_ids.filtered(lambda row: row.state == "failed"))
            other = self.make_campaign("Other", *self.campaign.member_ids.user_id, max_daily=2)
            others.append(other.distribute(lead_ids=self.make_leads(6).ids))

        run = self.retry_while(hand_out_others)
        self.assertEqual((run.leads_done, others[0].leads_done), (5, 1))
        self.assertEqual(run.left_over, {"skipped": 1})
        skipped = run.assignment_ids.filtered(lambda row: row.state == "skipped")
        self.assertEqual(skipped.note, "The limit of this person was reached meanwhile.")

    @mute_logger(LOGGER)
    def test_too_many_failed_leads_stop_the_run(self):
        self.make_leads(20)
        self.make_failing([f"Lead {n}" for n in range(10)])
        self.campaign.write({"max_failed": 3, "lead_order": "oldest"})
        run = self.campaign.distribute()
        states = run.assignment_ids.mapped("state")
        self.assertEqual(run.state, "failed")
        self.assertIn("stopped after 4 failed leads", run.error)
        self.assertEqual(states.count("failed"), 4)
        self.assertEqual(run.leads_distributed, states.count("done"))
        self.assertEqual(states.count("planned"), 0)
        self.assertEqual(run.leads_found, run.leads_distributed + sum(run.left_over.values()))

    @mute_logger(LOGGER)
    def test_the_limit_holds_over_batches(self):
        self.patch(applier, "BATCH_SIZE", 5)
        self.make_leads(30)
        self.make_failing([f"Lead {n}" for n in range(30)])
        self.campaign.max_failed = 7
        run = self.campaign.distribute()
        self.assertEqual((run.state, run.assignment_ids.mapped("state").count("failed")), ("failed", 8))

    @mute_logger(LOGGER)
    def test_too_many_refused_leads_stop_the_run(self):
        self.make_leads(10)
        self.make_failing([f"Lead {n}" for n in range(10)], error=UserError)
        self.campaign.max_invalid = 2
        run = self.campaign.distribute()
        self.assertEqual((run.state, run.invalid_count), ("failed", 3))
        self.assertIn("refused leads", run.error)

    def test_too_many_conflicts_with_others_stop_the_run(self):
        self.campaign.max_conflicts = 2
        for conflicts, state in ((2, "done"), (3, "failed")):
            leads = self.make_leads(2)
            run = self.campaign.simulate().sudo()
            run._begin()
            run._get_applier()._count_conflicts(conflicts)
            run._continue_applying()
            self.assertEqual((run.state, bool(leads.user_id)), (state, state == "done"))
        self.assertIn("stopped after 3 conflicts; the campaign allows 2", run.error)

    @mute_logger(LOGGER)
    def test_refused_leads_that_were_locked_before_count_too(self):
        leads, locked = self.make_leads(6), [True]
        lock = type(leads).try_lock_for_update
        self.patch(type(leads), "try_lock_for_update", lambda them, **how: lock(them[:0] if locked else them, **how))
        self.patch(applier, "wait_for", lambda _leads, _seconds: locked.clear())
        self.make_failing(leads.mapped("name"), error=UserError)
        self.campaign.max_invalid = 2
        run = self.campaign.distribute()
        self.assertEqual((run.state, run.invalid_count), ("failed", 3))
        self.assertEqual(sorted(run.assignment_ids.mapped("state")), ["failed"] * 3 + ["skipped"] * 3)

    @mute_logger(LOGGER)
    def test_a_batch_that_is_done_again_after_a_conflict_counts_its_refused_leads_once(self):
        self.make_leads(3)
        self.make_failing(["Lead 1"], error=UserError)
        run = self.campaign.simulate().sudo()
        run._begin()
        worker = run._get_applier()
        in_the_way = patch.object(stop_limits.StopLimits, "keep_refused", side_effect=SerializationFailure)
        with in_the_way, suppress(SerializationFailure), self.env.cr.savepoint():
            worker.apply_next(0)
        worker.apply_next(0)
        self.assertEqual(run.invalid_count, 1)

    @mute_logger(LOGGER)
    def test_a_run_that_was_stopped_is_not_ended_by_another_process_once_more(self):
        self.patch(applier, "BATCH_SIZE", 2)
        self.make_leads(6)
        self.make_failing([f"Lead {n}" for n in range(6)])
        self.campaign.max_failed = 1
        run = self.campaign.distribute().sudo()
        self.assertEqual(run.state, "failed")
        with patch.object(type(run), "_close") as close:
            self.assertEqual(run._apply_next_batch(0)[0], 0)
        close.assert_not_called()

    @mute_logger("odoo.addons.lead_distribution.work.transactions")
    def test_nobody_waits_for_a_run_that_cannot_begin_at_once(self):
        self.make_leads(2)
        self.campaign.retry_delay = 30
        run, waited, tries = self.campaign.simulate(), [], [SerializationFailure]
        begin = type(run)._begin

        def conflict(record):
            if tries:
                raise tries.pop()
            begin(record)

        self.patch(type(run), "_begin", conflict)
        self.env.flush_all()
        self.patch(transactions.time, "sleep", waited.append)
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cursor:
            run.with_env(self.env(cr=cursor)).action_apply()
        self.env.invalidate_all()
        self.assertEqual((run.state, run.conflict_count, waited), ("done", 1, []))

    @mute_logger(LOGGER)
    def test_r68_without_limits_single_failures_stop_nothing(self):
        self.make_leads(10)
        self.make_failing([f"Lead {n}" for n in range(9)])
        run = self.campaign.distribute()
        self.assertEqual((run.state, run.leads_distributed), ("done", 1))

    def test_r69_without_leads_the_run_warns(self):
        run = self.campaign.distribute()
        self.assertEqual(run.state, "done")
        self.assertIn("No lead qualifies", "\n".join(run.warnings))
        self.campaign.warn_without_leads = False
        self.assertNotIn("No lead qualifies", "\n".join(self.campaign.distribute().warnings or []))

    def test_r69_without_salespeople_nothing_is_changed(self):
        leads = self.make_leads(2)
        self.campaign.member_ids.active = False
        run = self.campaign.distribute()
        self.assertEqual(run.state, "failed")
        self.assertFalse(leads.user_id)

    def test_a_campaign_that_only_plans_stops_at_the_plan_when_it_is_due(self):
        leads = self.make_leads(2)
        self.campaign.write({"plan_only": True, "frequency": "daily", "next_run": "2020-01-01 00:00:00"})
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("lead_distribution.ir_cron_distribute").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.campaign.run_ids.state, "planned")
        self.assertFalse(leads.user_id)
