"""The arguments of ``odoo dailydist``, without starting it."""

import contextlib
import importlib.util
import io
import logging
import tempfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace

from odoo.tests import BaseCase, tagged

from ..terminal.comparison import compare
from ..terminal.folder import Folder
from ..terminal.log_level import apply_log_level
from ..terminal.progress import Progress
from ..terminal.text_file import write_text
from ..terminal.usage import find_ignored


def load_command():
    """Return the module as Odoo loads it: alone."""
    path = Path(__file__).resolve().parents[1] / "cli" / "dailydist.py"
    spec = importlib.util.spec_from_file_location("odoo.cli.dailydist", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged("post_install", "-at_install")
class TestCommand(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.command = load_command()

    def parse(self, *words):
        parser = self.command.make_parser("odoo dailydist")
        args = parser.parse_args(words)
        self.command.check_usage(parser, args)
        return args

    def test_the_flags_of_the_specification_are_there(self):
        args = self.parse(
            "--config", "c.yaml", "--dry-run", "--override-date-range", "2024-01-01,2024-06-30",
            "--force-round-robin", "--max-leads", "100", "--generate-report", "--report-format", "html",
            "--report-location", "reports/", "--email-notification", "--log-level", "DEBUG",
        )  # fmt: skip
        self.assertEqual(args.override_date_range, (date(2024, 1, 1), date(2024, 6, 30)))
        self.assertEqual((args.max_leads, args.report_format, args.log_level), (100, "html", "DEBUG"))
        args = self.parse("--generate-config", "--campaign", "UTR", "--template", "minimal", "--output", "o.yaml")
        self.assertEqual((args.campaign, args.template, args.output), ("UTR", "minimal", "o.yaml"))
        self.assertEqual(
            self.parse("--config", "c", "--override-date-range", ",2024-06-30").override_date_range[0], None
        )

    def test_wrong_use_ends_with_2(self):
        for words in (
            [], ["--dry-run"], ["--config"], ["--unknown"], ["--conf", "a.yaml"], ["--validate", "--campaign", "A"],
            ["--config", "a", "--campaign", "A"], ["--config", "a", "--max-leads", "-1"],
            ["--config", "a", "--override-date-range", "2024"], ["--config", "a", "--report-format", "xml"],
            ["--config", "a", "--override-date-range", "2024-02-01,2024-01-01"],
            ["--config", "a", "--override-date-range", "soon,later"], ["--config", "a", "--dry-run", "--verify"],
            ["--config", "a", "--log-level", "LOUD"], ["--generate-config", "--template", "large"],
            ["--campaign", "a", "--simulate-against", ""], ["--campaign", "a", "--user", " "],
            ["--campaign", "a", "--config", ""], ["--config", "a", "--campaign", ""], ["--campaign", "a", "-d", ""],
            ["--campaign", "a", "--strategy", ""], ["--config", "a", "--report-location", ""],
            ["--config", "a", "-c", ""], ["--generate-config", "--output", ""],
        ):  # fmt: skip
            with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit) as caught:
                self.parse(*words)
            self.assertEqual(caught.exception.code, 2, words)

    def test_wrong_use_is_explained_in_few_short_lines(self):
        stream = io.StringIO()
        with contextlib.redirect_stderr(stream), self.assertRaises(SystemExit):
            self.parse("--dry-run")
        lines = stream.getvalue().splitlines()
        self.assertLess(len(lines), 6)
        self.assertLess(max(len(line) - len(line.lstrip()) for line in lines), 10)

    def test_an_image_may_leave_the_connection_blank(self):
        self.assertEqual(self.parse("--campaign", "a", "--db_password", "").db_password, "")

    def test_options_without_effect_are_found(self):
        for words, ignored in (
            (["--config", "a", "--max-leads", "0", "--verify", "--email-notification"], []),
            (["--config", "a", "--dry-run", "--email-notification"], ["--email-notification"]),
            (["--config", "a", "--output", "o", "--template", "basic"], ["--output", "--template"]),
            (["--config", "a", "--strategy", "random", "--force-round-robin"], ["--strategy"]),
            (["--config", "a", "--validate", "--max-leads", "0"], ["--max-leads"]),
            (["--config", "a", "--simulate-against", "random", "--generate-report"], ["--generate-report"]),
            (["--campaign", "a", "--dump-config", "--json"], ["--json"]),
            (["--campaign", "a", "--cancel-unfinished"], []),
            (["--campaign", "a", "--cancel-unfinished", "--dry-run"], ["--cancel-unfinished"]),
            (["--generate-config", "--config", "a", "--dry-run"], ["--config", "--dry-run"]),
            (["--generate-config", "--campaign", "A", "--template", "minimal", "--output", "o", "--force"], []),
        ):
            self.assertEqual(find_ignored(self.parse(*words)), ignored, words)

    def test_log_levels_differ_and_none_shows_statements(self):
        names = ("odoo", "odoo.sql_db", "odoo.addons.lead_distribution", "py.warnings")
        loggers = [logging.getLogger(name) for name in names]
        for logger in loggers:
            self.addCleanup(logger.setLevel, logger.level)
        shown = {}
        for level in self.command.LEVELS:
            apply_log_level(level)
            shown[level] = tuple(logger.getEffectiveLevel() for logger in loggers)
            self.assertGreater(shown[level][1], logging.DEBUG)
        self.assertEqual(len(set(shown.values())), 4)
        self.assertEqual(
            [shown[level][2] for level in self.command.LEVELS],
            [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR],
        )

    def test_a_file_that_is_there_is_overwritten_only_if_asked_to(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "voice.yaml"
            write_text(path, "one", force=False)
            with self.assertRaisesRegex(FileExistsError, "--force"):
                write_text(path, "two", force=False)
            self.assertEqual(path.read_text(), "one")
            write_text(path, "two", force=True)
            self.assertEqual(path.read_text(), "two")

    def test_progress_is_shown_only_on_a_terminal(self):
        class Terminal(io.StringIO):
            def isatty(self):
                return True

        for stream, total, shown in ((Terminal(), 1000, True), (io.StringIO(), 1000, False), (Terminal(), 10, False)):
            with Progress(total, stream) as progress:
                progress.advance(total // 2)
            self.assertEqual(bool(stream.getvalue()), shown)
        self.assertIn("500 / 1,000", self.draw(Terminal()))

    def draw(self, stream):
        with Progress(1000, stream) as progress:
            progress.advance(500)
        return stream.getvalue()

    def test_files_are_read_from_the_folder_of_the_configuration_only(self):
        here = Path(__file__).resolve().parent
        folder = Folder(here / "config.yaml")
        self.assertIn(b"arguments", folder["test_config_command.py"])
        for name in ("../__manifest__.py", "/etc/passwd", "missing.txt", "."):
            self.assertIsNone(folder.get(name), name)

    def test_plans_are_compared_person_by_person(self):
        plan = {
            "leads_found": 3,
            "leads_distributed": 3,
            "leads_not_distributed": 0,
            "fairness_index": 1.0,
            "spread": 0.0,
        }
        words = SimpleNamespace(number=str, decimal="{:.{}f}".format)
        plans = {
            "one": {**plan, "salespeople": [{"user_id": 7, "name": "Ann", "received": 3}]},
            "two": {**plan, "salespeople": [
                {"user_id": 8, "name": "Bob", "received": 2}, {"user_id": 7, "name": "Ann", "received": 1},
                {"user_id": 9, "name": "Ann", "received": 4},
            ]},
        }  # fmt: skip
        lines = compare(plans, words, lambda text: text).splitlines()
        self.assertIn("│ Ann", lines[3])
        self.assertRegex(lines[3], r"3 │ +1 │")
        self.assertRegex(lines[4], r"Bob .*0 │ +2 │")
        self.assertRegex(lines[5], r"Ann .*0 │ +4 │", "another one of the same name")
