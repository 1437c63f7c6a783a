"""A campaign has one run that is being applied: a start goes on with it, or stops it when told to."""

from collections import Counter
from datetime import timedelta
from unittest.mock import patch

import psycopg2
from lxml import etree

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

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

    def give_up(self, run):
        """Have a run that was begun fail until nobody tries any more."""
        with patch.object(applier.Applier, "apply_next", side_effect=ValueError("broken")):
            for _turn in range(5):
                self.run_cron()
        return run

    @mute_logger(ERRORS)
    def test_a_run_that_was_given_up_counts_what_it_did_not_reach_and_can_go_on(self):
        leads = self.make_leads(20)
        run = self.give_up(self.interrupt())
        self.assertRecordValues(run, [{"state": "failed", "leads_distributed": 10, "left_over": {"planned": 10}}])
        self.assertIn("broken", run.error)
        run.action_apply()
        self.assertRecordValues(run, [
            {"state": "done", "leads_distributed": 20, "left_over": False, "error": False, "failure_count": 0},
        ])  # fmt: skip
        self.assertEqual(len(leads.filtered("user_id")), 20)

    @mute_logger(ERRORS)
    def test_a_run_that_was_given_up_goes_on_within_the_limits_as_they_are_then(self):
        self.campaign.max_daily = 5
        leads = self.make_leads(15)
        run = self.give_up(self.interrupt())
        others = self.make_leads(15)
        self.assertEqual(self.campaign.distribute(lead_ids=others.ids).leads_done, 5)
        run.action_apply()
        received = Counter(lead.user_id for lead in (leads + others).filtered("user_id"))
        self.assertEqual(received, {self.ann: 5, self.bob: 5, self.cem: 5})
        self.assertRecordValues(run, [{"state": "done", "leads_distributed": 10, "left_over": {"skipped": 5}}])
        skipped = run.assignment_ids.filtered(lambda row: row.state == "skipped")
        self.assertEqual(set(skipped.mapped("note")), {"The limit of this person was reached meanwhile."})

    def test_a_limit_of_a_class_of_leads_that_was_entered_after_the_plan_holds_when_it_is_applied(self):
        leads = self.make_leads(9)
        run = self.campaign.simulate(lead_ids=leads.ids)
        limit = {"user_id": self.ann.id, "measure": "open_fresh", "maximum": 1, "campaign_id": self.campaign.id}
        self.env["lead.distribution.cap"].create(limit)
        run.action_apply()
        received = Counter(lead.user_id for lead in leads.filtered("user_id"))
        self.assertEqual(received, {self.ann: 1, self.bob: 3, self.cem: 3})

    def test_what_a_run_keeps_of_its_people_is_not_copied_for_each_lead_when_it_begins(self):
        copies = []
        convert = fields.Json.convert_to_record

        def count(field, value, record):
            copies.append(field.name)
            return convert(field, value, record)

        self.env["lead.distribution.cap"].create({"user_id": self.ann.id, "measure": "open_fresh", "maximum": 50})
        run = self.campaign.simulate(lead_ids=self.make_leads(30).ids)
        self.assertTrue(all(row.line_up > 0 for row in run.assignment_ids))
        self.patch(fields.Json, "convert_to_record", count)
        run._begin()
        self.assertLess(copies.count("line_ups"), 3)

    def count_turns(self):
        return sum(self.campaign.member_ids.mapped("rotation_turns"))

    def count_told(self):
        """Return how many new leads people were told of, all messages together."""
        domain = [("message_type", "=", "user_notification"), ("subject", "like", "new leads from Voice")]
        return sum(int(subject.split()[0]) for subject in self.env["mail.message"].search(domain).mapped("subject"))

    @mute_logger(ERRORS)
    def test_each_lead_of_a_run_that_was_given_up_and_goes_on_is_one_turn_and_told_once(self):
        self.make_leads(30)
        run = self.give_up(self.interrupt())
        self.assertEqual((self.count_turns(), self.count_told()), (10, 10))
        run._begin()
        run._apply_next_batch(0)
        self.give_up(run)
        self.assertEqual((self.count_turns(), self.count_told()), (20, 20))
        run.action_apply()
        self.assertEqual((self.count_turns(), self.count_told()), (30, 30))
        run.action_revert()
        self.assertEqual(self.count_turns(), 0)

    @mute_logger(ERRORS)
    def test_what_was_not_counted_when_a_run_was_given_up_is_counted_when_it_goes_on(self):
        self.make_leads(20)
        run = self.interrupt()
        with patch.object(type(run), "_update_summary", side_effect=ValueError("no figures")):
            self.give_up(run)
        self.assertEqual((run.state, self.count_turns(), self.count_told()), ("failed", 0, 0))
        run.action_apply()
        self.assertEqual((run.state, self.count_turns(), self.count_told()), ("done", 20, 20))

    def shows_go_on(self, run):
        """Whether the page of a run has the button that goes on with it, for a sales manager."""
        run = run.with_user(self.manager)
        [button] = etree.fromstring(run.get_view(view_type="form")["arch"]).xpath("//button[@name='action_apply']")
        return not safe_eval(button.get("invisible"), run.read()[0])

    @mute_logger(ERRORS)
    def test_the_page_of_a_run_that_was_given_up_says_how_far_it_is_and_has_a_button_while_something_is_left(self):
        self.make_leads(20)
        run = self.interrupt()
        self.assertEqual((run.progress, self.shows_go_on(run)), (50, False))
        self.give_up(run)
        run.invalidate_recordset()
        self.assertEqual((run.progress, self.shows_go_on(run)), (50, True))
        run.with_user(self.manager).action_apply()
        run.invalidate_recordset()
        self.assertEqual((run.progress, self.shows_go_on(run)), (100, False))

    @mute_logger(ERRORS)
    def test_a_run_that_was_given_up_and_is_put_back_does_not_go_on(self):
        leads = self.make_leads(20)
        run = self.give_up(self.interrupt())
        run.action_revert()
        run.invalidate_recordset()
        self.assertFalse(self.shows_go_on(run))
        with self.assertRaisesRegex(UserError, "cannot be applied"):
            run.action_apply()
        self.assertFalse(leads.user_id)

    def test_there_is_nothing_to_go_on_with_where_nobody_could_receive(self):
        self.campaign.member_ids.active = False
        self.make_leads(2)
        run = self.campaign.distribute()
        self.assertEqual((run.state, run.progress, self.shows_go_on(run)), ("failed", 100, False))

    @mute_logger(ERRORS)
    def test_a_run_that_was_given_up_before_its_first_dropback_counts_them_when_it_goes_on(self):
        self.campaign.write(
            {
                "use_dropback": True,
                "dropback_threshold_ids": [Command.create({"days": 30})],
                "dropback_rule_ids": [Command.create({"name": "rest", "is_default": True, "user_id": self.ann.id})],
            }
        )
        self.make_leads(3, source_date=self.days_ago(40))
        run = self.campaign.simulate()
        run._begin()
        self.give_up(run)
        self.assertEqual((run.leads_dropped_back, run.exclusions, run.progress), (0, {"dropback": 3}, 0))
        self.assertTrue(self.shows_go_on(run))
        run.action_apply()
        self.assertEqual((run.leads_dropped_back, run.exclusions), (3, False))
