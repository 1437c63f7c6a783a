"""Texts that are made to hurt: long lines, deep nesting, numbers without end, patterns that take for ever."""

import contextlib
import gc
import itertools
import time

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..config.check import MANUAL_TRIGGER, TRIGGER
from ..config.reader import ALTERNATIVES, MAX_CHARACTERS, Reader
from ..config.report import MAX_MESSAGES, Report
from ..config.variables import DOLLARS, EITHER, VARIABLE
from ..config.where_clause import NotUnderstood, parse_where
from ..engine import dropback
from ..engine.matching import Matcher
from ..finding.guarded_matching import (
    ALL_SECONDS,
    Budget,
    MatchingTimeout,
    find_broken,
    get_budget,
    match_lists,
    match_texts,
)
from ..importing import cleaning, column_guess, targets
from .config_common import ConfigCase

SHORT, LONG = 1_000, 10_000
# parts of texts that make regular expressions try again and again
PARTS = (
    " ",
    "a",
    "1",
    "=",
    "'",
    '"',
    "|",
    "-",
    ".",
    ",",
    ":",
    "\t",
    "T1:11",
    "a.",
    "1,",
    "${",
    "a | ",
    "a: ",
    "@",
    "_",
    "$",
)
HEADS = ("", "a: ", "- a: x | ", "when_manual_override", "when_lead_count <", "tag_ids contains '", "x >= 1", "a@b")
TAILS = ("", "!", "\nx", "'")


def measure(function, text):
    """Return the seconds of work a function takes; refusing the text is fine."""
    started = time.thread_time()
    with contextlib.suppress(ValueError):
        function(text)
    return time.thread_time() - started


@tagged("post_install", "-at_install")
class TestLongTexts(BaseCase):
    FUNCTIONS = {
        "alternatives": ALTERNATIVES.match,
        "trigger": TRIGGER.match,
        "manual trigger": MANUAL_TRIGGER.match,
        "variables": VARIABLE.findall,
        "variables to fill in": EITHER.findall,
        "variables to write out": DOLLARS.findall,
        "condition": dropback.parse_condition,
        "text": cleaning.clean_text,
        "name": cleaning.fix_name,
        "phone": cleaning.digits_of,
        "date": cleaning.read_date,
        "order of dates": lambda text: cleaning.guess_date_order([text]),
        "number": cleaning.read_number,
        "e-mail column": column_guess.EMAIL.match,
        "phone column": column_guess.PHONE.match,
        "header": targets.normal,
        "wildcards": lambda text: Matcher("wildcard", ("*a*1*=*a*|*.*,*x", "[!a]*?*?*b")).accepts(text),
    }

    def test_ten_times_the_text_takes_about_ten_times_as_long(self):
        """Quadratic would be a hundred times; what would take half a second for 50,000 signs does no harm."""
        gc.disable()  # Odoo's many objects are looked through at times: not the function's work
        self.addCleanup(gc.enable)
        harmless = 0.5 * (LONG / 50_000) ** 2
        for name, function in self.FUNCTIONS.items():
            for head, part, tail in itertools.product(HEADS, PARTS, TAILS):
                short, long = (head + part * (size // len(part)) + tail for size in (SHORT, LONG))
                for is_last in (False, False, True):  # a machine with other work to do is slow at times, not each time
                    took = measure(function, short)
                    self.assertLess(took, 0.5, f"{name} {head!r} {part!r} {tail!r}")
                    took_long, limit = measure(function, long), max(harmless, 25 * took)
                    if took_long < limit:
                        break
                    self.assertFalse(is_last, f"{name} {head!r} {part!r} {tail!r}: {took_long} s, {took} s for a tenth")

    def test_a_condition_nested_without_end_is_not_understood(self):
        for text in ("(" * 400 + "id = 1" + ")" * 400, "NOT " * 200 + "id = 1"):
            with self.assertRaises(NotUnderstood):
                parse_where(text)
        self.assertTrue(parse_where("((id = 1) OR NOT (id = 2 AND NOT id = 3))"))


@tagged("post_install", "-at_install")
class TestReading(BaseCase):
    def read_text(self, text):
        report = Report()
        reader = Reader(report, lambda text, *args, **kwargs: text % (args or kwargs) if args or kwargs else text)
        try:
            return reader.read_source(text), [m.text for m in report.problems]
        except ValueError as error:
            self.fail(error)
        except Exception as error:
            self.assertEqual(type(error).__name__, "Unreadable")
            return None, [m.text for m in report.problems]

    def assertQuick(self, started, seconds=8):
        """By the processor's time: others work beside the tests."""
        self.assertLess(time.process_time() - started, seconds)

    def test_numbers_without_end_are_texts(self):
        started = time.process_time()
        for number in (":".join(["59"] * 100_000), "9" * 100_000, "1" + "_0" * 50_000, "0x" + "f" * 100_000):
            data, problems = self.read_text(f"a: {number}\nb: 1:30\nc: 12")
            self.assertEqual((data, problems), ({"a": number, "b": 90, "c": 12}, []))
        self.assertQuick(started)

    def test_a_number_of_a_dict_is_of_a_size_that_can_be_shown(self):
        data, problems = self.read_text({"a": 10**5000, "b": 1})
        self.assertEqual((data, problems), ({"a": None, "b": 1}, ["The number is too large."]))
        self.assertIn("A key must be a text.", self.read_text({10**5000: 1})[1])

    def test_aliases_that_multiply_are_stopped(self):
        started = time.process_time()
        levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 10))
        self.assertIn("There are more than", self.read_text(f"l0: &l0 x\n{levels}")[1][0])
        big = "x" * 100_000
        self.assertIn("longer than", self.read_text(f"a: &a {big}\nb: [{', '.join(['*a'] * 5000)}]")[1][0])
        self.assertIn("nested too deeply", self.read_text("a: &a [*a]")[1][0])
        self.assertQuick(started)

    def test_nesting_without_end_is_stopped(self):
        started = time.process_time()
        for text in ("[" * 100_000, "a: " + "{a: " * 50_000, "- " * 50_000, '{"a": ' * 50_000, "? " * 50_000):
            self.assertEqual(len(self.read_text(text)[1]), 1)
        self.assertQuick(started, 20)

    def test_a_text_of_the_largest_size_is_read(self):
        started = time.process_time()
        lines = MAX_CHARACTERS // 20
        self.assertTrue(self.read_text("".join(f"key {n:07}: [a, b]\n" for n in range(lines // 4)))[0])
        self.assertIn("longer than", self.read_text("x" * (MAX_CHARACTERS + 1))[1][0])
        self.assertQuick(started, 20)

    def test_a_line_of_blanks_is_no_work(self):
        started = time.process_time()
        self.read_text(" " * 1_000_000 + "\na: 1")
        self.read_text("a" + " " * 1_000_000 + ": b")
        self.assertQuick(started)


@tagged("post_install", "-at_install")
class TestPatterns(BaseCase):
    def test_hundreds_of_regular_expressions_need_one_process(self):
        budget = Budget()
        patterns = [f"a{n}.*" for n in range(300)]
        texts = [f"a{n}" for n in range(0, 3000, 10)]
        self.assertEqual(len(match_texts(texts, "regex", patterns, budget=budget)), 300)
        self.assertEqual(len(match_lists(texts, [[pattern] for pattern in patterns], budget)), 300)
        self.assertEqual(find_broken(patterns, budget), [])
        self.assertGreater(budget.left, ALL_SECONDS / 2)

    def test_broken_and_bottomless_patterns_are_told(self):
        broken = dict(find_broken(["(a", "a", "(" * 5000 + ")" * 5000, "a{9999999999999}", "b" * 50_000]))
        self.assertEqual(len(broken), 4)
        self.assertIn("nested too deeply", broken["(" * 5000 + ")" * 5000])
        self.assertIn("characters", broken["b" * 50_000])

    def test_all_patterns_together_have_so_much_time_and_no_more(self):
        budget = Budget(3)
        evil = ["a" * 60 + "!"], "regex", ["(a+)+$"]
        started = time.perf_counter()
        for _use in range(5):
            with self.assertRaises(MatchingTimeout):
                match_texts(*evil, budget=budget)
        self.assertLess(time.perf_counter() - started, 6)

    def test_starting_processes_is_no_work_of_the_patterns(self):
        budget = Budget(0.2)
        for number in range(20):
            self.assertEqual(match_texts(["a", f"b{number}"], "regex", ["b.*"], budget=budget), [1])

    def test_the_list_that_takes_too_long_is_known(self):
        with self.assertRaises(MatchingTimeout) as caught:
            match_lists(["a" * 60 + "!"], [["a"], ["b"], ["(a+)+$"], ["c"]], Budget(3))
        self.assertEqual(caught.exception.done, 2)

    def test_plain_texts_are_compared_in_good_time_too(self):
        texts, values = [f"source {n}" for n in range(20_000)], [f"value {n}" for n in range(20_000)]
        started = time.process_time()
        self.assertEqual(match_texts(texts, "exact", [*values, "SOURCE 7"]), [7])
        self.assertLess(time.process_time() - started, 5)
        with self.assertRaises(MatchingTimeout):
            match_texts(texts, "partial", [value * 20 for value in values], budget=Budget(1))


@tagged("post_install", "-at_install")
class TestHostileConfigurations(ConfigCase):
    def test_300_regular_expressions_in_a_filter_do_not_stop_anybody(self):
        started = time.perf_counter()
        patterns = [f"x{n}.*" for n in range(300)]
        campaign = self.finding(web_sources={"match_mode": "regex", "regex_patterns": patterns})
        self.assertIn("Fits nothing now", campaign.filter_ids.problem)
        campaign.simulate()
        self.assertLess(time.perf_counter() - started, 10)

    def test_every_loading_and_every_run_of_a_transaction_has_its_own_time(self):
        for mode in ("exact", "regex"):
            get_budget(self.env.cr).left = 0
            campaign = self.finding(web_sources={"match_mode": mode, "regex_patterns": ["x.*"]})
            get_budget(self.env.cr).left = 0
            self.assertNotIn("takes too long", " ".join(campaign.simulate().warnings or ()))
        get_budget(self.env.cr).left = 0
        self.assertEqual(campaign.check_config(campaign.dump_config())["problems"], [])

    def test_bottomless_groups_are_refused_in_words(self):
        deep = "(" * 5000 + "a" + ")" * 5000
        self.refuse(
            "nested too deeply",
            lead_finding={"web_sources": {"match_mode": "regex", "regex_patterns": ["ok.*", deep]}},
        )
        row = {"field_id": self.env["ir.model.fields"]._get("crm.lead", "source_id").id, "mode": "regex"}
        with self.assertRaisesRegex(ValidationError, "nested too deeply"):
            self.campaign.filter_ids = [Command.create({**row, "values_text": deep})]
        with self.assertRaisesRegex(ValidationError, "nested too deeply"):
            self.campaign.dropback_rule_ids = [Command.create({"name": "Deep", "patterns_text": deep})]

    def test_broken_regexes_are_told_with_their_paths(self):
        message = self.refuse(
            "regex_patterns[1]", lead_finding={"web_sources": {"match_mode": "regex", "regex_patterns": ["a", "(b"]}}
        )
        self.assertIn("(b", message)

    def test_a_flood_of_wrong_keys_is_told_in_good_time(self):
        started = time.process_time()
        message = self.refuse("Unknown key", **{f"wrong_{n}": {"value": "x"} for n in range(20_000)})
        self.assertLess(time.process_time() - started, 20)
        self.assertLessEqual(message.count("\n"), MAX_MESSAGES + 1)

    def test_messages_do_not_repeat_a_megabyte(self):
        message = self.refuse(
            distribution={"strategy": "x" * 1_000_000}, lead_finding={"date_range": {"older_than_days": "y" * 900_000}}
        )
        self.assertLess(len(message), 5_000)

    def test_conditions_of_users_that_compare_what_cannot_be_compared_are_refused(self):
        asks = lambda condition: {  # noqa: E731
            "source_type": "database",
            "source_config": {"database_query": {"table": "res_users", "where_clause": condition}},
        }
        for condition in ("id = 'x'", "id LIKE 5", "(" * 300, "NOT " * 200 + "id = 1"):
            with self.subTest(condition[:20]):
                self.refuse("is not understood", salesperson_selection=asks(condition), people=False)
        for condition in ("id > " + "9" * 900, "name = 5", "company_id = 'x'", "id IN (1, " + "2" * 500 + ")"):
            with self.subTest(condition[:20]):
                self.assertTrue(self.load(salesperson_selection=asks(condition)))
