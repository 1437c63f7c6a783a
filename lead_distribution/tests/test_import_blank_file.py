import base64
import io

import openpyxl

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..importing.blank_file import explain_targets, make_blank_file
from ..importing.targets import LEAD_TARGETS, PEOPLE_TARGETS
from .test_import_file import FileCase


@tagged("post_install", "-at_install")
class TestImportBlankFile(FileCase):
    """The workbook to fill in: all columns, an example, what is allowed; and it comes back without a question."""

    def make(self, kind="leads"):
        _name, data = make_blank_file(self.batches.env, kind)
        return data, openpyxl.load_workbook(io.BytesIO(data))

    def test_it_comes_back_without_a_question(self):
        data, _book = self.make()
        batch = self.upload(data)
        self.assertEqual(set(self.targets(batch).values()), set(LEAD_TARGETS))
        self.assertEqual(set(batch.column_ids.mapped("certainty")), {"sure"})
        batch.action_next()
        self.assertEqual((batch.step, batch.counts), ("duplicates", {"ready": 1}))
        self.assertFalse(batch.value_ids)
        self.to_preview(batch, self.ann).action_start()
        lead = self.imported(batch)
        self.assertEqual((lead.contact_name, lead.partner_name, lead.priority), ("Nina Hart", "Hart Interiors", "1"))
        self.assertEqual((lead.country_id.code, lead.state_id.code, lead.zip), ("US", "NY", "10001"))
        self.assertEqual(lead.lead_status_id, self.env["crm.lead.status"].search([], limit=1))

    def test_a_lead_written_under_the_example_is_imported_with_its_status(self):
        data, book = self.make()
        head = {cell.value: cell.column for cell in book.worksheets[0][1]}
        for name, text in {"Full name": "Otto Lang", "Email": "otto@example.com", "Lead status": "Call Back"}.items():
            book.worksheets[0].cell(3, head[name], text)
        out = io.BytesIO()
        book.save(out)
        batch = self.to_preview(self.upload(out.getvalue()), self.ann)
        batch.action_start()
        self.assertEqual(self.imported(batch)[1].lead_status_id, self.status["call_back"])
        self.assertTrue(data)

    def test_every_column_is_explained_and_statuses_are_chosen_from_a_list(self):
        _data, book = self.make()
        leads, words, lists = book.worksheets
        explained = {row[0].value: row[1].value for row in words.iter_rows(min_row=2, max_row=len(LEAD_TARGETS) + 1)}
        self.assertEqual(set(explained), {cell.value for cell in leads[1]})
        self.assertTrue(all(explained.values()))
        rules = {rule.formula1: str(rule.sqref) for rule in leads.data_validations.dataValidation}
        self.assertEqual(len(rules), 2)
        names = [cell.value for cell in lists["A"][1:] if cell.value]
        self.assertEqual(names, self.env["crm.lead.status"].search([]).mapped("name"))
        column = next(cell.column_letter for cell in leads[1] if cell.value == "Lead status")
        self.assertTrue(any(place.startswith(f"{column}2:") for place in rules.values()), rules)

    def test_salespeople_have_one_too(self):
        data, book = self.make("people")
        batch = self.upload(data, kind="people", campaign_id=self.campaign.id)
        self.assertEqual(set(self.targets(batch).values()), set(PEOPLE_TARGETS))
        self.assertEqual(len(book.worksheets), 2)

    def test_names_of_columns_in_another_language_come_back_too(self):
        self.env["res.lang"]._activate_lang("de_DE")
        label = self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "lead.import.column"), ("value", "=", "street2")]
        )
        label.with_context(lang="de_DE").name = "Noch eine Zeile"
        self.env.registry.clear_cache("stable")
        batches = self.batches.with_context(lang="de_DE")
        _name, data = make_blank_file(batches.env, "leads")
        batch = batches.create({"file": base64.b64encode(data), "file_name": "leads.xlsx"})
        batch.action_next()
        self.assertEqual(self.targets(batch)["Noch eine Zeile"], "street2")

    def test_nothing_that_a_column_can_mean_is_left_unexplained(self):
        self.assertEqual(set(explain_targets(self.env)), {*LEAD_TARGETS, *PEOPLE_TARGETS})


@tagged("post_install", "-at_install")
class TestImportBlankFileRoute(FileCase, HttpCase):
    def test_managers_download_it_and_others_do_not(self):
        self.authenticate("mia@test", "mia@test")
        answer = self.url_open("/lead_distribution/import/template/leads")
        self.assertEqual(answer.status_code, 200)
        self.assertIn(".xlsx", answer.headers["Content-Disposition"])
        self.assertEqual(openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[0], "Leads")
        self.assertEqual(self.url_open("/lead_distribution/import/template/nothing").status_code, 404)
        self.authenticate("ann@test", "ann@test")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open("/lead_distribution/import/template/leads").status_code, 403)
