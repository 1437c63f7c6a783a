"""A campaign has one run that is being applied: a start goes on with it, or stops it when told to."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.lead_distribution.planning.schedule import find_due

from ..applying import applier
from ..planning.workload import count_workload
from .common import DistributionCase

ERRORS = "odoo.addons.lead_distribution.models.run.apply"


@tagged("post_install", "-at_install")
class TestOneRun(DistributionCase):
    def interrupt(self, **options):
        """Plan a run, and apply only its first batch of ten leads."""
        self.patch(applier, "BATCH_SIZE", 10)
        run = self.campaign.simulate(**options)
        run._begin()
        run._apply_next_batch(0)
        self.env.flush_all()
        return run

    def run_cron(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("lead_distribution.ir_cron_distribute").method_direct_trigger()
        self.env.invalidate_all()

    def test_starting_again_goes_on_and_keeps_the_limit_of_leads_over_both(self):
        leads = self.make_leads(40)
        first = self.interrupt(max_leads=20)
        self.assertEqual(self.campaign.distribute(max_leads=20), first)
        self.assertRecordValues(first, [{"state": "done", "leads_distributed": 20}])
        self.assertEqual(len(leads.filtered("user_id")), 20)

    def test_starting_again_does_not_fill_anybody_above_the_target(self):
        self.campaign.write({"strategy": "level_based", "allow_overflow": False})
        self.campaign.member_ids.target_leads = 8
        self.make_leads(60)
        self.interrupt()
        self.campaign.distribute()
        held = count_workload(self.env, self.ann + self.bob + self.cem)
        self.assertEqual(set(held.values()), {8})

    def test_told_to_cancel_it_stops_the_unfinished_run_and_plans_anew(self):
        self.make_leads(40)
        first = self.interrupt()
        second = self.campaign.distribute(cancel_unfinished=True, max_leads=5)
        self.assertNotEqual(first, second)
        self.assertEqual((first.state, first.leads_distributed), ("cancelled", 10))
        self.assertEqual((second.state, second.leads_distributed), ("done", 5))

    def test_a_campaign_that_is_not_active_hands_out_nothing_but_what_was_begun(self):
        leads = self.make_leads(15)
        begun = self.interrupt()
        self.campaign.active = False
        self.campaign.distribute()
        self.assertEqual((begun.state, len(leads.filtered("user_id"))), ("done", 15))
        more = self.make_leads(3)
        plan = self.campaign.simulate()
        for hand_out in (plan.action_apply, self.campaign.distribute):
            with self.assertRaisesRegex(UserError, "is not active"):
                hand_out()
        self.assertFalse(more.filtered("user_id"))

    def test_the_button_goes_on_with_the_unfinished_run(self):
        self.make_leads(20)
        first = self.interrupt()
        action = self.campaign.with_user(self.manager).action_distribute()
        self.assertEqual((action["res_id"], first.state), (first.id, "done"))
        self.assertEqual(self.campaign.run_count, 1)

    def test_another_plan_waits_until_the_run_has_ended(self):
        self.make_leads(20)
        plan = self.campaign.simulate()
        first = self.interrupt()
        for start in (plan.action_apply, plan.action_start):
            with self.assertRaisesRegex(UserError, "is being applied"):
                start()
        first.action_apply()
        plan.action_apply()
        self.assertEqual((plan.state, plan.leads_distributed), ("done", 0))

    @mute_logger("odoo.sql_db")
    def test_the_database_allows_no_second_run_even_if_nobody_looked(self):
        self.make_leads(20)
        plan = self.campaign.simulate()
        self.interrupt()
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            plan.state = "applying"
            self.env.flush_all()

    def test_runs_of_two_campaigns_and_of_imports_are_applied_side_by_side(self):
        self.make_leads(20)
        self.interrupt()
        other = self.make_campaign("Other", self.ann).simulate()
        other._begin()
        imported = self.campaign.simulate()
        imported.write({"origin": "import", "state": "applying"})
        self.env.flush_all()
        self.assertEqual({other.state, imported.state}, {"applying"})

    def test_a_campaign_that_is_due_goes_on_first_and_plans_when_that_is_done(self):
        self.make_leads(20)
        first = self.interrupt(max_leads=15)
        self.campaign.frequency = "daily"
        self.campaign.next_run = fields.Datetime.now() - timedelta(minutes=1)
        self.assertFalse(find_due(self.env))
        self.run_cron()
        self.assertRecordValues(first, [{"state": "done", "leads_distributed": 15}])
        self.run_cron()
        second = self.campaign.run_ids - first
        self.assertRecordValues(second, [{"state": "done", "leads_distributed": 5, "origin": "schedule"}])

    def make_broken(self, run):
        """Have another addon refuse that a run ends."""
        model = type(run)
        original = model.write

        def write(records, vals):
            if vals.get("state") in ("done", "failed") and run.id in records.ids:
                records.env.cr.execute("SELECT 1 / 0")  # as a statement of that addon would fail
            return original(records, vals)

        self.patch(model, "write", write)

    @mute_logger(ERRORS, "odoo.sql_db")
    def test_a_run_that_cannot_be_closed_fails_after_some_tries_and_others_go_on(self):
        leads = self.make_leads(6)
        broken = self.campaign.simulate()
        broken._begin()
        self.make_broken(broken)
        self.campaign.user_id = self.manager
        other = self.make_campaign("Other", self.ann)
        theirs = self.make_leads(2)
        run = other.simulate(lead_ids=theirs.ids)
        run._begin()
        for turn in range(1, 6):
            self.assertEqual(broken.state, "applying")
            self.run_cron()
            self.assertEqual(broken.failure_count, turn)
            self.assertEqual(run.state, "done")
        self.assertRecordValues(broken, [{"state": "failed", "leads_done": 6, "leads_distributed": 6}])
        self.assertIn("given up after 5 tries", broken.error)
        self.assertEqual(len(leads.filtered("user_id")), 6)
        self.assertIn("Lead distribution failed", self.campaign.activity_ids.mapped("summary"))
        self.run_cron()
        self.assertEqual(broken.failure_count, 5)

    @mute_logger(ERRORS)
    def test_a_run_that_was_given_up_counts_what_it_did_not_reach_and_can_go_on(self):
        leads = self.make_leads(20)
        run = self.interrupt()
        with patch.object(applier.Applier, "apply_next", side_effect=ValueError("broken")):
            for _turn in range(5):
                self.run_cron()
        self.assertRecordValues(run, [{"state": "failed", "leads_distributed": 10, "left_over": {"planned": 10}}])
        self.assertIn("broken", run.error)
        run.action_apply()
        self.assertRecordValues(run, [
            {"state": "done", "leads_distributed": 20, "left_over": False, "error": False, "failure_count": 0},
        ])  # fmt: skip
        self.assertEqual(len(leads.filtered("user_id")), 20)
