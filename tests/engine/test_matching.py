"""Text matching, as docs/developer/readings.md has it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dropback import SourceRule, find_rule, parse_condition
from engine.matching import MODES, Matcher, read_file_lines, read_lines, read_patterns

TEXTS = st.text(st.characters(categories=("Lu", "Ll", "Nd"), include_characters="_ "), max_size=12)


def accepts(text, mode, *values, **options):
    return Matcher(mode, values, **options).accepts(text)


def test_r14_exact_is_the_whole_text_without_case():
    assert accepts("Facebook_Form", "exact", "facebook_form")
    assert not accepts("facebook_form_2", "exact", "facebook_form")
    assert accepts(" google ads ", "exact", "google ads", case_sensitive=True)
    assert accepts("google ads ", "exact", " google ads ")
    assert not accepts("Facebook_Form", "exact", "facebook_form", case_sensitive=True)


def test_r14_partial_works_both_ways():
    assert accepts("google_ads_voice", "partial", "google")
    assert accepts("google", "partial", "google_ads")
    assert accepts("google ", "partial", "google_ads")
    assert not accepts("bing", "partial", "google")
    assert not accepts("Google", "partial", "google_ads", case_sensitive=True)


def test_r14_regex_is_tried_from_the_start():
    assert accepts("Facebook", "regex", "^face.*")
    assert accepts("iphone", "regex", ".*phone")
    assert not accepts("iphone", "regex", "phone")
    assert not accepts("Facebook", "regex", "face", case_sensitive=True)


def test_r16_wildcards_count_in_every_mode_besides_the_list():
    for mode in MODES:
        matcher = Matcher(mode, ("google",), wildcards=("face*",))
        assert matcher.accepts("FaceBook"), mode
        assert not Matcher(mode, (), ("face*",), case_sensitive=True).accepts("FaceBook"), mode
        assert Matcher(mode, (), ("face?ook",)).accepts("facebook")


def test_r15_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="telepathy"):
        Matcher("telepathy")


def test_a_broken_regex_is_refused():
    with pytest.raises(re.error):
        Matcher("regex", ("(",))


@given(st.sampled_from(MODES), st.lists(TEXTS), st.booleans(), st.sampled_from(["", "  ", None]))
def test_r7_empty_never_matches(mode, values, case_sensitive, empty):
    assert not Matcher(mode, tuple(values), ("*",), case_sensitive).accepts(empty)


@given(st.sampled_from(("exact", "partial")), st.lists(TEXTS, max_size=4), TEXTS)
def test_every_mode_accepts_what_is_in_the_list(mode, values, text):
    if text.strip():
        assert Matcher(mode, (*values, text)).accepts(text.strip())


def test_a_matcher_without_anything_says_so():
    assert Matcher("exact", ("", " ")).is_empty
    assert not Matcher("exact", (), ("a*",)).is_empty


def test_r17_a_list_file_has_comments_and_empty_lines():
    assert read_file_lines("# Web sources\n\n facebook_form \n#x\ngoogle_ads\n") == ["facebook_form", "google_ads"]
    assert read_file_lines(None) == []


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\n\r"))))
def test_every_text_of_a_stored_list_comes_back_whole(texts):
    written = [text for text in texts if text.strip()]
    assert read_patterns("\n".join(texts)) == written
    assert read_lines("\r\n".join(texts)) == [text.strip() for text in written]


def test_a_value_that_begins_with_a_number_sign_matches_like_any_other():
    assert accepts("#vip", "exact", *read_lines("#VIP"))
    assert accepts("#vip lounge", "partial", "#vip")
    assert accepts("#vip", "wildcard", "#*")
    assert accepts("#vip", "regex", "#.*")


def test_blanks_at_the_ends_cannot_be_seen_in_a_name_and_count_in_a_regex():
    assert accepts(" google ", "exact", "google", wildcards=("nothing",))
    assert accepts(" google ", "exact", wildcards=("goo?le",))
    assert not accepts("google", "regex", "google ")
    assert accepts("google ads", "regex", "google ")


def test_r43_conditions_in_text_form():
    assert parse_condition("priority >= 3") == ("priority", ">=", 3)
    assert parse_condition("probability<20.5") == ("probability", "<", 20.5)
    assert parse_condition('tag_ids contains "vip"') == ("tag_ids", "contains", "vip")
    for broken in ("priority", "priority ~ 3", "tag_ids contains vip", "import os"):
        with pytest.raises(ValueError, match=re.escape(broken)):
            parse_condition(broken)


PATTERNS = {"Voice": (".*voice.*", ".*phone.*"), "Apple": (".*apple.*", ".*iphone.*")}
RULES = (SourceRule("Voice", ("facebook_voice",)), SourceRule("Apple", ("iphone_page",)))


def rule_for(texts, rules=RULES):
    fitting = {
        key: {text for text in texts if text and Matcher("regex", patterns).accepts(text)}
        for key, patterns in PATTERNS.items()
    }
    return find_rule(rules, [(text,) if text else () for text in texts], fitting)


def test_r44_all_exact_names_come_before_any_pattern_and_the_order_decides_overlaps():
    assert rule_for(["iPhone_Page"]) == "Apple"
    assert rule_for(["my_iphone"]) == "Voice"
    assert rule_for(["my_iphone"], RULES[::-1]) == "Apple"


def test_r44_fallback_fields_are_tried_when_a_field_gives_nothing():
    assert rule_for([None, "", "apple_x"]) == "Apple"
    assert rule_for(["unknown", "voice_x"]) == "Voice"
    assert rule_for(["unknown", None]) is None
