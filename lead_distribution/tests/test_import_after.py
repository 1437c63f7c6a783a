import csv
import gzip
import io
from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..importing.failing import tell_failure
from ..names import MASKED
from .test_import_file import HEADER, FileCase


@tagged("post_install", "-at_install")
class TestImportAfter(FileCase):
    """What happens after an import: who hears of it, what is checked, how long its file is kept."""

    def start(self, count=4, **values):
        rows = [f"Person {n},person{n}@example.com,,,," for n in range(count)]
        data = self.csv(",".join(HEADER), *rows, "Twice,person0@example.com,,,,")
        batch = self.to_preview(self.upload(data, "fair.csv"), self.ann, self.bob, **values)
        batch.action_start()
        return batch.sudo()

    def make_older(self, batch, days):
        batch.started_on = fields.Datetime.now() - timedelta(days=days)

    def subjects(self, user):
        domain = [("partner_ids", "in", user.partner_id.ids), ("message_type", "=", "user_notification")]
        return self.env["mail.message"].search(domain).mapped("subject")

    def test_people_and_the_responsible_hear_of_an_import_with_its_final_numbers(self):
        self.campaign.user_id = self.manager
        self.start()
        self.assertEqual(self.subjects(self.ann), ["2 new leads from Voice"])
        self.assertEqual(self.subjects(self.manager), ["Voice: 4 of 4 leads handed out"])

    def test_r72_leads_an_import_left_over_are_in_the_digest_and_can_be_opened(self):
        self.campaign.write({"user_id": self.manager.id, "max_daily": 1})
        run = self.start().run_id
        self.assertEqual(self.subjects(self.manager), ["Voice: 2 of 4 leads handed out"])
        (reason,) = run.left_over
        self.assertEqual(run.left_over[reason], 2)
        leads = self.env["crm.lead"].search(run.action_view_left_over(reason)["domain"])
        self.assertEqual(len(leads), 2)
        self.assertFalse(leads.user_id)

    def test_verification_knows_imports_and_the_run_before(self):
        self.make_leads(3)
        self.campaign.distribute(max_leads=1)
        self.campaign.pool_ids.unlink()
        self.start()
        result = self.campaign.verify_assignments()
        self.assertEqual(len(result["unassigned"]), 2, "left over by the run, not hidden by the import after it")
        self.campaign.max_daily = 2
        run = self.start_more()
        left = self.env["crm.lead"].search([("import_batch_id.run_id", "=", run.id), ("user_id", "=", False)])
        self.assertTrue(left)
        self.assertLessEqual(set(left.ids), set(self.campaign.verify_assignments()["unassigned"]))
        self.assertEqual(set(run.verify_assignments()["unassigned"]), set(left.ids))

    def start_more(self):
        data = self.csv(",".join(HEADER), *(f"More {n},more{n}@example.com,,,," for n in range(9)))
        batch = self.to_preview(self.upload(data, "more.csv"), self.ann, self.bob)
        batch.action_start()
        return batch.run_id

    def test_leads_nobody_may_call_are_nobody_s_work(self):
        self.env["mail.blacklist"]._add("person1@example.com")
        self.start()
        result = self.campaign.verify_assignments()
        self.assertEqual((result["unassigned"], result["problems"]), ([], []))

    @mute_logger("odoo.addons.lead_distribution.importing.failing")
    def test_an_import_that_stopped_is_told_and_shown_on_the_dashboard(self):
        self.campaign.user_id = self.manager
        batch = self.start(2)
        batch.write({"state": "failed", "error": "The disk is full."})
        tell_failure(batch)
        activity = self.campaign.activity_ids
        self.assertEqual((activity.user_id, activity.summary), (self.manager, "Import of leads failed"))
        dashboard = self.env["lead.distribution.dashboard"].with_user(self.manager)
        for data in (dashboard.get_data(), dashboard.get_data(self.campaign.id)):
            self.assertIn("The disk is full.", data["attention"][0]["text"])
            self.assertEqual(data["attention"][0]["open"]["domain"], [["id", "in", batch.ids]])

    def test_an_import_counts_on_the_dashboard_and_the_funnel_is_that_of_a_run_that_chose(self):
        self.make_leads(3)
        run = self.campaign.distribute()
        self.start()
        data = self.env["lead.distribution.dashboard"].with_user(self.manager).get_data(self.campaign.id)
        handed_out = next(figure["value"] for figure in data["figures"] if figure["key"] == "distributed")
        self.assertEqual(handed_out, 7)
        other = self.make_campaign("Other", self.ann)
        self.assertNotEqual(run.origin, "import")
        self.make_leads(2)
        chosen = other.distribute()
        data = self.env["lead.distribution.dashboard"].with_user(self.manager).get_data()
        self.assertEqual(data["last_run"]["id"], chosen.id)

    def test_personal_data_of_old_imports_goes_and_the_numbers_stay(self):
        batch = self.start()
        self.campaign.write({"mask_personal_data": True, "mask_days": 30})
        self.make_older(batch, 29)
        self.clean_up("_gc_import_personal_data")
        self.assertTrue(batch.file)
        self.make_older(batch, 32)
        counts, leads = batch.counts, batch.row_ids.lead_id
        self.clean_up("_gc_import_personal_data")
        self.assertFalse(batch.file)
        self.assertEqual((batch.counts, batch.row_ids.lead_id), (counts, leads))
        self.assertFalse(any(batch.column_ids.mapped("samples")))
        for row in batch.row_ids:
            self.assertFalse(row.raw or row.values or row.email_key or row.phone_keys or row.name_key)
        self.assertEqual(batch.row_ids.filtered(lambda row: row.state == "skipped").message, MASKED)
        self.assertFalse(any(batch.row_ids.mapped("summary")))

    def test_old_imports_go_into_a_file_and_the_leads_stay(self):
        batch = self.start()
        leads = batch.lead_ids
        self.campaign.retention_days = 30
        self.make_older(batch, 29)
        self.clean_up("_gc_imports")
        self.assertTrue(batch.exists())
        self.make_older(batch, 32)
        self.clean_up("_gc_imports")
        self.assertFalse(batch.exists())
        self.assertEqual(len(leads.exists()), 4)
        rows = list(csv.reader(io.StringIO(gzip.decompress(self.find_archive().raw).decode())))
        self.assertEqual(len(rows), 6)
        self.assertIn("person0@example.com", rows[1])

    def test_masked_campaigns_keep_no_cells_in_the_file_of_old_imports(self):
        batch = self.start()
        self.campaign.write({"retention_days": 30, "mask_personal_data": True})
        self.make_older(batch, 32)
        self.clean_up("_gc_imports")
        self.assertNotIn("person0", gzip.decompress(self.find_archive().raw).decode())

    def test_nobody_else_deletes_an_import_that_was_started(self):
        batch = self.start()
        with self.assertRaises(UserError):
            batch.with_user(self.manager).with_context(lead_distribution_clean_up=True).unlink()

    def test_a_lead_that_somebody_has_put_a_file_on_stays_when_the_import_is_undone(self):
        batch = self.start()
        first, second = batch.lead_ids[:2]
        files = self.env["ir.attachment"]
        files.with_user(self.manager).create({"name": "offer.pdf", "res_model": "crm.lead", "res_id": first.id})
        files.with_user(SUPERUSER_ID).create({"name": "logo.png", "res_model": "crm.lead", "res_id": second.id})
        batch.action_undo()
        self.assertEqual(batch.lead_ids, first)
        kept = batch.row_ids.filtered(lambda row: row.state == "kept")
        self.assertEqual((kept.lead_id, batch.counts["undone"]), (first, 3))
        self.assertIn("files", kept.message)

    def test_an_amount_that_was_filled_in_is_emptied_again_however_many_decimals_the_file_had(self):
        lead = self.make_leads(email_from="person0@example.com")
        rows = ("E-mail,Expected revenue,Web site", "person0@example.com,1234.567,example.com")
        batch = self.upload(self.csv(*rows), "x.csv", on_lead="update")
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual((lead.expected_revenue, lead.website), (1234.57, "http://example.com"))
        self.env.flush_all()
        self.env.invalidate_all()
        batch.action_undo()
        self.assertEqual(batch.counts, {"undone": 1})
        self.assertFalse(lead.expected_revenue or lead.website)

    def clean_up(self, method):
        batches, remaining = self.env["lead.import.batch"].sudo(), 1
        while remaining:
            _done, remaining = getattr(batches, method)()
        self.env.flush_all()
        self.env.invalidate_all()

    def find_archive(self):
        domain = [("res_model", "=", "lead.distribution.campaign"), ("res_id", "=", self.campaign.id)]
        return self.env["ir.attachment"].search([*domain, ("name", "like", "import-")])
