"""Cleaning of single values, the header, and the guess of what columns mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools import cleaning
from tools.column_guess import find_header, guess_columns, header_names, signature
from tools.safe_export import guard


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
