"""The corpus of hostile files in Odoo: what people read of each, which rows they get, and that nothing is half done.

``CORPUS=all`` takes every file; without it, those that have something of their own to show here (the reader alone has
read all of them, within its limits, in ``tests/engine/test_hostile_files.py``).
"""

import base64
import json
import os
import re
import time
from datetime import datetime, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .config_common import ConfigCase
from .hostile.case import Read
from .hostile.corpus import CASES, FILES, WORDS
from .hostile.requests import BULK, JSON
from .test_import_file import FileCase
from .test_import_payload import ImportCase

READER = "odoo.addons.lead_distribution.importing.spreadsheet.process"
INSIDE = re.compile(r"Traceback|Error\(|Exception|<class|0x[0-9a-f]{6}|psycopg|odoo\.|\.py\b|\w+Error\b")


def choose():
    """Return the cases that are tried: one of each refusal a reader, and all that say something of their rows."""
    if os.environ.get("CORPUS") == "all":
        return [case for reader in FILES for case in CASES[reader]]
    chosen = {}
    for reader in FILES:
        for case in CASES[reader]:
            is_telling = isinstance(case.outcome, Read) and (case.outcome.errors or case.outcome.holds)
            chosen.setdefault(str(case) if is_telling else (reader, type(case.outcome), case.outcome[0]), case)
    return list(chosen.values())


@tagged("post_install", "-at_install")
class TestHostileCorpus(FileCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("lead_distribution.import_max_memory_mib", "192")
        parameters.set_param("lead_distribution.import_max_rows", "2000")

    def test_every_file_has_the_outcome_that_stands_beside_it_and_leaves_nothing_behind(self):
        with mute_logger(READER):
            self.assertEqual(try_each(self.env, choose(), self.try_file), {})

    def try_file(self, case):
        before = self.count_all()
        # nobody waits for more of the limit where it is what is to come; else slow machines have the usual time
        soon = "2" if getattr(case.outcome, "code", None) == "limit" else False
        self.env["ir.config_parameter"].set_param("lead_distribution.import_max_seconds", soon)
        batch = self.batches.create({"file": base64.b64encode(case.make()), "file_name": case.file_name})
        message = self.prepare(batch)
        if isinstance(case.outcome, Read):
            self.assertFalse(message)
            self.check_rows(batch, case.outcome)
            return
        self.assertIn(WORDS[case.outcome.code], message or "not refused")
        self.assertNotRegex(message, INSIDE)
        self.assertFalse(batch.row_ids)
        self.assertIn(batch.step, ("file", "columns"))
        batch.unlink()
        self.assertEqual(self.count_all(), before)

    def prepare(self, batch):
        """Take the import to where its rows are checked; return why it was refused, if it was."""
        try:
            while batch.step in ("file", "columns"):
                with self.env.cr.savepoint():
                    batch.action_next()
        except UserError as error:
            return str(error)

    def check_rows(self, batch, outcome):
        rows = batch.row_ids
        self.assertEqual(len(rows), outcome.rows)
        self.assertEqual({row.number: row.code for row in rows if row.state == "error"}, outcome.errors)
        for row in rows:
            self.assertNotRegex(row.message or "", INSIDE)
            self.assertLess(len(row.message or ""), 500)
        values = json.dumps([row.values for row in rows], ensure_ascii=False)
        for text in outcome.holds:
            self.assertIn(json.dumps(text, ensure_ascii=False)[1:-1], values)

    def count_all(self):
        """Return how many there are of everything that an import makes."""
        models = ("crm.lead", "ir.attachment", "lead.import.batch", "lead.import.row", "lead.import.column",
                  "lead.import.sheet", "lead.import.template", "utm.source", "crm.tag", "mail.message")  # fmt: skip
        return {name: self.env[name].sudo().with_context(active_test=False).search_count([]) for name in models}

    def test_every_list_of_salespeople_costs_the_rows_that_stand_beside_it(self):
        self.assertEqual(try_each(self.env, CASES["people"], self.try_people), {})

    def try_people(self, case):
        members, before = self.get_members(), self.count_all()
        batch = self.batches.create(
            {"file": base64.b64encode(case.make()), "file_name": case.file_name, "kind": "people"}
        )
        message = self.prepare(batch)
        if not isinstance(case.outcome, Read):
            self.assertIn(WORDS[case.outcome.code], message or "not refused")
            batch.unlink()
            self.assertEqual(self.count_all(), before)
            return
        self.assertFalse(message)
        self.check_rows(batch, case.outcome)
        self.assertEqual(self.get_members(), members, "nothing is written before the start")
        batch.action_start()
        self.assertEqual(batch.state, "done")

    def get_members(self):
        return self.campaign.with_context(active_test=False).member_ids.read(["user_id", "own_target", "weight"])

    def test_every_mapping_that_is_none_is_refused(self):
        templates = self.env["lead.import.template"].with_user(self.manager)
        before = self.count_all()
        self.assertEqual(try_each(self.env, CASES["mapping"], lambda case: self.try_mapping(templates, case)), {})
        self.assertEqual(self.count_all(), before)

    def try_mapping(self, templates, case):
        with self.assertRaises(ValidationError) as caught:
            templates.create({"name": "M", **case.make()})
        self.assertNotRegex(str(caught.exception), INSIDE)


@tagged("post_install", "-at_install")
class TestHostileConfigurationCorpus(ConfigCase):
    """Campaigns as text: refused in words, with nothing written; or loaded, and the same when written and loaded."""

    maxDiff = None

    def count_all(self):
        models = ("lead.distribution.campaign", "lead.distribution.member", "lead.distribution.filter", "utm.source",
                  "lead.distribution.pool", "lead.distribution.level", "res.users", "ir.attachment")  # fmt: skip
        return {name: self.env[name].with_context(active_test=False).search_count([]) for name in models}

    def test_every_text_has_the_outcome_that_stands_beside_it(self):
        self.assertEqual(try_each(self.env, CASES["configuration"], self.try_text), {})

    def try_text(self, case):
        campaigns, before, started = self.env["lead.distribution.campaign"], self.count_all(), time.process_time()
        if isinstance(case.outcome, Read):
            campaign = campaigns.load_config(case.make())
            text = campaign.dump_config()
            self.assertEqual(campaigns.load_config(text), campaign)
            self.assertEqual(campaign.dump_config(), text)
        else:
            with self.assertRaises(ValidationError) as caught:
                campaigns.load_config(case.make())
            self.check_message(str(caught.exception), case.outcome.code)
            self.assertEqual(self.count_all(), before)
        self.assertLess(time.process_time() - started, 20)

    def test_every_upload_has_the_outcome_that_stands_beside_it(self):
        self.assertEqual(try_each(self.env, CASES["upload"], self.try_upload), {})

    def try_upload(self, case):
        attachment = self.env["ir.attachment"].create({"name": case.file_name, "raw": case.make()})
        wizard = self.env["lead.distribution.config.load"].create({"file_ids": attachment.ids})
        before = self.count_all()
        message = self.load_upload(wizard)
        if isinstance(case.outcome, Read):
            self.assertEqual((wizard.state, wizard.campaign_id.name), ("done", "Hostile"), message)
            return
        self.check_message(message, case.outcome.code)
        self.assertEqual((wizard.state, self.count_all()), ("edit", before))

    def load_upload(self, wizard):
        """Load it; return what the screen says."""
        try:
            with self.env.cr.savepoint():
                wizard.action_load()
        except UserError as error:
            return str(error)
        return wizard.result

    def check_message(self, message, words):
        self.assertIn(words, message)
        self.assertNotRegex(message, INSIDE)
        self.assertLess(len(message), 100_000)


@tagged("post_install", "-at_install")
class TestHostileRequests(ImportCase, HttpCase):
    """Requests over HTTP: each has its answer, none is an error of the server, and a refusal leaves nothing behind."""

    maxDiff = None

    def test_every_request_has_the_answer_that_stands_beside_it(self):
        self.key = self.env["res.users.apikeys"].with_user(self.manager)._generate("rpc", "Hostile", tomorrow())
        with mute_logger("odoo.http"):
            self.assertEqual(try_each(self.env, CASES["request"], self.try_request), {})

    def try_request(self, case):
        before, sent, outcome = self.count_all(), case.make(), case.outcome
        answer = self.ask(sent)
        self.assertEqual(answer.status_code, outcome.status, answer.text[:300])
        if "json" in answer.headers.get("Content-Type", ""):  # else it is a page of Odoo's own
            self.assertNotRegex(answer.text[:100_000], INSIDE)
        if outcome.status != 200:
            self.assertEqual(self.count_all(), before)
        elif sent.path == BULK:
            found = answer.json()
            counted = (found["inserted_count"], found["error_count"])
            self.assertEqual(counted, (outcome.inserted, outcome.errors), found["errors"][:3])

    def ask(self, sent):
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": JSON, **sent.headers}
        if sent.path != BULK and "classification" not in sent.path:
            self.authenticate("mia@test", "mia@test")
        return self.opener.request(
            sent.method, self.base_url() + sent.path, data=self.get_body(sent), headers=headers, timeout=60
        )

    def get_body(self, sent):
        if isinstance(sent.body, bytes) or sent.method == "GET":
            return sent.body
        leads = [{"first_name": "Ann"}] if sent.leads is None else sent.leads
        return json.dumps({**self.payload(leads), **(sent.body or {})}).encode()

    def count_all(self):
        models = ("crm.lead", "lead.import.batch", "lead.import.row", "lead.distribution.run", "ir.attachment")
        return {name: self.env[name].with_context(active_test=False).search_count([]) for name in models}


def tomorrow():
    return datetime.now() + timedelta(days=1)


def try_each(env, cases, try_case):
    """Try cases, undo what each has done, and go on after one that fails: all that is wrong is told at once.

    :return: {case: what is wrong with it}
    """
    problems = {}
    for case in cases:
        savepoint = env.cr.savepoint()
        try:
            try_case(case)
        except Exception as error:
            problems[str(case)] = f"{type(error).__name__}: {str(error)[:500]}"
        finally:
            savepoint.close(rollback=True)
            env.invalidate_all(flush=False)
    return problems
