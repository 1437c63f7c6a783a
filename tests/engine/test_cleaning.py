"""Cleaning of single values, the header, and the guess of what columns mean."""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thorough import often

from lead_distribution.importing import cleaning, row_cleaner
from lead_distribution.importing import targets as import_targets
from lead_distribution.importing.column_guess import find_header, guess_columns, header_names, signature
from lead_distribution.tools.safe_export import guard


@pytest.mark.parametrize("text", ["N/A", "n/a", "-", "null", "NULL", "None", "nan", "#N/A", "—", "", "na"])
def test_missing_values_in_all_their_spellings_are_missing(text):
    assert cleaning.is_missing(text)


def test_na_is_a_country_and_no_is_a_word():
    assert not cleaning.is_missing("NA", is_code=True)
    assert not cleaning.is_missing("No")


@given(st.text())
def test_cleaned_text_is_clean_and_stays_so(text):
    cleaned = cleaning.clean_text(text)
    assert cleaning.clean_text(cleaned) == cleaned or cleaned.startswith("'")
    assert "\0" not in cleaned and "\n" not in cleaned and cleaned == cleaned.strip()


@given(st.text(alphabet="=+-@|% ab1'\t", min_size=1))
def test_what_we_export_never_starts_a_formula_and_comes_back_as_it_was(text):
    guarded = guard(text)
    assert not guarded.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "|", "%"))
    if guarded != text and text[0] in "=+-@":
        assert cleaning.clean_text(guarded) == " ".join(text.split()) or text.strip() != text


@pytest.mark.parametrize("sign", "=+-@|%＝＋－＠")
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u3000", "\ufeff", "\u200b ", " \u2060", "\t", "\n", "\x0b"])
def test_nothing_that_cannot_be_seen_hides_the_beginning_of_a_formula(before, sign):
    guarded = guard(f"{before}{sign}1+1")
    assert guarded[0] == "'"
    assert cleaning.clean_text(guarded) == f"{sign}1+1"


def test_invisible_signs_go_and_the_joiners_of_emoji_stay():
    assert cleaning.clean_text("\u200eAnn\u200f\ufeff \u202eLee") == "Ann Lee"
    assert cleaning.clean_text("👩‍👧") == "👩‍👧"


@pytest.mark.parametrize(
    ("text", "order", "day", "ambiguous"),
    [
        ("2026-03-04", "dmy", "2026-03-04", False),
        ("04.03.2026", "dmy", "2026-03-04", True),
        ("03/04/2026", "mdy", "2026-03-04", True),
        ("25/03/2026", "mdy", "2026-03-25", False),
        ("3/25/26", "dmy", "2026-03-25", False),
        ("05/05/2026", "dmy", "2026-05-05", False),
        ("4 March 2026", "dmy", "2026-03-04", False),
        ("Mar 4, 2026", "dmy", "2026-03-04", False),
        ("4. Februar 2026", "dmy", "2026-02-04", False),
        ("20260304", "dmy", "2026-03-04", False),
        ("46085", "dmy", "2026-03-04", False),
        ("2026-03-04T10:00:00Z", "dmy", "2026-03-04", False),
        ("31/31/2026", "dmy", None, False),
        ("soon", "dmy", None, False),
        ("12", "dmy", None, False),
    ],
)
def test_dates_in_the_usual_notations(text, order, day, ambiguous):
    found, is_ambiguous = cleaning.read_date(text, order)
    assert (found and found.isoformat(), is_ambiguous) == (day, ambiguous)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_dates_and_numbers(text):
    cleaning.read_date(text)
    cleaning.read_number(text)
    cleaning.digits_of(text)
    cleaning.fix_name(text)


def test_the_header_is_found_below_a_title_and_missed_where_there_is_none():
    body = [["Ann", "ann@example.com"], ["Bob", "bob@example.com"]]
    assert find_header([["Our leads"], [], ["Name", "Mail"], *body]) == 2
    assert find_header([["Foo", "Bar"], *body]) == 0
    assert find_header(body) is None


def test_columns_are_guessed_from_names_typing_errors_other_languages_and_content():
    names = ["Vorname", "Nachname", "Emial", "Téléphone", "Column E", "Zip Code"]
    samples = [["Ann"], ["Lee"], [], [], ["x@example.com", "y@example.com"], ["10001"]]
    targets = [target for target, _confidence in guess_columns(names, samples)]
    assert targets[:2] == ["first_name", "last_name"]
    assert targets[3] == "phone" and targets[5] == "zip"
    assert "email" in (targets[2], targets[4])


def test_each_meaning_is_given_once_and_to_the_surest_column():
    guessed = guess_columns(["E-mail", "Mail 2", "Notes", "Remarks"], [["a@example.com"]] * 4)
    assert [target for target, _c in guessed] == ["email", "ignore", "notes", "notes"]


def test_empty_and_repeated_names_of_columns_are_made_different():
    assert header_names(["A", "", "A"], 3) == ["A", "Column B", "A (2)"]
    assert signature(["Name", "E-mail"]) == signature(["e mail", "NAME"])


class Knows:
    """What cleaning asks of the database: here it knows everything of a few letters, and nothing else."""

    def country(self, text):
        return len(text) if len(text) == 2 else None

    def state(self, text, country):
        return (1, country or 2) if len(text) < 3 else None

    def status(self, text):
        return 1 if text == "new" else None

    def email(self, text):
        return text.lower() if "@" in text else None

    def phone(self, text, country):
        return f"+{cleaning.digits_of(text)}" if country else None

    def known(self, target, name):
        return len(name) < 5

    def is_blocked(self, status, tags):
        return None

    def label(self, target):
        return target


def date_like(chance):
    """Return what looks like a date, at times with a time; few of them are one."""
    digits = ["".join(chance.choices("0123456789²", k=chance.randint(1, most))) for most in (3, 3, 6)]
    time = f" {chance.randrange(100)}:{chance.randrange(100):02}" if chance.random() < 0.5 else ""
    return chance.choice("./-").join(digits[:2]) + chance.choice("./-") + digits[2] + time


def link_like(chance):
    end = "".join(chance.choice("[]:@/.%#?a1é²\t\u200b") for _sign in range(chance.randrange(13)))
    return f"{chance.choice(['https:', 'http:', ''])}//{chance.choice(['[', ''])}{end}"


CHANCES = st.integers(0, 2**32).map(Random)  # one draw for a text of many parts: drawing takes longer than cleaning
DIGITS = st.text(alphabet="0123456789²٣½Ⅷ.,-/: ", max_size=12)
CELLS = st.one_of(
    st.text(max_size=40),
    DIGITS,
    st.tuples(DIGITS, st.sampled_from([50, 400])).map(lambda pair: pair[0] * pair[1]),
    DIGITS.map(lambda text: text[:2] * 5_000),
    CHANCES.map(date_like),
    CHANCES.map(link_like),
    st.sampled_from(["\ud800", "\0", "١/٢/٢٠٢٤", "1e999", "-", "--1", "9" * 400, "http://[::1", "Infinity", "1/2/²²²"]),
)
TARGETS = ("name", *sorted(import_targets.LEAD_NAMES), *sorted(import_targets.PEOPLE_NAMES), "ignore", "notes")


@settings(max_examples=often(100, 400))
@given(
    st.lists(st.tuples(st.sampled_from(TARGETS), st.text(max_size=5), CELLS), max_size=12),
    st.sampled_from(cleaning.ORDERS),
    st.booleans(),
)
def test_no_cell_stops_an_import_and_what_is_kept_can_be_stored(cells, order, create_missing):
    row = row_cleaner.RowCleaner(Knows(), order, create_missing).clean(cells)
    json.dumps(row.values, allow_nan=False)
    assert abs(row.values.get("expected_revenue", 0)) <= cleaning.MAX_NUMBER
    assert "1900" <= row.values.get("source_date", "2000")[:4] <= "2200"


@settings(max_examples=often(100, 300))
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=6))
def test_no_cell_stops_the_guess_of_the_columns(rows):
    find_header(rows)
    names = header_names(rows[0], 4)
    signature(names)
    samples = [[row[n] for row in rows if n < len(row)] for n in range(4)]
    guess_columns(names, samples)
    cleaning.guess_date_order([cell for row in rows for cell in row])


@pytest.mark.parametrize(
    "text", ["10:30", "10:30:00", "01:02:00", "1:2:3", "10:30 2026", "9" * 5_000, "1/2/" + "3" * 5_000]
)
def test_a_time_of_day_or_a_number_without_end_is_no_date(text):
    assert cleaning.read_date(text) == (None, False)


@pytest.mark.parametrize("text", ["9" * 400, "1" + "0" * 16, "-" + "9" * 400, "1.0.0", "--"])
def test_a_number_without_bounds_is_none(text):
    assert cleaning.read_number(text) is None or abs(cleaning.read_number(text)) <= cleaning.MAX_NUMBER


def test_texts_that_are_too_long_refuse_their_row_and_are_not_cut():
    def clean(target, text):
        row = row_cleaner.RowCleaner(Knows(), create_missing=True).clean(
            [("name", "Name", "A"), (target, "Column", text)]
        )
        return [(code, values["name"]) for code, values in row.problems]

    assert clean("source", "s" * 255) == [] and clean("source", "s" * 256) == [("too_long", "Column")]
    assert clean("tags", ", ".join(["t" * 200] * 10)) == [] and clean("tags", "t" * 300) == [("too_long", "tags")]
    assert clean("city", "x" * 32_767) == [] and clean("city", "x" * 32_768) == [("too_long", "Column")]
    assert clean("ignore", "x" * 10**6) == []


def clean(*cells):
    """Return a row of (target, text), cleaned; the column has the target's name."""
    return row_cleaner.RowCleaner(Knows()).clean([(target, target, text) for target, text in cells])


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"contact_name": "Müller", "first_name": "Hans"}, "Hans Müller"),
        ({"contact_name": "MÜLLER", "first_name": "HANS"}, "Hans Müller"),
        ({"contact_name": "Hans", "last_name": "Müller"}, "Hans Müller"),
        ({"contact_name": "Ann Lee", "first_name": "Ann"}, "Ann Lee"),
        ({"contact_name": "Lee, Ann", "last_name": "lee"}, "Ann Lee"),
        ({"contact_name": "Annette Lee", "first_name": "Ann"}, "Ann Annette Lee"),
        ({"contact_name": "Dr. Ann Lee", "first_name": "Ann", "last_name": "Lee"}, "Ann Lee"),
        ({"first_name": "Ann"}, "Ann"),
        ({"contact_name": "Ann Lee"}, "Ann Lee"),
    ],
)
def test_a_name_beside_a_part_of_it_loses_nothing(cells, name):
    assert clean(*cells.items()).values["contact_name"] == name


def test_what_a_row_says_twice_is_kept_and_a_second_phone_is_compared():
    row = clean(("email", "a@x.com"), ("email", "b@x.com"), ("phone", "030 1234567"), ("phone", "030 7654321"))
    assert row.values["email_from"] == "a@x.com" and row.values["phone"] == "030 1234567"
    assert row.phone_keys == ["0301234567", "0307654321"]
    assert row.notes == ["email: b@x.com", "mobile: 030 7654321"]
    assert clean(("email", "N/A"), ("email", "b@x.com")).values["email_from"] == "b@x.com"
    row = clean(("phone", "030 1"), ("mobile", "030 2"), ("phone", "030 3"), ("tags", "a"), ("tags", "b"))
    assert row.notes == ["phone: 030 3", "mobile: 030 2"] and row.values["_tags"] == ["a", "b"]
