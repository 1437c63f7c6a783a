"""Campaigns have their report files below one folder of the administrator; the command line may name any."""

import argparse
import tempfile
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from ..reporting.report_folder import PARAMETER, find_folder, get_base_folder
from ..terminal.report_file import ReportFile
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestFindFolder(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.base = Path(folder.name) / "reports"
        self.base.mkdir()

    def test_names_below_the_base_are_found(self):
        for location, expected in (
            ("", self.base), (None, self.base), ("voice", self.base / "voice"), ("a/b/", self.base / "a/b"),
            (str(self.base / "voice"), self.base / "voice"),
        ):  # fmt: skip
            self.assertEqual(find_folder(self.base, location), expected.resolve())

    def test_names_that_lead_out_are_refused(self):
        outside = Path(self.base).parent / "outside"
        outside.mkdir()
        (self.base / "link").symlink_to(outside)
        (self.base / "loop").symlink_to(self.base / "loop")
        sibling = f"{self.base}2"
        for location in ("..", "../outside", "voice/../../outside", "voice/../voice", "/etc", str(outside), "link",
                         "link/deeper", "loop", "zero\0", sibling, "/"):  # fmt: skip
            self.assertIsNone(find_folder(self.base, location), location)

    def test_each_database_has_a_folder_of_its_own_if_the_administrator_names_none(self):
        self.assertEqual(get_base_folder(None, "/data", "crm"), Path("/data/lead_distribution_reports/crm"))
        self.assertEqual(get_base_folder("/srv/reports", "/data", "crm"), Path("/srv/reports"))


@tagged("post_install", "-at_install")
class TestReportFile(DistributionCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        self.env["ir.config_parameter"].set_param(PARAMETER, str(self.folder / "base"))

    def plan(self, location=None, **args):
        reporting = {"reporting.generate_report": True, "reporting.report_location": location}
        self.campaign.config_options = {key: value for key, value in reporting.items() if value is not None}
        self.campaign.report_format = "csv"
        names = ("generate_report", "report_format", "report_location")
        return ReportFile(self.campaign, argparse.Namespace(**{**dict.fromkeys(names), **args}))

    def test_the_folder_of_a_campaign_lies_below_the_base_and_that_of_the_command_line_anywhere(self):
        self.assertEqual(self.plan("voice").folder, self.folder / "base/voice")
        self.assertEqual(self.plan().folder, self.folder / "base")
        self.assertEqual(self.plan("voice", report_location=str(self.folder / "other")).folder, self.folder / "other")
        self.assertEqual(self.plan(generate_report=True).folder, Path.cwd().resolve())
        for location in ("../other", "/etc"):
            with self.assertRaisesRegex(UserError, "--report-location"):
                self.plan(location)

    def test_a_report_is_written_into_the_folder_which_is_made(self):
        self.make_leads(2)
        report = self.plan("voice", report_format="json")
        report.prepare()
        path = report.save(self.campaign.distribute())
        self.assertEqual(path.parent, self.folder / "base/voice")
        self.assertIn("Voice", path.read_text())

    def test_a_folder_that_cannot_be_written_is_told_before_anything_else(self):
        (self.folder / "file").write_text("no folder")
        for location in ("file", "file/below"):
            with self.assertRaisesRegex(UserError, "No report can be written"):
                self.plan(report_location=str(self.folder / location)).prepare()

    def test_options_of_reports_are_told_where_there_is_no_report(self):
        self.campaign.config_options = {}
        args = argparse.Namespace(generate_report=None, report_format="csv", report_location="r")
        self.assertEqual(ReportFile(self.campaign, args).find_ignored(), ["--report-format", "--report-location"])
        self.assertEqual(self.plan(report_format="csv").find_ignored(), [])

    def test_what_the_form_says_since_the_configuration_was_loaded_counts(self):
        text = {"campaign": {"name": "Files"}, "reporting": {"generate_report": True, "report_format": "json"}}
        campaign = self.env["lead.distribution.campaign"].load_config(text)
        args = argparse.Namespace(generate_report=None, report_format=None, report_location=None)
        for chosen, is_wanted in (("html", True), (False, False)):
            campaign.report_format = chosen
            report = ReportFile(campaign, args)
            self.assertEqual((report.is_wanted, report.format_name), (is_wanted, chosen or "csv"))
        campaign = campaign.load_config({"reporting": {"generate_report": False, "report_format": "html"}})
        asked = argparse.Namespace(generate_report=True, report_format=None, report_location=None)
        self.assertEqual(ReportFile(campaign, asked).format_name, "html", "for whoever asks for a file")

    def test_a_configuration_with_a_folder_outside_is_loaded_with_a_warning(self):
        for location, warned in (("reports/", False), ("/etc/cron.d", True), ("../../x", True)):
            campaign = self.env["lead.distribution.campaign"].load_config(
                {"campaign": {"name": "Files"}, "reporting": {"generate_report": True, "report_location": location}}
            )
            paths = [message["path"] for message in campaign.config_report or [] if message["kind"] == "warning"]
            self.assertEqual("reporting.report_location" in paths, warned, location)
