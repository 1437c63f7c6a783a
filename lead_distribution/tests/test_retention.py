import base64
import csv
import gzip
import io

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .dealing_common import DealingCase


@tagged("post_install", "-at_install")
class TestRetention(DealingCase):
    """Old history goes into a file; nothing younger is ever touched."""

    def make_run(self, days, leads=3):
        self.make_leads(leads)
        run = self.campaign.distribute()
        date = self.days_ago(days)
        for records in (run, run.assignment_ids, run.member_line_ids):
            records.sudo().write({"distribution_date": date})
        self.env.flush_all()
        return run

    def clean_up(self):
        runs = self.env["lead.distribution.run"].sudo()
        remaining = 1
        while remaining:
            _done, remaining = runs._gc_history()

    def files(self):
        return self.env["ir.attachment"].search(
            [("res_model", "=", "lead.distribution.campaign"), ("res_id", "=", self.campaign.id)], order="id"
        )

    def test_old_rows_go_into_compressed_files_and_young_ones_stay(self):
        old, edge, young = self.make_run(31), self.make_run(30), self.make_run(1)
        names = sorted(old.assignment_ids.mapped("lead_name"))
        self.campaign.retention_days = 30
        self.clean_up()
        self.assertFalse(old.exists())
        for run in (edge, young):
            self.assertEqual((len(run.assignment_ids), len(run.member_line_ids)), (3, 3))
        files = self.files()
        self.assertEqual([name.split("-")[0] for name in files.mapped("name")], ["assignment", "member", "run"])
        rows = list(csv.DictReader(io.StringIO(gzip.decompress(base64.b64decode(files[0].datas)).decode())))
        self.assertEqual(sorted(row["lead_name"] for row in rows), names)
        self.assertEqual({row["state"] for row in rows}, {"done"})

    def test_what_an_experiment_is_counted_from_stays_until_it_has_ended(self):
        experiment = self.make_experiment()
        run = self.make_run(31)
        self.campaign.retention_days = 30
        self.clean_up()
        self.assertEqual((len(run.assignment_ids), len(run.member_line_ids)), (3, 3))
        experiment.action_stop()
        self.clean_up()
        self.assertFalse(run.exists())
        result = experiment.get_result()
        self.assertEqual(result["a"]["leads"] + result["b"]["leads"], 3)

    def test_a_row_by_which_something_is_due_stays_until_it_is_done_or_over(self):
        self.campaign.write({"opportunity_hours": 1440, "opportunity_clock": "clock", "retention_days": 30})
        run = self.make_run(31)
        done, late, due = run.assignment_ids
        done.lead_id.type = "opportunity"
        late.due_on = "2024-01-01 00:00:00"
        self.campaign.check_deadlines()
        self.clean_up()
        self.assertEqual(run.assignment_ids, late | due)
        self.assertTrue(due.lead_id.due_on and late.lead_id.due_on)
        late.lead_id.active = False
        self.clean_up()
        self.assertEqual(run.assignment_ids, due)

    def test_without_a_number_of_days_everything_stays(self):
        run = self.make_run(4000)
        self.clean_up()
        self.assertEqual(len(run.assignment_ids), 3)

    def test_without_archiving_there_is_no_file(self):
        run = self.make_run(31)
        self.campaign.write({"retention_days": 30, "archive_history": False})
        self.clean_up()
        self.assertFalse(run.exists())
        self.assertFalse(self.files())

    def test_batches_commit_one_by_one_and_lose_nothing(self):
        self.make_run(31, 7)
        self.patch(self.module(), "ROWS_AT_ONCE", 3)
        self.campaign.retention_days = 30
        runs = self.env["lead.distribution.run"].sudo()
        done, remaining = runs._gc_history()
        self.assertEqual((done, remaining), (3, 3))  # counted up to a batch
        self.clean_up()
        lines = sum(
            len(gzip.decompress(base64.b64decode(file.datas)).decode().splitlines()) - 1
            for file in self.files()
            if file.name.startswith("assignment")
        )
        self.assertEqual(lines, 7)

    @staticmethod
    def module():
        from ..reporting import retention

        return retention

    def test_a_run_that_is_being_applied_is_never_touched(self):
        run = self.make_run(31)
        run.sudo().state = "applying"
        self.campaign.retention_days = 30
        self.clean_up()
        self.assertEqual(len(run.assignment_ids), 3)

    def test_names_of_leads_are_masked_after_some_days_and_in_the_files(self):
        old, young = self.make_run(91), self.make_run(89)
        self.campaign.write({"mask_personal_data": True, "mask_days": 90})
        self.env["lead.distribution.run"].sudo()._gc_personal_data()
        self.assertEqual(set(old.assignment_ids.mapped("lead_name")), {"•••"})
        self.assertNotIn("•••", young.assignment_ids.mapped("lead_name"))
        self.campaign.retention_days = 30
        self.clean_up()
        content = gzip.decompress(base64.b64decode(self.files()[0].datas)).decode()
        self.assertNotIn("Lead 1", content)

    def test_so_is_the_name_of_what_a_lead_was_merged_into(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"].search([("name", "=", "lead_distribution")])._update_translations(["de_DE"])
        self.campaign.write({"mask_personal_data": True, "mask_days": 90})
        for days, lang, text in ((91, "en_US", "merged into “•••”"), (92, "de_DE", "mit „•••“")):
            rows = self.make_run(days).assignment_ids
            head = rows[:2].lead_id.with_context(lang=lang).merge_opportunity()
            [gone] = rows.filtered("note")
            self.assertIn(head.name, gone.note)
            self.env["lead.distribution.run"].sudo()._gc_personal_data()
            self.assertIn(text, gone.note)
            self.assertIn(f"#{head.id}", gone.note)
        rows = self.make_run(31).assignment_ids
        head = rows[:2].lead_id.merge_opportunity()
        self.campaign.retention_days = 30
        self.clean_up()
        content = "".join(gzip.decompress(base64.b64decode(file.datas)).decode() for file in self.files())
        self.assertIn(f"(#{head.id})", content)
        self.assertNotIn(head.name, content)

    def test_names_that_look_like_formulas_are_harmless_in_the_files(self):
        self.make_leads(name="=HYPERLINK(1)")
        run = self.campaign.distribute()
        for records in (run, run.assignment_ids, run.member_line_ids):
            records.sudo().write({"distribution_date": self.days_ago(31)})
        self.campaign.retention_days = 30
        self.clean_up()
        self.assertIn("'=HYPERLINK", gzip.decompress(base64.b64decode(self.files()[0].datas)).decode())

    def test_nobody_but_the_clean_up_deletes_history(self):
        run = self.make_run(31).with_user(self.manager)
        context = {"lead_distribution_clean_up": True}  # as somebody from outside would forge it
        with self.assertRaises(UserError):
            run.with_context(**context).unlink()
        with self.assertRaises(AccessError):
            run.assignment_ids.with_context(**context).unlink()

    def test_odoo_s_daily_clean_up_calls_it(self):
        run = self.make_run(31)
        self.campaign.retention_days = 30
        with self.enter_registry_test_mode():
            self.env.ref("base.autovacuum_job").method_direct_trigger()
        self.assertFalse(run.exists())
