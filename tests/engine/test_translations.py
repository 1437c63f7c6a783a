"""What the lint of the translations finds, and what it leaves alone."""

import doctest
import sys
from pathlib import Path

import polib
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dev"))
import terms
import translations

NAME = "our_addon"


def make_file(texts, place="model:x"):
    """Return a file of terms: {term: translation}."""
    file = polib.POFile()
    file += [polib.POEntry(msgid=term, msgstr=text, occurrences=[(place, "0")]) for term, text in texts.items()]
    return file


@pytest.mark.parametrize(
    ("term", "text", "fault"),
    [
        ("Run", "", "not translated"),
        ("Run", "  ", "not translated"),
        ("%s leads", "Leads", "filled in"),
        ("%s of %s", "%s von", "filled in"),
        ("%(count)s leads", "%(anzahl)s Leads", "filled in"),
        ("100%% of it", "100% davon", "filled in"),
        ("of {{name}}", "von", "filled in"),
        ("of {name}", "von {nom}", "filled in"),
        ("of ${name}", "von {name}", "filled in"),
        ("a <b>lead</b>", "ein Lead", "filled in"),
        ('<span invisible="a">A lead</span>', '<span invisible="b">Ein Lead</span>', "filled in"),
        (" and more", "und mehr", "blanks"),
        ("first\n", "zuerst", "blanks"),
        ("Salesperson", "Salesperson", "left in English"),
    ],
)
def test_each_kind_of_fault_of_a_translation_is_found(term, text, fault):
    template = make_file({term: ""})
    found = list(translations.check_language(template, make_file({term: text})))
    assert len(found) == 1
    assert fault in found[0]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("%(a)s gave %(b)s", "%(b)s von %(a)s"),
        (" or ", " oder "),
        ("%s %%", "%s %%"),
        ("<b>%s</b> of %s", "%s von <b>%s</b>"),
        ("Status", "Status"),
    ],
)
def test_good_translations_are_left_alone(term, text):
    assert not list(translations.check_language(make_file({term: ""}), make_file({term: text}), {"Status"}))


def test_missing_foreign_double_fuzzy_and_old_terms_are_found():
    template = make_file({"Run": "", "Lead": ""})
    language = make_file({"Lead": "Lead!", "Plan": "Plan!"})
    language.append(polib.POEntry(msgid="Lead", msgstr="Lead?"))
    language.append(polib.POEntry(msgid="Old", msgstr="Alt", obsolete=True))
    language[0].flags.append("fuzzy")
    found = " ".join(translations.check_language(template, language))
    for fault in ("“Run” is missing", "“Plan” is no term", "“Lead” stands there 2 times", "marked as fuzzy", "1 terms"):
        assert fault in found


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        ("de", "„Leads“", "“Leads”"),
        ("de", "„Leads“", "„Leads”"),
        ("fr", "« Pistes »", "“Pistes”"),
        ("es", "«Leads»", "«Leads"),
        ("nl", "“Leads”", "„Leads”"),
    ],
)
def test_each_language_has_its_own_quotation_marks(code, good, bad):
    assert not list(translations.check_quotes(code, make_file({"“Leads”": good})))
    assert len(list(translations.check_quotes(code, make_file({"“Leads”": bad})))) == 1


def test_a_template_that_is_not_what_the_source_says_is_found():
    literals = {"a.py": {"New", "%s%%", "Same"}, "b.js": {"Other"}}
    template = make_file({"Same": "", "Gone": ""}, f"code:addons/{NAME}/a.py")
    found = list(translations.check_template(NAME, literals, template))
    assert len(found) == 3
    for text in ("a.py: the template has no “New”", "b.js: the template has no “Other”", "“Gone” stands in"):
        assert any(text in line for line in found)


def test_merging_keeps_what_is_translated_drops_what_is_gone_and_is_the_same_each_time():
    template = make_file({"Run": "", "New": ""})
    merged = terms.merge(template, {"Run": "Lauf", "Gone": "Weg"}, "de")
    assert {entry.msgid: entry.msgstr for entry in merged} == {"Run": "Lauf", "New": ""}
    assert str(merged) == str(terms.merge(template, {"Run": "Lauf"}, "de"))
    assert "Date" not in str(merged)


def test_the_template_keeps_no_words_that_only_stand_beside_a_term():
    (addon,) = [addon for addon in terms.list_addons() if addon.name == "lead_distribution"]
    file = make_file(
        {"take_today": "", "Take leads of today, too": ""}, f"code:addons/{addon.name}/reporting/obstacles.py"
    )
    terms.clean(file, addon)
    assert [entry.msgid for entry in file] == ["Take leads of today, too"]


@pytest.mark.parametrize("module", [terms, translations])
def test_the_examples_in_the_documentation_are_true(module):
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed
