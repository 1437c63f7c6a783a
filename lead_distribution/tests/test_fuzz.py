"""Configurations, requests and cells made by chance: refused in words, or taken; never an error of the server.

How many: see ``hostile/fuzz.py``. A case that failed is kept, and the message says how to try it again.
"""

import base64
import json
import logging
import random
from datetime import datetime, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..config.reader import yaml
from ..config.templates import TEMPLATES, make_template
from ..importing.targets import LEAD_NAMES, PEOPLE_NAMES
from .config_common import CSV
from .hostile.case import Read
from .hostile.corpus import CASES
from .hostile.fuzz import fuzz
from .hostile.mutate import TEXTS, change_bytes, change_text, change_value
from .hostile.requests import BULK, JSON, PATHS
from .test_config_keys import SampledConfigurations
from .test_import_file import FileCase
from .test_import_payload import SPEC_LEAD, ImportCase

INSIDE = ("Traceback", "psycopg", 'File "', "object at 0x")
# newlines end an address; of a zero byte in one, Odoo's own search for pages fails
NEVER_SENT = dict.fromkeys(map(ord, "\n\r\0"))
SMALL = 20_000  # characters of a text that is changed


def tell_inside(message):
    """Return what a message tells of the inside of the server, if it does."""
    found = [part for part in INSIDE if part in message]
    return f"it tells of the inside: {message[:300]}" if found else None


GIVEN = {  # the files that the templates name
    "people.txt": "Ann|1|senior|5\n",
    "config/web_sources.txt": "Fair\nWeb\n",
    "config/salespeople.txt": "Ann\nBob\n",
    "config/salesperson_campaigns.csv": CSV,
}


class Fuzzed:
    """Counts what there is, and undoes what a case has done."""

    COUNTED = ()

    def count_all(self):
        self.env.flush_all()
        return [self.env[name].with_context(active_test=False).sudo().search_count([]) for name in self.COUNTED]

    def undone(self, try_case):
        def try_and_undo(case):
            savepoint = self.env.cr.savepoint()
            try:
                return try_case(case)
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

        return try_and_undo


@tagged("post_install", "-at_install")
class TestFuzzConfigurations(Fuzzed, SampledConfigurations):
    COUNTED = ("lead.distribution.campaign", "lead.distribution.member", "lead.distribution.filter", "utm.source",
               "lead.distribution.pool", "res.users", "crm.team", "crm.tag")  # fmt: skip

    def setUp(self):
        super().setUp()
        rng = random.Random(19)
        trees = [self.sample_all(rng) for _number in range(12)] + [make_template(name) for name in TEMPLATES]
        trees.append(yaml.safe_load(self.campaign.dump_config()))
        self.trees = json.loads(json.dumps(trees, default=str))
        self.texts = [case.make() for case in CASES["configuration"] if isinstance(case.outcome, Read)]
        self.texts += [yaml.safe_dump(tree) for tree in self.trees]
        self.others = [text for text in (case.make() for case in CASES["configuration"]) if len(text) < SMALL]

    def test_no_configuration_does_anything_but_load_or_be_refused_in_words(self):
        with mute_logger("odoo.addons.lead_distribution"):
            self.assertEqual(fuzz("configurations", 80, self.make, self.undone(self.try_source)), [])

    def make(self, draw):
        """Return {"dict": …} or {"text": …}."""
        if draw.random() < 0.3:
            text = draw.choice(self.texts if draw.random() < 0.8 else self.others).encode("utf-8", "surrogatepass")
            change = draw.choice((change_text, change_text, change_bytes))
            return {"text": change(draw, text).decode("utf-8", "surrogateescape")}
        tree = change_value(draw, draw.choice(self.trees))
        match draw.randrange(3):
            case 0:
                return {"text": json.dumps(tree)}
            case 1:
                return {"text": yaml.safe_dump(tree, allow_unicode=True)}
        return {"dict": tree}

    def try_source(self, case):
        campaigns, before = self.env["lead.distribution.campaign"], self.count_all()
        source = case["text"] if "text" in case else case["dict"]
        try:
            campaign = campaigns.load_config(source, GIVEN)
        except ValidationError as error:
            if self.count_all() != before:
                return "refused, and something was written"
            return tell_inside(str(error)) if str(error) else "refused without a word"
        written = campaign.dump_config()
        if campaigns.load_config(written) != campaign:
            return "what it writes loads into another campaign"
        if campaign.dump_config() != written:
            return "written again, it is another"
        return None


@tagged("post_install", "-at_install")
class TestFuzzCells(Fuzzed, FileCase):
    """Tables with odd cells under names that we know."""

    COUNTED = ("crm.lead", "lead.import.batch", "lead.import.row", "lead.import.column", "ir.attachment")

    def test_no_cell_stops_an_import(self):
        self.assertEqual(fuzz("cells", 6, self.make, self.undone(self.try_table)), [])

    def make(self, draw):
        kind = draw.choice(("leads", "leads", "people"))
        names = list(LEAD_NAMES if kind == "leads" else PEOPLE_NAMES)
        header = [*draw.sample(names, draw.randrange(1, 6)), draw.choice(("name", "email", "salesperson"))]
        rows = [[self.make_cell(draw) for _name in header] for _number in range(30)]
        lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [header, *rows]]
        return {"kind": kind, "text": "\n".join(lines), "create_missing": draw.random() < 0.5}

    def make_cell(self, draw):
        text = draw.choice(
            ("", draw.choice(TEXTS), f"P{draw.randrange(9)} Lee", "ann", f"p{draw.randrange(99)}@x.example")
        )
        return text if draw.random() < 0.7 else text + draw.choice(TEXTS)

    def try_table(self, case):
        before, leads = self.count_all(), self.env["crm.lead"].search_count([])
        values = {"file_name": "x.csv", "kind": case["kind"], "create_missing": case["create_missing"]}
        data = case["text"].encode("utf-8", "surrogatepass")
        batch = self.batches.create({"file": base64.b64encode(data), **values})
        try:
            while batch.step in ("file", "columns"):
                with self.env.cr.savepoint():
                    batch.action_next()
            if case["kind"] == "people":
                batch.action_start()
            elif batch.to_import_count:
                self.to_preview(batch, self.ann).action_start()
        except UserError as error:
            batch.unlink()
            if self.count_all() != before:
                return f"refused, and something was left: {error}"
            return tell_inside(str(error))
        found, counted = self.env["crm.lead"].search_count([]) - leads, (batch.counts or {}).get("done", 0)
        if case["kind"] == "leads" and found != counted:
            return f"{found} leads came in, and {counted} are told"
        told = [row.message or "" for row in batch.row_ids]
        return tell_inside(" ".join(told)) or (
            "a message without end" if max(map(len, told), default=0) > 1_000 else None
        )


@tagged("post_install", "-at_install")
class TestFuzzRequests(Fuzzed, ImportCase, HttpCase):
    """Requests over HTTP to every route."""

    COUNTED = ("crm.lead", "lead.import.batch", "lead.import.row", "lead.distribution.run", "ir.attachment")
    METHODS = ("POST", "POST", "POST", "POST", "GET", "PUT", "HEAD", "DELETE", "OPTIONS", "BREW")
    TYPES = (JSON, JSON, JSON, JSON, f"{JSON}; charset=utf-16", "text/plain", "multipart/form-data", "", ";")

    def test_no_request_makes_an_error_of_the_server(self):
        self.key = self.env["res.users.apikeys"].with_user(self.manager)._generate("rpc", "Fuzz", tomorrow())
        self.authenticate("mia@test", "mia@test")
        self.payloads = [
            self.payload([SPEC_LEAD]),
            self.payload(self.people(3)),
            self.payload([{"first_name": "A"}, {}]),
        ]
        # odd requests are no errors of ours; what Odoo cannot say otherwise it writes there
        logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
        with mute_logger("odoo.http", "odoo.addons.lead_distribution"):
            self.assertEqual(fuzz("requests", 300, self.make, self.undone(self.try_request)), [])

    def make(self, draw):
        """Return what is sent, as data that can be kept; bytes as Latin letters."""
        headers = {"Content-Type": draw.choice(self.TYPES)}
        if draw.random() < 0.1:
            headers["Authorization"] = draw.choice(("", "Bearer", "Bearer x", "Basic eDp5", "Bearer " + "x" * 5_000))
        if draw.random() < 0.1:
            headers["Idempotency-Key"] = self.make_header(draw)
        if draw.random() < 0.3:
            path = draw.choice([path for path, _status in PATHS.values()])
            changed = change_text(draw, path.encode()).decode("latin-1").translate(NEVER_SENT).replace("%00", "")
            return {
                "method": draw.choice(("GET", "GET", "POST")),
                "path": "/" + changed[1:2_000],
                "headers": headers,
                "body": "",
            }
        body = json.dumps(change_value(draw, draw.choice(self.payloads))).encode()
        if draw.random() < 0.3:
            body = draw.choice((change_bytes, change_text))(draw, body)
        return {"method": draw.choice(self.METHODS), "path": BULK, "headers": headers, "body": body.decode("latin-1")}

    def make_header(self, draw):
        return "".join(char for char in draw.choice(TEXTS) if " " < char < "\x7f") or "x"

    def try_request(self, case):
        before = self.count_all()
        headers = {"Authorization": f"Bearer {self.key}", **case["headers"]}
        answer = self.opener.request(
            case["method"], self.base_url() + case["path"], data=case["body"].encode("latin-1"), headers=headers,
            timeout=60, allow_redirects=False,
        )  # fmt: skip
        if answer.status_code >= 500:
            return f"{answer.status_code}: {answer.text[:300]}"
        if case["path"] == BULK and case["method"] != "HEAD" and "success" not in answer.json():
            return f"no answer of ours: {answer.text[:300]}"
        if answer.status_code != 200 and self.count_all() != before:
            return f"{answer.status_code}, and something was written"
        return tell_inside(answer.text[:100_000]) if case["path"] == BULK else None


def tomorrow():
    return datetime.now() + timedelta(days=1)
