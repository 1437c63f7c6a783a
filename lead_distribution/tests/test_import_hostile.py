import io
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path
from unittest.mock import patch

import xlwt

from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..importing import people
from ..importing.spreadsheet.file_guard import MIB, FileProblem, Limits
from ..importing.spreadsheet.process import CHILD, Book, Child, find_python
from ..reporting.todos import IMPORT, raise_todo
from .hostile import heavy as hostile_files
from .test_import_file import FileCase

SMALL = Limits(seconds=5, memory_bytes=64 * MIB, unpacked_bytes=150 * MIB, file_bytes=60 * MIB)
LOGGER = "odoo.addons.lead_distribution.importing.spreadsheet.process"
TEXT = b"Name,E-mail\nAnn,ann@example.com\n,\nBob,bob@example.com\n"


def read(data, limits=SMALL, **options):
    with Book(data, limits, **options) as book:
        return list(book.rows())


@tagged("post_install", "-at_install")
class TestFileProcess(BaseCase):
    """Files are read in a process of their own: what it may take, and what is left of it."""

    def problem(self, data, limits=SMALL):
        with self.assertRaises(FileProblem) as caught:
            read(data, limits)
        return caught.exception.code

    def test_rows_come_back_with_their_numbers_and_blank_ones_are_left_out(self):
        self.assertEqual(
            read(TEXT), [[1, ["Name", "E-mail"]], [2, ["Ann", "ann@example.com"]], [4, ["Bob", "bob@example.com"]]]
        )
        self.assertEqual([number for number, _row in read(TEXT, start=2)], [4])

    def test_a_workbook_that_asks_for_too_much_is_refused_with_the_limit_it_passed(self):
        for data in (
            hostile_files.row_of_cells(400_000), hostile_files.styles(200_000), hostile_files.shared_strings(1_500_000),
            hostile_files.defined_names(100_000),
        ):  # fmt: skip
            self.assertIn(self.problem(data), {"time", "memory"})
        self.assertEqual(self.problem(hostile_files.inline_text(100)), "broken", "no program writes such a cell")

    def test_a_wide_file_has_the_time_that_its_cells_take(self):
        row = '<c t="inlineStr"><is><t>x</t></is></c>' * 250
        data = hostile_files._sheet(*(f'<row r="{number}">{row}</row>' for number in range(1, 1001)))
        self.assertEqual(len(read(data, Limits(seconds=1))), 1000)

    def test_an_opendocument_that_asks_for_too_much_is_refused_with_the_limit_it_passed(self):
        self.assertIn(self.problem(hostile_files.ods_row_of_cells(700_000)), {"time", "memory"})
        self.assertEqual(self.problem(hostile_files.ods_sheets(200_000)), "many_sheets")
        self.assertIn(self.problem(hostile_files.ods_repeated_cells(1_000)), {"bomb", "time"})

    def test_a_cell_of_49_mib_is_called_what_it_is(self):
        self.assertEqual(self.problem(hostile_files.csv_cell(49), Limits()), "long_cell")

    def test_a_quotation_mark_that_is_never_closed_is_told_from_a_long_cell(self):
        self.assertEqual(self.problem(b'Name,E-mail\n"Ann,' + b"x,y\n" * 3_000_000), "quote_far")

    def test_a_cell_that_is_too_long_is_cut_where_nothing_takes_it_any_more(self):
        rows = read(b"Name,E-mail\n" + b"x" * 500_000 + b",ann@example.com\n")
        self.assertEqual((len(rows[1][1][0]), rows[1][1][1]), (SMALL.cell_chars, "ann@example.com"))

    def test_a_reader_that_crashes_is_told_and_costs_nothing_else(self):
        with Book(TEXT * 20_000, SMALL) as book, mute_logger(LOGGER), self.assertRaises(FileProblem) as caught:
            rows = book.rows()
            next(rows)
            os.kill(book._child._process.pid, signal.SIGSEGV)
            list(rows)
        self.assertEqual(caught.exception.code, "crashed")

    def test_nothing_is_left_of_a_reader_that_is_not_listened_to_any_more(self):
        with Book(TEXT * 20_000, SMALL) as book:
            rows = book.rows()
            next(rows)
            process = book._child._process
            self.assertIsNone(process.poll(), "it waits for somebody to listen")
        self.assertIsNotNone(process.returncode)
        with self.assertRaises(ProcessLookupError):
            os.kill(process.pid, 0)

    def test_a_reader_that_says_nothing_is_ended(self):
        with tempfile.TemporaryDirectory() as folder:
            silent = Path(folder) / "silent.py"
            silent.write_text("import time\ntime.sleep(600)\n")
            with patch(f"{Child.__module__}.CHILD", str(silent)), patch(f"{Child.__module__}.PATIENCE", 0.3):
                self.assertEqual(self.problem(TEXT), "time")

    def get_imported(self, data):
        """Return the names of the packages that the process imports to read a file."""
        task = {"path": sys.path, "limits": {}, "encoding": None, "separator": None, "sheet": "", "start": 0}
        done = subprocess.run(
            [find_python(), "-S", "-X", "importtime", CHILD], capture_output=True, check=True,
            input=json.dumps(task).encode() + b"\n" + data,
        )  # fmt: skip
        return {line.rpartition(b"|")[2].strip().partition(b".")[0] for line in done.stderr.splitlines()}

    def test_the_reader_imports_neither_odoo_nor_the_database_and_of_libraries_what_the_file_needs(self):
        of_workbook, of_text = self.get_imported(hostile_files.row_of_cells(5)), self.get_imported(TEXT)
        self.assertIn(b"openpyxl", of_workbook)
        self.assertFalse(of_workbook & {b"odoo", b"psycopg2", b"lead_distribution", b"xlrd"})
        self.assertFalse(of_text & {b"openpyxl", b"lxml", b"xlrd", b"chardet"})

    def test_what_lies_in_the_environment_is_not_handed_on(self):
        with tempfile.TemporaryDirectory() as folder:
            spy = Path(folder) / "spy.py"
            spy.write_text("import json, os\nprint(json.dumps({'problem': 'spy', 'values': dict(os.environ)}))\n")
            with (
                patch.dict(os.environ, {"PGPASSWORD": "secret"}),
                patch(f"{Child.__module__}.CHILD", str(spy)),
                self.assertRaises(FileProblem) as caught,
            ):
                read(TEXT)
        self.assertNotIn("PGPASSWORD", caught.exception.values)

    def test_it_works_where_python_is_a_wrapper_or_hidden_in_another_program(self):
        self.addCleanup(find_python.cache_clear)
        with tempfile.TemporaryDirectory() as folder:
            wrapper = Path(folder) / "python-odoo"
            wrapper.write_text(f'#!/bin/sh\n"{sys.executable}" "$@"\n')
            wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
            for executable in (str(wrapper), "/usr/sbin/uwsgi", "", None):
                find_python.cache_clear()
                with patch.object(sys, "executable", executable):
                    self.assertEqual(len(read(TEXT)), 3, executable)

    def test_it_works_in_a_thread_and_beneath_the_limits_of_a_worker(self):
        import resource

        found, held = [], resource.getrlimit(resource.RLIMIT_AS)
        try:
            resource.setrlimit(resource.RLIMIT_AS, (16 * 1024 * MIB, held[1]))
            thread = threading.Thread(target=lambda: found.extend(read(TEXT)))
            thread.start()
            thread.join()
        finally:
            resource.setrlimit(resource.RLIMIT_AS, held)
        self.assertEqual(len(found), 3)


@tagged("post_install", "-at_install")
class TestHostileUpload(FileCase):
    """What people read of a hostile file, and that one cell costs one row."""

    def test_the_limit_that_was_passed_is_told_with_its_number_from_the_settings(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("lead_distribution.import_max_memory_mib", "40")
        with self.assertRaisesRegex(UserError, "more than 40 MiB of memory"):
            self.upload(hostile_files.styles(150_000))
        parameters.set_param("lead_distribution.import_max_memory_mib", "2000")
        parameters.set_param("lead_distribution.import_max_seconds", "1")
        with self.assertRaisesRegex(UserError, "more than 1 seconds of processor time"):
            self.upload(hostile_files.row_of_cells(300_000))
        self.assertFalse(self.batches.search([]).column_ids)

    def test_the_names_of_sheets_are_cut_and_the_right_sheet_is_read(self):
        body = "".join(
            f'<table:table table:name="{"x" * 5_000}{number}"><table:table-row><table:table-cell><text:p>Name</text:p>'
            f"</table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>P{number}</text:p>"
            "</table:table-cell></table:table-row></table:table>"
            for number in range(2)
        )
        batch = self.upload(hostile_files._spreadsheet(body), "two.ods")
        self.assertEqual([len(sheet.name) for sheet in batch.sheet_ids], [255, 255])
        self.assertEqual(batch.column_ids.samples, "P0")

    def test_another_sheet_is_read_when_it_is_chosen(self):
        body = "".join(
            f'<table:table table:name="{name}"><table:table-row><table:table-cell><text:p>Name</text:p>'
            f"</table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>P {name}</text:p>"
            "</table:table-cell></table:table-row></table:table>"
            for name in ("A", "B")
        )
        batch = self.upload(hostile_files._spreadsheet(body), "two.ods")
        batch.sheet_id = batch.sheet_ids[1]
        batch.action_read_again()
        self.assertEqual(batch.column_ids.samples, "P B")

    def test_a_cell_nobody_can_read_costs_at_most_its_own_row(self):
        header = "Name,E-mail,Date,Revenue,Website,Source,Tags"
        cells = ["1/2/²²²", "1" * 5_000, "10:30", "9" * 400, "http://[::1", "s" * 6_000, "t" * 6_000, "n" * 40_000]
        lines = [
            header, "A,a@x.de,{0},,,,", "B,b@x.de,{1},,,,", "C,c@x.de,{2},,,,", "D,d@x.de,,{3},,,",
            "E,e@x.de,,,{4},,", "F,f@x.de,,,,{5},", "G,g@x.de,,,,,{6}", "{7},h@x.de,,,,,", "I,i@x.de,,,,,",
        ]  # fmt: skip
        batch = self.upload(self.csv(*(line.format(*cells) for line in lines)), "x.csv", create_missing=True)
        self.to_preview(batch, self.ann).action_start()
        refused = {number for number, (state, _code) in self.rows(batch).items() if state == "error"}
        self.assertEqual(refused, {7, 8, 9}, "source, tag and name are too long; the others go to the notes")
        self.assertEqual(set(self.imported(batch).mapped("contact_name")), {"A", "B", "C", "D", "E", "I"})
        notes = {lead.contact_name: lead.description for lead in self.imported(batch)}
        for name, text in (("A", "1/2/²²²"), ("C", "10:30"), ("D", "9" * 400), ("E", "http://[::1")):
            self.assertIn(text, notes[name])
        self.assertFalse(self.imported(batch).filtered(lambda lead: lead.website or lead.expected_revenue))

    def test_a_lead_that_cannot_be_filled_in_costs_only_its_own_row(self):
        self.make_leads(email_from="a@x.de", name="A")
        broken = self.make_leads(email_from="b@x.de", name="B")
        last = self.make_leads(email_from="c@x.de", name="C")
        original = type(self.env["crm.lead"]).write

        def write(leads, vals):
            if leads == broken and "city" in vals:
                leads.env.cr.execute("SELECT 1 / 0")
            return original(leads, vals)

        self.patch(type(self.env["crm.lead"]), "write", write)
        batch = self.upload(self.csv("E-mail,City,Source", "a@x.de,Ulm,S", "b@x.de,Bonn,S", "c@x.de,Köln,S"), "x.csv",
                            on_lead="update", create_missing=True)  # fmt: skip
        self.to_preview_of_updates(batch)
        with mute_logger("odoo.sql_db", "odoo.addons.lead_distribution.importing.chunk"):
            batch.action_start()
        self.assertEqual(batch.counts, {"updated": 2, "error": 1})
        self.assertEqual((last.city, broken.city, last.source_id.name), ("Köln", False, "S"))
        self.assertIn("The database refused", batch.row_ids.filtered(lambda row: row.state == "error").message)

    def to_preview_of_updates(self, batch):
        batch.action_next()
        batch.action_next()
        batch.write({"campaign_id": self.campaign.id})
        batch.caller_ids = [(0, 0, {"user_id": self.dan.id})]
        batch.action_next()

    def test_notes_of_a_file_are_text_and_keep_their_lines(self):
        text = "<office> and <Bob>\nhttp://example.com <img src=x>\n<a href='http://e.com'>x</a>"
        batch = self.upload(self.xlsx(["Name", "Notes"], ["Ann", text]))
        self.to_preview(batch, self.ann).action_start()
        notes = self.imported(batch).description
        self.assertIn("&lt;office&gt; and &lt;Bob&gt;<br>http://example.com &lt;img src=x&gt;<br>", notes)
        self.assertNotIn("<a ", notes)
        self.assertNotIn("<img", notes)

    def test_a_to_do_shows_texts_as_they_are(self):
        self.campaign.user_id = self.manager
        raise_todo(self.campaign, IMPORT, ["<b>http://example.com</b>", "second"])
        note = self.campaign.activity_ids.note
        self.assertIn("&lt;b&gt;http://example.com&lt;/b&gt;<br>second", note)
        self.assertNotIn("<a ", note)

    def test_notes_are_filled_in_where_there_are_none_and_taken_back_when_the_import_is_undone(self):
        lead = self.make_leads(email_from="a@x.de", description="<p><br></p>")
        batch = self.upload(self.csv("E-mail,Notes", 'a@x.de,"<Bob> & ""co""\nline"'), "x.csv", on_lead="update")
        self.to_preview_of_updates(batch)
        batch.action_start()
        self.assertIn('&lt;Bob&gt; &amp; "co"<br>line', lead.description)
        batch.action_undo()
        self.assertFalse(lead.description)
        self.assertEqual(batch.row_ids.state, "undone")

    def test_names_that_spreadsheets_take_for_formulas_or_nobody_can_read_are_refused(self):
        names = ("=evil(1).csv", "@x.csv", "x" * 256, "a\nb.csv", "\t=1.csv")
        for name in names:
            with self.assertRaises(ValidationError, msg=name[:20]):
                self.batches.create({"file_name": name})
        batch = self.batches.create({"file_name": "Leads (März) – 2.csv"})
        for name in ("=new()", "x" * 1_000_000):
            with self.assertRaises(ValidationError):
                batch.new_campaign_name = name
            with self.assertRaises(ValidationError):
                batch.template_name = name

    def test_signs_that_the_database_cannot_hold_do_not_stop_an_upload(self):
        book = xlwt.Workbook()
        sheet = book.add_sheet("A\u200eB")
        for number, row in enumerate((["Na\0me", "E-mail"], ["A\0nn", "a@x.de"], ["Bob", "b@x.de"])):
            for column, text in enumerate(row):
                sheet.write(number, column, text)
        out = io.BytesIO()
        book.save(out)
        batch = self.upload(out.getvalue(), "old.xls")
        self.assertEqual(batch.column_ids.mapped("name"), ["Name", "E-mail"])
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual(batch.counts, {"done": 2})

    def test_odd_cells_in_a_file_of_salespeople_cost_their_row(self):
        odd = ["x" * 100_000, "²", "9" * 400, "\u202e", "=1+1", "%", "\\"]
        lines = ["Salesperson,Campaign,Level,Target,Team,Weight,Active"]
        lines += [",".join(["Ann", "Voice", *("" for _ in range(n)), cell]) for cell in odd for n in range(5)]
        batch = self.upload(self.csv(*lines), "people.csv", kind="people")
        batch.action_next()
        self.assertEqual(sum(batch.counts.values()), len(lines) - 1)
        self.assertLess(max(len(row.message or "") for row in batch.row_ids), 1_000)
        batch.action_start()
        self.assertEqual(batch.state, "done")

    def test_a_file_of_salespeople_with_very_many_rows_is_refused_in_words(self):
        def check(rows):
            lines = ["Salesperson,Campaign", *("Ann,Voice" for _ in range(rows))]
            batch = self.upload(self.csv(*lines), "people.csv", kind="people")
            batch.action_next()
            return batch

        self.patch(people, "MOST_ROWS", 1_200)
        self.assertEqual(check(1_200).rows_read, 1_200)
        with self.assertRaisesRegex(UserError, "at most 1,200 rows"):
            check(1_201)

    def test_a_mapping_that_is_none_is_refused(self):
        templates = self.env["lead.import.template"].with_user(self.manager)
        for mapping in ([1], {"a": "nothing"}, {"a": ["name"]}, {"a": None}, "text"):
            with self.assertRaises(ValidationError, msg=str(mapping)):
                templates.create({"name": "M", "mapping": mapping})
        with self.assertRaises(ValidationError):
            templates.create({"name": "x" * 1_000_000, "mapping": {"a": "name"}})

    def test_a_zip_of_a_configuration_that_is_damaged_or_packed_oddly_is_refused_in_words(self):
        damaged = bytearray(self.zip(zipfile.ZIP_DEFLATED))
        middle = damaged.index(b"a.yaml") + 8
        damaged[middle : middle + 10] = b"\xff" * 10
        for data in (self.zip(zipfile.ZIP_LZMA), self.zip(zipfile.ZIP_BZIP2), bytes(damaged), b"PK", b"x" * 11_000_000):
            attachment = self.env["ir.attachment"].create({"name": "a.zip", "raw": data})
            wizard = self.env["lead.distribution.config.load"].create({"file_ids": attachment.ids})
            with self.assertRaises(UserError):
                wizard.action_check()

    def zip(self, packing):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", packing) as archive:
            archive.writestr("a.yaml", "campaign: {name: A}\n" * 50)
        return out.getvalue()
