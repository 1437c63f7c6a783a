"""Lists of salespeople, and mappings of columns: what each row, and each mapping, comes to."""

from .case import add_case, read, refused

HEADER = "Salesperson,Campaign,Level,Target,Team,Weight,Active"
GOOD = "Ann,Voice,,5,,1,yes"


def people(*lines):
    return "\n".join([HEADER, GOOD, *lines, ""]).encode()


LINES = {
    "a_target_that_is_infinite": ("Bob,Voice,,1e999,,,", [3]),
    "a_target_that_is_none": ("Bob,Voice,,nan,,,", []),
    "a_target_below_nothing": ("Bob,Voice,,-5,,,", [3]),
    "half_a_lead_as_a_target": ("Bob,Voice,,2.5,,,", [3]),
    "a_target_of_ten_thousand_digits": (f"Bob,Voice,,{'9' * 200},,,", [3]),
    "a_weight_that_is_a_command": ("Bob,Voice,,,,=cmd|' /C calc'!A1,", []),
    "a_person_who_is_a_pattern": ("%,Voice,,,,,", [3]),
    "a_person_who_is_a_statement": ("'; DROP TABLE res_users; --,Voice,,,,,", [3]),
    "a_person_who_is_a_script": ("<script>alert(1)</script>,Voice,,,,,", [3]),
    "a_person_who_is_a_template": ("{{ object.env.user }},Voice,,,,,", [3]),
    "a_person_of_a_hundred_thousand_letters": (f"{'B' * 100_000},Voice,,,,,", [3]),
    "a_person_who_is_turned_round": ("\u202ebob,Voice,,,,,", []),
    "a_person_of_no_width": ("\u200b\u2060,Voice,,,,,", [3]),
    "a_campaign_that_is_a_pattern": ("Bob,%oice,,,,,", [3]),
    "a_campaign_that_is_an_address": ("Bob,../../Voice,,,,,", [3]),
    "a_level_that_is_a_template": ("Bob,Voice,{{7*7}},,,,", [3]),
    "a_team_of_six_thousand_letters": (f"Bob,Voice,,,{'t' * 6_000},,", [3]),
    "a_yes_that_is_neither": ("Bob,Voice,,,,,perhaps", [3]),
    "the_same_person_a_hundred_times": ("\n".join(["Bob,Voice,,1,,,yes"] * 100), list(range(4, 103))),
    "zero_bytes": ("B\0ob,Voi\0ce,,,,,", []),
}
for name, (line, wrong) in LINES.items():
    data = people(line)
    add_case("people", name, read(1 + line.count("\n") + 1, dict.fromkeys(wrong, "people")), data, "people.csv")
add_case("people", "a_file_of_leads", refused("columns", later=True), b"City,Street\nUlm,Main\n", "people.csv")
add_case("people", "nobody", refused("only_header", later=True), f"{HEADER}\n".encode(), "people.csv")

MAPPINGS = {
    "a_list_for_a_mapping": {"mapping": ["name"]},
    "a_text_for_a_mapping": {"mapping": "name"},
    "a_meaning_that_does_not_exist": {"mapping": {"a": "nothing"}},
    "a_list_for_a_meaning": {"mapping": {"a": ["name"]}},
    "nothing_for_a_meaning": {"mapping": {"a": None}},
    "a_number_for_a_meaning": {"mapping": {"a": 7}},
    "twenty_thousand_and_one_columns": {"mapping": {f"c{n}": "ignore" for n in range(20_001)}},
    "a_name_of_a_megabyte": {"mapping": {"a": "name"}, "name": "x" * 1_000_000},
    "meanings_that_are_a_list": {"mapping": {"a": "name"}, "meanings": [1, 2]},
    "meanings_of_values_that_are_numbers": {"mapping": {"a": "name"}, "meanings": {"status": 5}},
    "meanings_nested_a_hundred_times": {
        "mapping": {"a": "name"},
        "meanings": {"status": {"x": {"y": {"z": [[[[1]]]]}}}},
    },
}
for name, values in MAPPINGS.items():
    add_case("mapping", name, refused("must say"), values)
