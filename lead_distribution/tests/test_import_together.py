from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.base.models import ir_cron
from odoo.addons.lead_distribution.planning.received import count_coming, count_received
from odoo.addons.lead_distribution.work.scheduler import is_time_up

from ..importing.chunk import add_to_counts, import_chunk
from ..importing.keys import claim
from .test_import_file import FileCase


@tagged("post_install", "-at_install")
class TestImportTogether(FileCase):
    """Imports beside runs, beside each other, and beside people. Real processes: tests/processes."""

    def people_file(self, count, source=""):
        return self.csv("Name,E-mail,Source", *(f"P {n},p{n}@example.com,{source}" for n in range(count)))

    def start(self, count, *users, **values):
        """Start an import in the background."""
        batch = self.to_preview(self.upload(self.people_file(count), "many.csv", **values), *users)
        batch.action_start()
        self.assertEqual(batch.state, "importing")
        return batch

    def test_what_an_import_is_just_handing_out_counts_for_limits_once(self):
        people = self.ann + self.bob
        batch = self.start(600, self.ann)
        self.assertEqual(count_received(self.env, people)["day"], {self.ann.id: 600})
        self.assertEqual(count_received(self.env, people, self.campaign)["day"], {self.ann.id: 600})
        self.assertEqual(count_coming(self.env, people)["open_fresh"], {self.ann.id: 600})
        self.assertEqual(count_coming(self.env, people, self.make_campaign("Apple", self.ann))["open"], {})
        add_to_counts(batch.sudo(), import_chunk(batch.sudo()._start_session()))
        self.assertEqual(count_received(self.env, people)["day"], {self.ann.id: 600})
        batch.sudo()._import_in_steps()
        self.assertEqual(batch.state, "done")
        self.assertEqual(count_received(self.env, people)["day"], {self.ann.id: 600})
        self.assertEqual(count_coming(self.env, people)["open"], {})

    def test_a_plan_counts_open_leads_that_another_run_is_just_handing_out(self):
        self.campaign.cap_ids = [Command.create({"measure": "open", "maximum": 4})]
        mine = self.make_leads(24)
        both = self.campaign | self.campaign.copy()  # each of them applies one run at a time
        runs = [campaign.simulate(lead_ids=mine[half::2].ids) for half, campaign in enumerate(both)]
        self.assertEqual([run.leads_planned for run in runs], [12, 12])
        for run in runs:
            run._begin()
        planned = [run.assignment_ids.filtered(lambda row: row.state == "planned") for run in runs]
        self.assertEqual([len(rows) for rows in planned], [12, 0])

    def test_a_person_who_came_since_the_check_is_skipped_by_a_small_import_too(self):
        batch = self.to_preview(self.upload(self.people_file(3), "few.csv"), self.ann)
        self.make_leads(email_from="p1@example.com")
        batch.action_start()
        self.assertEqual(batch.counts, {"done": 2, "skipped": 1})
        self.assertIn("duplicate_lead", batch.row_ids.mapped("code"))

    def test_a_row_that_fails_does_not_take_away_the_source_that_others_need(self):
        batch = self.upload(self.people_file(4, "Fair"), "few.csv", create_missing=True)
        original = type(self.env["crm.lead"]).create

        def create(leads, vals_list):
            created = original(leads, vals_list)
            if any(vals.get("contact_name") == "P 2" for vals in vals_list):
                raise ValueError("no such person")
            return created

        self.to_preview(batch, self.ann)
        self.patch(type(self.env["crm.lead"]), "create", create)
        with self.assertLogs("odoo.addons.lead_distribution.importing.chunk", "WARNING"):
            batch.action_start()
        self.assertEqual(batch.counts, {"done": 3, "error": 1})
        self.assertEqual(self.imported(batch).source_id.mapped("name"), ["Fair"])

    def test_a_process_that_died_is_told_and_one_that_ended_is_not(self):
        batch = self.start(1100, self.ann).sudo()
        with self.enter_registry_test_mode():
            self.env.ref("lead_distribution.ir_cron_import").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((batch.state, batch.interruptions, batch.working_since), ("done", 0, False))
        again = self.start(1200, self.bob, on_lead="import").sudo()
        again.working_since = fields.Datetime.now()  # as a killed process leaves it
        with self.enter_registry_test_mode():
            self.env.ref("lead_distribution.ir_cron_import").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((again.state, again.interruptions, again.overview["interruptions"]), ("done", 1, 1))

    def test_when_the_schedulers_time_is_over_no_step_begins_and_it_is_woken(self):
        batch = self.start(1100, self.ann).sudo()
        model, calls = type(batch), []
        original = model._work

        def work(batch):
            calls.append(batch.id)
            while not is_time_up(batch.env):
                pass
            return original(batch)

        self.patch(model, "_work", work)
        self.patch(ir_cron, "MIN_TIME_PER_JOB", 0.5)
        cron = self.env.ref("lead_distribution.ir_cron_import")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((calls, batch.state, batch.rows_done), ([batch.id], "importing", 1000))
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))

    def test_keys_are_forgotten_after_a_day_and_shown_to_nobody(self):
        keys = self.env["lead.import.key"]
        claim(self.env, ["1 old@example.com", "1 new@example.com"])
        claim(self.env, ["1 new@example.com"])
        self.assertEqual(keys.search_count([]), 2)
        old = keys.search([], limit=1)
        old.used_on = fields.Datetime.now() - timedelta(hours=25)
        self.env.flush_all()
        keys._forget_old()
        self.env.invalidate_all()
        self.assertEqual(keys.search_count([]), 1)
        self.assertFalse(old.exists())
        for user in (self.ann, self.manager):
            with self.assertRaises(AccessError):
                keys.with_user(user).search([])
            with self.assertRaises(AccessError):
                keys.with_user(user).create({})
