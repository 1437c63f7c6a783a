from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.models import ir_cron
from odoo.addons.lead_distribution.planning.schedule import get_next_run
from odoo.addons.lead_distribution.work.scheduler import is_time_up

from ..applying import applier
from ..planning.rows import count_planned
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestSchedule(DistributionCase):
    """The scheduled action runs what is due, once, and goes on with what was cut off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("lead_distribution.ir_cron_distribute")

    def _run_cron(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def _make_due(self, **values):
        self.campaign.write({"frequency": "daily", **values})
        self.campaign.next_run = fields.Datetime.now() - timedelta(minutes=1)

    def test_a_campaign_that_is_due_runs_once_and_is_scheduled_again(self):
        leads = self.make_leads(5)
        self._make_due()
        self._run_cron()
        self.assertEqual(len(leads.filtered("user_id")), 5)
        self.assertRecordValues(self.campaign.run_ids, [{"state": "done", "origin": "schedule"}])
        self.assertGreater(self.campaign.next_run, fields.Datetime.now())
        self._run_cron()
        self.assertEqual(self.campaign.run_count, 1)

    def test_the_words_that_a_run_keeps_are_those_of_the_person_who_is_responsible(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.level["senior"].with_context(lang="fr_FR").name = "Confirmé"
        self.campaign.member_ids.level_id = self.level["senior"]
        self.manager.lang = "fr_FR"
        self.make_leads(5)
        self._make_due(user_id=self.manager.id)
        self._run_cron()
        lines = self.campaign.run_ids.member_line_ids
        self.assertEqual(set(lines.mapped("level_name")), {"Confirmé"})

    def test_so_are_the_words_that_it_keeps_when_it_is_over(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.status["new"].with_context(lang="fr_FR").name = "Nouveau"
        self.manager.lang = "fr_FR"
        self.make_leads(5, lead_status_id=self.status["new"].id)
        self._make_due(user_id=self.manager.id)
        self._run_cron()
        self.assertEqual(self.campaign.run_ids.leads_by_status, {"Nouveau": 5})

    def test_days_that_were_missed_are_made_up_for_by_one_run(self):
        self._make_due()
        self.campaign.next_run = fields.Datetime.now() - timedelta(days=5)
        self._run_cron()
        self.assertEqual(self.campaign.run_count, 1)
        self.assertGreater(self.campaign.next_run, fields.Datetime.now())

    def test_campaigns_by_hand_archived_or_not_yet_due_do_not_run(self):
        self.campaign.frequency = "daily"
        self.make_campaign("By hand", self.ann)
        self.make_campaign("Old", self.ann, frequency="daily", active=False)
        self._run_cron()
        self.assertFalse(self.env["lead.distribution.run"].search_count([]))

    def test_when_the_schedulers_time_is_over_no_batch_begins_and_it_is_woken(self):
        self.make_leads(30)
        run = self.campaign.simulate()
        run._begin()
        model, calls = type(run), []
        original = model._continue_applying

        def continue_applying(run):
            calls.append(run.id)
            while not is_time_up(run.env):
                pass
            return original(run)

        self.patch(model, "_continue_applying", continue_applying)
        self.patch(applier, "BATCH_SIZE", 10)
        self.patch(ir_cron, "MIN_TIME_PER_JOB", 0.5)
        self._run_cron()
        self.assertEqual((calls, run.state, count_planned(run)), ([run.id], "applying", 20))
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)]))

    def test_a_run_that_was_cut_off_is_finished(self):
        leads = self.make_leads(4)
        run = self.campaign.simulate()
        run._begin()
        self._run_cron()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(leads.filtered("user_id")), 4)

    def test_a_campaign_that_fails_costs_only_itself(self):
        other = self.make_campaign("Apple", self.ann, frequency="daily")
        other.next_run = fields.Datetime.now() - timedelta(minutes=1)
        self._make_due()
        self.make_leads(2)
        model = type(self.campaign)
        original = model._find_leads

        def find(campaign, request, columns):
            if campaign == other:
                raise ValueError("broken pool")
            return original(campaign, request, columns)

        with patch.object(model, "_find_leads", find), self.assertLogs(level="ERROR"):
            self._run_cron()
        self.assertRecordValues(other.run_ids, [{"state": "failed"}])
        self.assertIn("broken pool", other.run_ids.error)
        self.assertGreater(other.next_run, fields.Datetime.now())
        self.assertRecordValues(self.campaign.run_ids, [{"state": "done", "leads_distributed": 2}])

    def test_the_next_run_follows_the_schedule_in_the_campaigns_time_zone(self):
        self.campaign.write({"frequency": "daily", "run_hour": 6.5, "tz": "Asia/Kolkata"})
        self.assertEqual((self.campaign.next_run.hour, self.campaign.next_run.minute), (1, 0))
        self.campaign.write({"frequency": "weekly", "run_weekday": "2", "tz": "UTC"})
        self.assertEqual(self.campaign.next_run.weekday(), 2)
        self.campaign.write({"frequency": "monthly", "run_day": 31})
        self.assertEqual((self.campaign.next_run + timedelta(days=1)).day, 1)
        self.campaign.frequency = "manual"
        self.assertFalse(self.campaign.next_run)

    def test_the_scheduled_action_is_woken_at_the_minute_of_the_run(self):
        self.campaign.write({"frequency": "daily", "run_hour": 4})
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        self.assertIn(self.campaign.next_run, triggers.mapped("call_at"))

    def test_a_copy_of_a_campaign_does_not_run_by_itself(self):
        self.campaign.frequency = "daily"
        copy = self.campaign.copy()
        self.assertEqual((copy.name, copy.frequency), ("Voice (copy)", "manual"))
        self.assertEqual(copy.member_ids.user_id, self.campaign.member_ids.user_id)
        self.assertEqual(len(copy.pool_ids), 1)

    def test_odoos_own_assignment_running_beside_is_told(self):
        self.assertFalse(self.campaign.odoo_assignment_active)
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", True)
        self.env.ref("crm.ir_cron_crm_lead_assign").active = True
        self.campaign.invalidate_recordset()
        self.assertTrue(self.campaign.odoo_assignment_active)

    def test_a_large_run_goes_to_the_background_and_a_small_one_does_not(self):
        self.make_leads(3)
        run = self.campaign.simulate()
        limit = "odoo.addons.lead_distribution.models.run.apply.AT_ONCE"
        with patch(limit, 2):
            run.action_start()
        self.assertEqual(run.state, "applying")
        self._run_cron()
        self.assertEqual((run.state, run.leads_distributed), ("done", 3))
        self.make_leads(3)
        small = self.campaign.simulate()
        small.action_start()
        self.assertEqual(small.state, "done")

    def test_a_large_run_does_not_begin_where_the_scheduler_would_never_go_on(self):
        self.make_leads(3)
        run = self.campaign.simulate()
        self.env.ref("lead_distribution.ir_cron_distribute").active = False
        with patch("odoo.addons.lead_distribution.models.run.apply.AT_ONCE", 2):
            with self.assertRaisesRegex(UserError, "is switched off"):
                run.action_start()
            self.assertEqual(run.state, "planned")
            run.action_apply()  # as a small one
            with self.assertRaisesRegex(UserError, "is switched off"):
                run._start_revert()
        self.assertEqual((run.state, run.reverting_since), ("done", False))

    def test_now_is_compared_with_utc(self):
        self.campaign.write({"frequency": "hourly", "run_hour": 0.5})
        after = datetime(2026, 5, 4, 10, 31)
        self.assertEqual(get_next_run(self.campaign, after), datetime(2026, 5, 4, 11, 30))
