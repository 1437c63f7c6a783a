import io
import json
import logging
import zipfile

import openpyxl

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..importing.blank_file import make_blank_file
from ..reporting.documents import lay_out
from ..reporting.writers import write
from .rights_common import RightsCase

LOGGER = "odoo.addons.lead_distribution.work.leaving"


@tagged("post_install", "-at_install")
class TestExports(RightsCase, HttpCase):
    """Every file that leaves says who made it, where its format has a place for that; the log has a line for each."""

    def setUp(self):
        super().setUp()
        self.run_done = self.records["lead.distribution.run"][0].with_env(self.get_env(self.manager))

    def get_document(self, env=None):
        return lay_out("run", self.run_done.get_report_data(), env or self.run_done.env)

    def download(self, url, user=None):
        """Return what is at an address, and the lines that this left in the log."""
        user = user or self.manager
        self.env.flush_all()
        self.authenticate(user.login, user.login)
        with self.assertLogs(LOGGER, logging.INFO) as log:
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 200)
        return answer.content, log.output

    def test_a_page_says_below_who_made_it_and_when(self):
        self.manager.write({"name": "Mia & <Co>", "tz": "Asia/Tokyo"})
        page = write(self.get_document(), "html").decode()
        self.assertRegex(page, r"Made by Mia &amp; &lt;Co&gt; on \d+/\d+/\d+, \d+:\d+")
        self.assertIn("Made by", self.run_done.get_report_body(is_mail=False))

    def test_what_the_schedule_makes_names_nobody(self):
        run = self.run_done.with_env(self.env(user=self.env.ref("base.user_root")))
        page = write(self.get_document(run.env), "html").decode()
        self.assertIn("Made automatically on", page)
        self.assertNotIn("OdooBot", page)

    def test_a_workbook_says_it_among_its_properties_and_below_each_printed_page(self):
        self.manager.name = "Mia & Co"
        book = openpyxl.load_workbook(io.BytesIO(write(self.get_document(), "xlsx")))
        self.assertEqual(book.properties.creator, "Mia & Co")
        self.assertIn("Made by Mia & Co on", book.properties.description)
        for sheet in book:
            self.assertIn("Made by Mia & Co on", sheet.oddFooter.left.text.replace("&&", "&"))

    def test_the_blank_file_and_the_rows_to_mend_say_it_too(self):
        env, batch = self.run_done.env, self.records["lead.import.batch"][0]
        _name, blank = make_blank_file(env, "leads")
        self.assertEqual(openpyxl.load_workbook(io.BytesIO(blank)).properties.creator, self.manager.name)
        errors, log = self.download(f"/lead_distribution/import/{batch.id}/errors")
        self.assertEqual(openpyxl.load_workbook(io.BytesIO(errors)).properties.creator, self.manager.name)
        self.assertRegex(log[0], rf"User {self.manager.id} exported 0 rows \(xlsx\) of lead.import.batch\[{batch.id}\]")

    def test_data_for_programs_stays_as_it_is(self):
        document = self.get_document()
        self.assertEqual(json.loads(write(document, "json")), document.data)
        self.assertNotIn("Made by", write(document, "csv").decode())

    def test_downloading_a_report_leaves_a_line_with_who_what_where_and_how_many_rows(self):
        env = self.get_env(self.manager)
        asked = env["lead.distribution.report.request"].create({"kind": "run", "run_id": self.run_done.id})
        rows = self.get_document().count_rows()
        self.assertTrue(rows)
        for format_name in ("csv", "json", "html", "xlsx"):
            _content, log = self.download(f"/lead_distribution/report/{asked.id}/{format_name}")
            self.assertEqual(len(log), 1, log)
            self.assertRegex(
                log[0],
                rf"User {self.manager.id} exported {rows} rows \({format_name}\) of lead.distribution.campaign"
                rf"\[{self.campaign.id}\] from 127.0.0.1",
            )

    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def test_printing_through_odoo_s_own_address_leaves_a_line(self):
        _content, log = self.download(f"/report/html/lead_distribution.report_run_document/{self.run_done.id}")
        self.assertRegex(log[0], rf"exported \d+ rows \(pdf\) of lead.distribution.run\[{self.run_done.id}\]")

    def test_taking_a_kept_file_by_its_address_leaves_a_line(self):
        file = self.env["ir.attachment"].create(
            {"name": "old.csv.gz", "raw": b"x", "res_model": self.campaign._name, "res_id": self.campaign.id}
        )
        for url in (f"/web/content/{file.id}", f"/web/content/ir.attachment/{file.id}/datas?download=1"):
            _content, log = self.download(url)
            self.assertRegex(
                log[0], rf"User {self.manager.id} exported a file \(old.csv.gz\) of lead.distribution.campaign"
            )

    def test_taking_a_campaign_as_text_leaves_a_line_and_the_text_stays_fit_for_comparing(self):
        env = self.get_env(self.manager)
        form = env["lead.distribution.config.text"].create({"campaign_id": self.campaign.id})
        content, log = self.download(f"/web/content/{form._name}/{form.id}/file")
        self.assertEqual(content.decode(), self.campaign.with_env(env).dump_config())
        self.assertRegex(log[0], rf"exported a file \(.+\) of lead.distribution.campaign\[{self.campaign.id}\]")

    def test_files_of_others_leave_no_line(self):
        file = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"x", "public": True})
        self.authenticate(self.manager.login, self.manager.login)
        with self.assertNoLogs(LOGGER, logging.INFO):
            self.assertEqual(self.url_open(f"/web/content/{file.id}").content, b"x")

    def test_a_name_cannot_break_the_footer_of_a_workbook(self):
        self.manager.name = "&D&T" + "x" * 300
        with zipfile.ZipFile(io.BytesIO(write(self.get_document(), "xlsx"))) as file:
            footer = file.read("xl/worksheets/sheet1.xml").decode()
        self.assertIn("&amp;&amp;D&amp;&amp;T", footer)
