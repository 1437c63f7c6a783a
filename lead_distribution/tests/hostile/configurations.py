"""Campaigns as text: YAML, JSON, zips of both; each is refused in words, or loads and is what it was."""

import json
import zipfile

from .case import add_case, read, refused
from .workbooks import pack, patch_entry

PEOPLE = """
salesperson_selection:
  source_type: list
  source_config:
    salespeople_list: [Ann, Bob]
"""
GOOD = f"campaign:\n  name: Hostile\n{PEOPLE}"


def yaml(*lines):
    return GOOD + "\n".join([*lines, ""])


def named(name):
    return f"campaign:\n  name: {json.dumps(name)}\n{PEOPLE}"


ALIASES = "a0: &a0 x\n" + "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10))
SPELLED = json.dumps({"campaign": {"name": "Hostile"}})[:-1]

TEXTS = {
    # what grows, nests or counts without end
    "aliases_that_multiply": (yaml(ALIASES), "There are more than"),
    "a_long_text_a_thousand_times": (
        yaml(f"a: &a {'x' * 100_000}", f"b: [{', '.join(['*a'] * 1_000)}]"),
        "longer than",
    ),
    "an_alias_of_itself": (yaml("a: &a [*a]"), "nested too deeply"),
    "an_alias_of_nothing": (yaml("a: *nobody"), "This is no YAML"),
    "lists_nested_a_hundred_thousand_times": ("[" * 100_000, "nested too deeply"),
    "objects_nested_fifty_thousand_times": ('{"a": ' * 50_000, "nested too deeply"),
    "keys_nested_fifty_times": (yaml(*("  " * n + f"k{n}:" for n in range(50))), "nested too deeply"),
    "keys_that_are_lists": (yaml("? [a, b]\n: c"), "A key must be a text"),
    "more_than_two_million_characters": ("x" * 2_000_001, "longer than"),
    "two_hundred_thousand_values": (yaml("a: [" + "1," * 200_001 + "1]"), "There are more than"),
    "five_thousand_unknown_keys": (yaml(*(f"wrong_{n}: 1" for n in range(5_000))), "Unknown key"),
    # what asks the server to do something
    "an_object_of_python": (yaml('a: !!python/object/apply:os.system ["reboot"]'), "is not allowed here"),
    "a_name_of_python": (yaml("a: !!python/name:os.system"), "is not allowed here"),
    "a_tag_that_nobody_knows": (yaml("a: !evil x"), "is not allowed here"),
    "bytes_of_python": (yaml("a: !!binary R0lGODlh"), "Unknown key"),
    "a_variable_of_the_server": (named("${HOME}"), "HOME"),
    "a_file_of_the_server": (
        yaml()
        .replace("source_type: list", "source_type: csv_file")
        .replace("salespeople_list: [Ann, Bob]", "csv_file_path: /etc/passwd"),
        "csv",
    ),
    "a_condition_that_drops_a_table": (
        yaml()
        .replace("source_type: list", "source_type: database")
        .replace(
            "salespeople_list: [Ann, Bob]",
            'database_query: {table: res_users, where_clause: "id = 1; DROP TABLE res_users"}',
        ),
        "is not understood",
    ),
    "a_condition_that_asks_another_table": (
        yaml()
        .replace("source_type: list", "source_type: database")
        .replace(
            "salespeople_list: [Ann, Bob]", 'database_query: {table: res_users, where_clause: "id IN (SELECT 1)"}'
        ),
        "is not understood",
    ),
    "a_condition_nested_without_end": (
        yaml()
        .replace("source_type: list", "source_type: database")
        .replace(
            "salespeople_list: [Ann, Bob]",
            'database_query: {table: res_users, where_clause: "' + "(" * 400 + "id = 1" + ")" * 400 + '"}',
        ),
        "is not understood",
    ),
    "a_pattern_that_takes_for_ever_to_read": (
        yaml('lead_finding: {web_sources: {match_mode: regex, regex_patterns: ["' + "(" * 5_000 + ")" * 5_000 + '"]}}'),
        "nested too deeply",
    ),
    "a_pattern_that_is_none": (
        yaml('lead_finding: {web_sources: {match_mode: regex, regex_patterns: ["(b"]}}'),
        "regex_patterns[0]",
    ),
    # what says one thing twice, or nothing
    "a_key_twice": ("campaign: {name: A}\ncampaign: {name: B}\n", "twice"),
    "a_key_twice_in_json": ('{"campaign": {"name": "A"}, "campaign": {"name": "B"}}', "twice"),
    "nothing": ("", "is empty"),
    "nothing_but_blanks": (" \n\t\n" * 1_000, "This is no YAML"),
    "only_a_remark": ("# nothing\n", "is empty"),
    "a_list": ("- a\n- b\n", "consists of keys and values"),
    "a_number": ("42", "consists of keys and values"),
    "two_documents": ("campaign: {name: A}\n---\ncampaign: {name: B}\n", "This is no YAML"),
    "tabs_for_blanks": ("campaign:\n\tname: A\n", "This is no YAML"),
    "a_quotation_mark_that_is_never_closed": ('campaign: {name: "A}\n', "This is no YAML"),
    "json_that_is_cut_off": (SPELLED, "This is no YAML"),
    "no_name": (PEOPLE, "name of the campaign is missing"),
    "a_name_of_nothing": (named(""), "name"),
    "a_name_of_ten_thousand_letters": (named("x" * 10_000), "name"),
    # numbers, dates and signs
    "not_a_number": (SPELLED + ', "distribution": {"max_leads_per_run": NaN}}', "max_leads_per_run"),
    "an_infinite_number": (SPELLED + ', "distribution": {"max_leads_per_run": Infinity}}', "max_leads_per_run"),
    "a_number_of_five_thousand_digits": (
        SPELLED + f', "distribution": {{"max_leads_per_run": {"9" * 5_000}}}}}',
        "max_leads_per_run",
    ),
    "a_number_below_nothing": (yaml("distribution: {max_leads_per_run: -1}"), "max_leads_per_run"),
    "a_number_in_base_sixty": (
        yaml(f"distribution: {{max_leads_per_run: {':'.join(['59'] * 1_000)}}}"),
        "max_leads_per_run",
    ),
    "a_date_that_does_not_exist": (
        yaml("lead_finding: {date_range: {older_than_days: 2026-02-31}}"),
        "older_than_days",
    ),
    "half_of_a_pair_of_surrogates": (named("A\ud800"), "cannot be stored"),
    "a_zero_byte": (GOOD + "# \0\n", "cannot be stored"),
    "a_mark_at_its_beginning": ("\ufeff" + GOOD, None),
    "newlines_of_windows": (GOOD.replace("\n", "\r\n"), None),
    "a_name_that_is_a_template": (named("{{ object.env.user }} <t t-out='1'/> %s"), None),
    "a_name_that_is_a_script": (named("<script>alert(1)</script>"), None),
    "a_name_that_is_turned_round": (named("A\u202eB"), None),
    "a_name_that_is_a_statement": (named("'; DROP TABLE crm_lead; --"), None),
    "a_name_that_looks_like_a_number": (named("1e999"), None),
    "a_name_that_looks_like_nothing": (named("null"), None),
    "a_name_with_newlines": (named("A\nB: c\n- d"), None),
    "a_name_that_looks_like_an_alias": (named("*a &b !c"), None),
}
for name, (text, words) in TEXTS.items():
    add_case("configuration", name, refused(words) if words else read(0), text)

# uploaded: a file, or a zip with several

FILES = {
    "bytes_that_are_no_text": (b"campaign: {name: \xff\xfe}", "no text in UTF-8", "a.yaml"),
    "utf_16": (GOOD.encode("utf-16"), "no text in UTF-8", "a.yaml"),
    "a_zip_of_nothing": (pack({}), "exactly one", "a.zip"),
    "a_zip_of_fifty_one_files": (pack({f"{n}.yaml": GOOD for n in range(51)}), "more than 50 files", "a.zip"),
    "a_zip_of_two_configurations": (pack({"a.yaml": GOOD, "b.yaml": GOOD}), "exactly one", "a.zip"),
    "a_zip_of_ten_megabytes_and_one": (pack({"a.yaml": " " * 10_000_001}), "too large", "a.zip"),
    "a_zip_that_claims_two_gibibytes": (
        patch_entry(pack({"a.yaml": GOOD}), "a.yaml", 24, "<L", 2**31),
        None,
        "a.zip",
    ),
    "a_zip_in_a_zip": (pack({"b.zip": pack({"a.yaml": GOOD})}), "exactly one", "a.zip"),
    "a_zip_packed_oddly": (pack({"a.yaml": GOOD}, zipfile.ZIP_BZIP2), "cannot be read", "a.zip"),
    "a_zip_with_a_wrong_checksum": (
        patch_entry(pack({"a.yaml": GOOD}), "a.yaml", 16, "<L", 5),
        "cannot be read",
        "a.zip",
    ),
    "a_zip_with_a_password": (patch_entry(pack({"a.yaml": GOOD}), "a.yaml", 8, "<H", 1), "cannot be read", "a.zip"),
    "a_zip_that_is_cut_off": (pack({"a.yaml": GOOD})[:-15], "cannot be read", "a.zip"),
    "a_zip_that_is_none": (b"PK\x03\x04" + b"\0" * 100, "cannot be read", "a.zip"),
    "a_zip_with_names_that_climb": (pack({"../../etc/a.yaml": GOOD, "/etc/passwd": "x"}), None, "a.zip"),
    "a_zip_with_a_name_twice": (pack([("a.yaml", "x"), ("./a.yaml", GOOD)]), "have the same name", "a.zip"),
    "a_zip_with_a_file_twice": (pack([("a.yaml", GOOD), ("a.yaml", GOOD)]), None, "a.zip"),
    "a_zip_of_macos": (pack([("a.yaml", GOOD), ("__MACOSX/._a.yaml", "\0"), (".DS_Store", "\0")]), None, "a.zip"),
}
for name, (data, words, file_name) in FILES.items():
    add_case("upload", name, refused(words) if words else read(0), data, file_name)
