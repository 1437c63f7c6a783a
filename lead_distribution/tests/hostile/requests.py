"""Requests over HTTP: what is sent where and how, and which answer it gets."""

from typing import Any, NamedTuple

from .case import add_case

BULK = "/leads/bulk"
JSON = "application/json"


class Answered(NamedTuple):
    """The answer: its status; of imports how many leads came in, and how many rows were refused."""

    status: int
    inserted: int = 0
    errors: int = 0


class Sent(NamedTuple):
    """A request; ``body`` is bytes, or {key: value} put into a good payload."""

    body: Any = None
    method: str = "POST"
    path: str = BULK
    headers: dict = {}
    leads: list | None = None  # instead of the good lead of the payload


def leads(*found):
    return Sent(leads=list(found))


def odd(**cells):
    """Return a request with a lead that has odd cells, between two good ones."""
    return leads({"first_name": "Ann"}, {"first_name": "Bob", **cells}, {"first_name": "Cem"})


def chunks(*parts):
    return list(parts)


DEEP = ("[" * 100_000).encode()
BODIES = {
    "nothing": (b"", 400),
    "words": (b"not json", 400),
    "bytes_that_are_no_text": (b"\xff\xfe\x00", 400),
    "json_that_is_cut_off": (b'{"campaign": 1, "leads": [', 400),
    "lists_nested_a_hundred_thousand_times": (DEEP, 400),
    "objects_nested_without_end": (b'{"a":' * 50_000, 400),
    "not_a_number": (b'{"campaign": NaN}', 400),
    "an_infinite_number": (b'{"campaign": -Infinity}', 400),
    "a_number_of_five_thousand_digits": (b'{"campaign": ' + b"9" * 5_000 + b"}", 400),
    "a_list": (b"[]", 400),
    "nothing_as_a_value": (b"null", 400),
    "a_text": (b'"campaign"', 400),
    "form_data": (b"campaign=1&leads=2", 400),
    "utf_16": ('{"campaign": 1}'.encode("utf-16"), 422),
    "an_entity_of_xml": (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', 400),
    "a_mark_at_its_beginning": (b"\xef\xbb\xbf{}", 422),
}
for name, (body, status) in BODIES.items():
    add_case("request", name, Answered(status), Sent(body))

PAYLOADS = {
    "an_unknown_key": ({"extra": 1}, 422),
    "a_key_of_half_a_pair_of_surrogates": ({"\ud800": 1}, 422),
    "a_campaign_of_truth": ({"campaign": True}, 422),
    "a_campaign_that_is_a_statement": ({"campaign": "1; DROP TABLE crm_lead"}, 422),
    "a_campaign_below_nothing": ({"campaign": -1}, 422),
    "a_campaign_beyond_all_numbers": ({"campaign": 10**300}, 422),
    "a_campaign_that_does_not_exist": ({"campaign": 2**31 - 1}, 404),
    "half_a_campaign": ({"campaign": 1.5}, 422),
    "a_campaign_that_is_a_condition": ({"campaign": [["id", ">", 0]]}, 422),
    "callers_that_are_nested": ({"callers": [[1]]}, 422),
    "callers_that_are_objects": ({"callers": {"id": 1}}, 422),
    "ten_thousand_callers_who_do_not_exist": ({"callers": list(range(2**30, 2**30 + 10_000))}, 422),
    "leads_that_are_an_object": ({"leads": {}}, 422),
    "ten_thousand_and_one_leads": ({"leads": [{}] * 10_001}, 413),
}
for name, (values, status) in PAYLOADS.items():
    add_case("request", name, Answered(status), Sent(values))

LEADS = {
    "leads_that_are_none": (leads(1, None, "x", [], True), Answered(200, 0, 5)),
    "leads_without_anything": (leads({}, {"first_name": ""}), Answered(200, 0, 2)),
    "a_lead_in_a_lead": (odd(city={"name": "Ulm"}), Answered(200, 2, 1)),
    "a_truth_for_a_text": (odd(city=True), Answered(200, 2, 1)),
    "a_number_for_a_name": (leads({"first_name": 10**300}), Answered(200, 1, 0)),
    "a_key_that_is_a_field_of_odoo": (odd(user_id=1, active=False, company_id=99), Answered(200, 2, 1)),
    "a_key_of_a_hundred_thousand_letters": (odd(**{"k" * 100_000: "x"}), Answered(200, 3, 0)),
    "a_name_of_a_hundred_thousand_letters": (odd(first_name="x" * 100_000), Answered(200, 2, 1)),
    "zero_bytes_and_halves_of_surrogates": (odd(city="U\0lm\ud800"), Answered(200, 3, 0)),
    "a_template": (odd(city="{{ object.env.user }}<t t-out='1'/>%s"), Answered(200, 3, 0)),
    "a_statement": (odd(city="'; DROP TABLE crm_lead; --"), Answered(200, 3, 0)),
    "a_command": (odd(last_name="=cmd|' /C calc'!A0"), Answered(200, 3, 0)),
    "a_status_that_does_not_exist": (odd(current_status="{{7*7}}"), Answered(200, 2, 1)),
    "five_hundred_columns_nobody_knows": (odd(**{f"k{n}": "x" for n in range(500)}), Answered(200, 3, 0)),
}  # fmt: skip
for name, (sent, outcome) in LEADS.items():
    add_case("request", name, outcome, sent)

WAYS = {
    "asked_for_instead_of_sent": (Sent(method="GET"), 405),
    "a_way_of_asking_that_does_not_exist": (Sent(method="BREW"), 405),
    "sent_as_a_form": (Sent(headers={"Content-Type": "application/x-www-form-urlencoded"}), 415),
    "sent_as_a_form_with_parts": (Sent(headers={"Content-Type": "multipart/form-data; boundary=x"}), 415),
    "sent_as_words": (Sent(headers={"Content-Type": "text/plain"}), 415),
    "a_kind_of_content_that_is_none": (Sent(headers={"Content-Type": ";;/;"}), 415),
    "a_key_that_is_none": (Sent(headers={"Authorization": "Bearer x"}), 401),
    "a_key_of_ten_thousand_letters": (Sent(headers={"Authorization": "Bearer " + "x" * 10_000}), 401),
    "a_password_for_a_key": (Sent(headers={"Authorization": "Basic YTpi"}), 401),
    "a_key_of_the_request_of_a_thousand_letters": (Sent(headers={"Idempotency-Key": "x" * 1_000}), 400),
    "a_key_of_the_request_that_is_a_statement": (Sent(headers={"Idempotency-Key": "'; DROP TABLE crm_lead; --"}), 200),
    "a_language_that_is_none": (Sent(headers={"Accept-Language": "../../etc,%s;q=9e999"}), 200),
    "another_server_in_the_headers": (Sent(headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "'"}), 200),
}
for name, (sent, status) in WAYS.items():
    add_case("request", name, Answered(status, int(status == 200)), sent)

PATHS = {
    "a_class_of_nobody": ("/leads/classification", 400),
    "a_class_of_a_pattern": ("/leads/classification?name=%25", 200),
    "a_class_of_a_statement": ("/leads/classification?name='%3B%20DROP%20TABLE%20crm_lead%3B--", 200),
    "a_class_of_a_zero_byte": ("/leads/classification?name=a%00b", 200),
    "a_class_of_half_a_pair_of_surrogates": ("/leads/classification?name=%ED%A0%80", 200),
    "a_class_of_a_name_of_ten_thousand_letters": ("/leads/classification?name=" + "x" * 10_000, 200),
    "a_class_of_two_names": ("/leads/classification?name=a&name=b", 200),
    "a_class_with_settings_of_odoo": ("/leads/classification?name=a&context=%7B%7D&db=x", 200),
    "errors_of_an_import_that_does_not_exist": ("/lead_distribution/import/2147483647/errors", 404),
    "errors_of_an_import_beyond_all_numbers": (f"/lead_distribution/import/{'9' * 30}/errors", 404),
    "errors_of_an_import_below_nothing": ("/lead_distribution/import/-1/errors", 404),
    "a_template_of_a_kind_that_does_not_exist": ("/lead_distribution/import/template/%3Cscript%3E", 404),
    "a_template_that_climbs_out_of_the_folder": ("/lead_distribution/import/template/..%2F..%2Fetc%2Fpasswd", 404),
    "a_template_of_a_zero_byte": ("/lead_distribution/import/template/%00", 404),
    "a_report_that_nobody_has_asked_for": ("/lead_distribution/report/2147483647/xlsx", 404),
    "a_report_beyond_all_numbers": (f"/lead_distribution/report/{'9' * 30}/xlsx", 404),
    "a_report_in_a_format_that_does_not_exist": ("/lead_distribution/report/1/..%2Fpasswd", 404),
}
for name, (path, status) in PATHS.items():
    add_case("request", name, Answered(status), Sent(method="GET", path=path))
