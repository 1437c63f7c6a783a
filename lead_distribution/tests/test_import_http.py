import io
import json
from datetime import datetime, timedelta
from unittest.mock import patch

import openpyxl

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open, mute_logger

from ..controllers import lead_import
from ..importing.targets import LEAD_NAMES
from .test_import_payload import SPEC_LEAD, ImportCase


class Schema:
    """As much of JSON Schema as our description uses."""

    TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}

    def __init__(self, document):
        self.document = document

    def problems(self, schema, value, path="$"):
        while "$ref" in schema:
            node = self.document
            for key in schema["$ref"].split("/")[1:]:
                node = node[key]
            schema = node
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(self._is(value, kind) for kind in kinds):
            return [f"{path}: {value!r} is no {kinds}"]
        found = []
        if "enum" in schema and value not in schema["enum"]:
            found.append(f"{path}: {value!r} is not allowed")
        if isinstance(value, dict):
            known = schema.get("properties", {})
            found += [f"{path}: {key} is missing" for key in schema.get("required", ()) if key not in value]
            if schema.get("additionalProperties") is False:
                found += [f"{path}: {key} is unknown" for key in value.keys() - known.keys()]
            for key in value.keys() & known.keys():
                found += self.problems(known[key], value[key], f"{path}.{key}")
        if isinstance(value, list):
            for number, item in enumerate(value):
                found += self.problems(schema.get("items", {}), item, f"{path}[{number}]")
            if len(value) < schema.get("minItems", 0):
                found.append(f"{path}: too few")
        if "minimum" in schema and isinstance(value, int) and value < schema["minimum"]:
            found.append(f"{path}: {value} is too small")
        return found

    def _is(self, value, kind):
        return isinstance(value, self.TYPES[kind]) and not (kind == "integer" and isinstance(value, bool))


@tagged("post_install", "-at_install")
class TestImportHttp(ImportCase, HttpCase):
    """``POST /leads/bulk`` as programs see it, checked against the description we publish."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with file_open("lead_distribution/static/openapi.json") as file:
            cls.description = json.load(file)
        cls.key = cls.make_key(cls.manager)

    @classmethod
    def make_key(cls, user):
        keys = cls.env(user=user)["res.users.apikeys"]
        return keys._generate("rpc", "test", datetime.now() + timedelta(days=1))

    def post(self, payload, key=None, expected=200, **headers):
        key = self.key if key is None else key
        headers = {"Content-Type": "application/json", **headers}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        body = payload if isinstance(payload, (str, bytes)) else json.dumps(payload)
        answer = self.url_open("/leads/bulk", data=body, headers=headers)
        self.assertEqual(answer.status_code, expected, answer.text[:500])
        described = self.description["paths"]["/leads/bulk"]["post"]["responses"][str(expected)]
        if "content" in described:
            schema = described["content"]["application/json"]["schema"]
            self.assertEqual(Schema(self.description).problems(schema, answer.json()), [])
            return answer.json()
        return None

    def test_the_answer_is_the_described_one_and_the_leads_are_there(self):
        answer = self.post(self.payload([SPEC_LEAD, SPEC_LEAD, {"first_name": "Ann"}]))
        self.assertEqual((answer["inserted_count"], answer["error_count"]), (2, 1))
        leads = self.env["crm.lead"].browse(a["lead_id"] for a in answer["lead_assignments"])
        self.assertEqual(len(leads.exists()), 2)
        self.assertEqual(leads.import_batch_id.user_id, self.manager)

    def test_the_request_of_the_specification_fits_the_description(self):
        schema = {"$ref": "#/components/schemas/BulkRequest"}
        self.assertEqual(Schema(self.description).problems(schema, self.payload([SPEC_LEAD])), [])
        self.assertTrue(Schema(self.description).problems(schema, {"campaign": "x"}))

    @mute_logger("odoo.sql_db")
    def test_the_first_request_that_ends_while_the_second_has_begun_has_it_asked_again(self):
        payload, headers = self.payload([SPEC_LEAD]), {"Idempotency-Key": "one and the same"}
        first = self.post(payload, **headers)

        def find_nothing(env, _key, _digest):
            return env["lead.import.batch"]  # as a transaction sees it that began before the first one was over

        with patch("odoo.addons.lead_distribution.models.imports.work.find_earlier", find_nothing):
            self.assertFalse(self.post(payload, expected=409, **headers)["success"])
        self.assertEqual(self.post(payload, **headers), first)

    def test_refusals_have_their_status_and_import_nothing(self):
        before = self.env["crm.lead"].search_count([])
        good = self.payload(self.people(1))
        for payload, status in (
            ("{not json", 400),
            ('{"campaign": NaN}', 400),
            ("[" * 100_000, 400),
            ([], 400),
            ({**good, "campaign": 2**31 - 1}, 404),
            ({**good, "callers": []}, 422),
            ({**good, "callers": [2**31 - 1]}, 422),
            ({**good, "leads": "x"}, 422),
        ):
            refusal = self.post(payload, expected=status)
            self.assertFalse(refusal["success"])
        self.env["ir.config_parameter"].set_param("lead_distribution.import_max_api_rows", "1")
        self.post(self.payload(self.people(2)), expected=413)
        self.assertEqual(self.env["crm.lead"].search_count([]), before)

    def answer(self, method="POST", body=b"{}", **headers):
        """Send what may be no good request; return (status, JSON) of the answer, which has the described form."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **headers}
        answer = self.opener.request(method, self.base_url() + "/leads/bulk", data=body, headers=headers, timeout=30)
        self.assertEqual(answer.headers["Content-Type"].partition(";")[0], "application/json", answer.text[:200])
        schema = {"$ref": "#/components/schemas/Refusal"}
        self.assertEqual(Schema(self.description).problems(schema, answer.json()), [])
        return answer.status_code, answer.json()["errors"][0]["message"]

    def test_every_refusal_is_json_whatever_was_sent_and_how(self):
        for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
            self.assertEqual(self.answer(method)[0], 405, method)
        self.assertEqual(self.answer(body=b"\xff\xfe\x00")[0], 400)
        self.assertEqual(self.answer(body=b"")[0], 400)
        self.assertEqual(self.answer(body=b'{"campaign": ' + b"9" * 5_000 + b"}")[0], 400)
        for kind in ("text/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "/", ";;"):
            self.assertEqual(self.answer(**{"Content-Type": kind})[0], 415, kind)
        self.assertEqual(self.answer(body=json.dumps([1]))[0], 400)
        self.assertEqual(self.answer(Authorization="Basic x:y")[0], 401)

    def test_an_error_of_the_server_is_json_without_what_is_inside(self):
        def fail(*_arguments, **_options):
            raise KeyError("secret")

        self.patch(type(self.env["lead.import.batch"]), "import_payload", fail)
        with mute_logger("odoo.http"):
            status, text = self.answer(body=json.dumps(self.payload(self.people(1))))
        self.assertEqual(status, 500)
        self.assertNotIn("secret", text)

    def test_odd_cells_of_a_request_cost_their_row_and_never_the_answer(self):
        odd = ["1/2/²²²", "1" * 5_000, "9" * 400, 10**300, -0.0, "http://[::1", "\ud800", "s" * 6_000, "n" * 100_000]
        keys = [*LEAD_NAMES, "note"]
        leads = [{"first_name": f"P{n}", key: value} for n, (key, value) in
                 enumerate((key, value) for key in keys for value in odd)]  # fmt: skip
        leads.append({"n" * 100_000: "x", "first_name": ["x"]})
        leads.append({"n" * 100_000: ["x"]})
        answer = self.post(self.payload(leads))
        self.assertEqual(answer["inserted_count"] + answer["error_count"], len(leads))
        self.assertGreater(answer["inserted_count"], len(leads) / 3)
        self.assertLess(max(len(error["message"]) for error in answer["errors"]), 600)

    def test_a_name_that_the_database_cannot_hold_costs_its_row(self):
        names = ["\0", "\ud800", "a\0\udfff"]
        odd = [{"first_name": "Odd", name: value} for name in names for value in (True, ["x"], "text")]
        answer = self.post(self.payload([*odd, *self.people(2)]))
        self.assertEqual((answer["inserted_count"], answer["error_count"]), (len(names) + 2, 2 * len(names)))
        self.assertEqual({error["code"] for error in answer["errors"]}, {"not_text"})

    def test_names_that_nobody_can_write_are_refused_as_unknown(self):
        for name in ("\ud800", "\0"):
            status, text = self.answer(body=json.dumps({**self.payload(self.people(1)), name: 1}))
            self.assertEqual(status, 422)
            self.assertIn("unknown key", text)

    def test_an_idempotency_key_that_the_database_cannot_hold_is_refused(self):
        for key in ("\0", "a\ud800"):
            with self.assertRaisesRegex(ValidationError, "Idempotency-Key"):
                self.env["lead.import.batch"].import_payload(self.payload(self.people(1)), idempotency_key=key)

    def test_a_request_in_chunks_may_be_no_longer_than_another(self):
        self.patch(lead_import, "MAX_BODY", 2_000)
        self.assertEqual(self.answer(body=iter([b" " * 1_500, b" " * 1_500]))[0], 413)
        whole = json.dumps(self.payload(self.people(1))).encode()
        answer = self.opener.post(
            self.base_url() + "/leads/bulk", data=iter([whole[:10], whole[10:]]), timeout=30,
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )  # fmt: skip
        self.assertEqual(answer.json()["inserted_count"], 1)

    def test_who_is_not_logged_in_or_no_manager_is_refused(self):
        with mute_logger("odoo.http"):
            refusal = self.post(self.payload(self.people(1)), key="", expected=401)
            self.assertFalse(refusal["success"])
            self.post(self.payload(self.people(1)), key="wrong", expected=401)
            self.post(self.payload(self.people(1)), key=self.make_key(self.ann), expected=403)

    def test_a_session_will_do_but_only_with_json(self):
        self.authenticate("mia@test", "mia@test")
        answer = self.post(self.payload(self.people(2)), key="")
        self.assertEqual(answer["inserted_count"], 2)
        self.post(self.payload(self.people(2, 9)), key="", expected=415, **{"Content-Type": "text/plain"})

    def test_a_repeated_request_with_its_key_imports_once(self):
        payload = self.payload(self.people(2))
        first = self.post(payload, **{"Idempotency-Key": "abc"})
        again = self.post(payload, **{"Idempotency-Key": "abc"})
        self.assertEqual(first, again)
        self.assertEqual(self.env["crm.lead"].search_count([("contact_name", "=like", "P_ Test")]), 2)
        self.post(self.payload(self.people(1, 7)), expected=422, **{"Idempotency-Key": "abc"})

    def test_error_rows_are_downloaded_by_managers_of_the_company_only(self):
        self.post(self.payload([{}, {"first_name": "Ok"}]))
        batch = self.env["lead.import.batch"].search([], limit=1)
        url = f"/lead_distribution/import/{batch.id}/errors"
        self.authenticate("mia@test", "mia@test")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        self.assertIn("no name", sheet["C2"].value or sheet["B2"].value)
        self.assertEqual(self.url_open("/lead_distribution/import/999999999/errors").status_code, 404)
        self.authenticate("ann@test", "ann@test")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 403)

    def test_the_same_method_answers_over_odoos_own_api(self):
        answer = self.url_open(
            "/json/2/lead.import.batch/import_payload",
            data=json.dumps({"payload": self.payload(self.people(2))}),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"},
        )
        self.assertEqual(answer.json()["inserted_count"], 2)
