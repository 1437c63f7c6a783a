"""A configuration that is written as text reads back as the same data, whatever texts are in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("yaml")

from lead_distribution.config import reader, variables, write_yaml
from lead_distribution.config.reader import Reader, Unreadable
from lead_distribution.config.report import Report

HOSTILE = (
    "Voice | Apple", '"a" | "b"', "a: \"b\" | 'c'", "${HOME}", "$${HOME}", "$$${A}${B}$", "# no comment", "#vip",
    "line\nkey: \"a\" | \"b\"\n  more", " blanks ", "\ttab", "null", "yes", "1_000", "1:30:00", "0o17", "2024-01-31",
    "<<", "=", "!tag", "&a", "*a", "%d %s", "{a}", "[b]", "- x", "---", "...", "? x", "a: b", "@", "`",
    "\x85\u2028\x07", "\ufeffmark", "\x1b[31m", "\U0001f600",
    "'", '"', "\\", "\\ud800", "end\n", "\n", "a\n\n\nb", "x" * 300, "x " * 100,
)  # fmt: skip
BREAKS = st.text(st.sampled_from("a \n\r\t\x85\u2028\u2029\x0b\x0c\x1c\"'#:|-"), max_size=8)
TEXTS = st.one_of(
    BREAKS,
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30),
)
DATA = st.recursive(
    st.one_of(TEXTS, st.booleans(), st.integers(-(2**31), 2**31)),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXTS, below, max_size=4),
    max_leaves=12,
)


def translate(text, *values, **names):
    return text % (names or values)


def read(source, given=None):
    """Return the data of a source, and the texts of the problems."""
    report = Report()
    data = Reader(report, translate).read_source(source)
    return variables.fill_in(data, given, report, translate), [problem.text for problem in report.problems]


@given(st.dictionaries(TEXTS, DATA, min_size=1, max_size=4), TEXTS)
def test_what_is_written_reads_back_the_same(data, title):
    text = write_yaml.write_yaml(data, translate, title)
    assert read(text) == (data, [])
    assert read(text, {"HOME": "filled in", "A": "1"}) == (data, [])


@given(st.dictionaries(TEXTS, DATA, min_size=1, max_size=4))
def test_what_is_written_as_json_reads_back_the_same(data):
    yaml, reader.yaml = reader.yaml, None
    try:
        assert read(write_yaml.write_yaml(data, translate, "title")) == (data, [])
    finally:
        reader.yaml = yaml


def test_several_values_of_a_key_are_told_and_the_rest_is_read():
    text = 'a:\n  mode: "exact" | "partial"  # one of\n  name: Voice | Apple\n  note: |\n    mode: "x" | "y"\nb: 1\n'
    report = Report()
    data = Reader(report, translate).read_source(text)
    assert data == {"a": {"mode": "exact", "name": "Voice | Apple", "note": 'mode: "x"\n'}, "b": 1}
    assert report.describe(translate, "problem") == ["a.mode (line 2): Write one of these values: exact, partial."]


def test_a_text_with_several_values_in_it_is_a_text():
    for text in ('"a" | "b"', "a | b", 'k: "a" | "b"', "'a' | 'b'"):
        assert read({"name": text}) == ({"name": text}, [])
        assert read(write_yaml.write_yaml({"name": text}, translate, text)) == ({"name": text}, [])


def test_a_dollar_sign_more_writes_a_variable_out():
    assert read({"a": "$${X} and $$${Y}"}) == ({"a": "${X} and $${Y}"}, [])
    assert read({"a": "$${X} of ${X}"}, {"X": "1"}) == ({"a": "${X} of 1"}, [])
    assert read({"a": "${X}"}, {"X": "12"}) == ({"a": 12}, [])
    assert "$${X} for the text" in read({"a": "b ${X}"})[1][0]


@pytest.mark.parametrize("source", ['{"a": "\ud800"}', "a: \ud800", "a: b\0"])
def test_a_text_that_cannot_be_stored_is_refused(source):
    with pytest.raises(Unreadable):
        read(source)


def test_long_lines_of_blanks_are_read_at_once():
    with pytest.raises(Unreadable):
        read("a: " + " " * 200_000 + '" | [')
