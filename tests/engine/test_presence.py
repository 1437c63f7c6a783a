"""Spans of time: what each function says holds at every single moment, whatever the spans."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine import Person, RuleBook
from engine.presence import covers, cut, find_end, find_first, join, meet, trim_ends
from engine.rules import Availability

MOMENTS = range(41)  # all that the spans below can cover, and one after

raw = st.lists(st.tuples(st.integers(0, 39), st.integers(0, 12)).map(lambda s: (s[0], min(s[0] + s[1], 40))))
spans = raw.map(lambda found: join(found, gap=0))


def at(found):
    """Return the moments that lie in the spans."""
    return {moment for moment in MOMENTS if covers(found, moment)}


def is_sound(found):
    """Whether spans are in order, disjoint and never empty."""
    return all(start < end for start, end in found) and all(a[1] <= b[0] for a, b in pairwise(found))


@given(raw)
def test_joined_spans_cover_the_same_and_touch_nowhere(found):
    joined = join(found, gap=0)
    assert at(joined) == {moment for start, end in found for moment in range(start, end)}
    assert all(a[1] < b[0] for a, b in pairwise(joined)) and is_sound(joined)


@given(raw, st.integers(0, 5))
def test_joining_over_gaps_adds_the_gaps_that_are_short_enough_and_no_other(found, gap):
    tight, wide = join(found, gap=0), join(found, gap=gap)
    short = {m for a, b in pairwise(tight) if b[0] - a[1] <= gap for m in range(a[1], b[0])}
    assert at(wide) == at(tight) | short


@given(spans, spans)
def test_what_is_cut_and_what_is_met_are_the_whole(found, others):
    assert at(cut(found, others)) == at(found) - at(others)
    assert at(meet(found, others)) == at(found) & at(others)
    assert is_sound(cut(found, others)) and is_sound(meet(found, others))


@given(spans, st.integers(0, 6), st.integers(0, 4))
def test_nobody_is_served_in_the_last_part_of_a_shift_and_everybody_before(found, last, longest_break):
    ends = {m for _start, end in join(found, longest_break) for m in range(end - last, end)}
    assert at(trim_ends(found, last, longest_break)) == at(found) - ends


@given(spans, st.sampled_from(MOMENTS))
def test_the_first_moment_is_in_a_span_and_none_before_it_is(found, moment):
    first = find_first(found, moment)
    later = [m for m in at(found) if m >= moment]
    assert first == min(later, default=None)


@given(spans, st.sampled_from(MOMENTS))
def test_the_end_of_a_span_is_the_next_moment_that_it_does_not_cover(found, moment):
    end = find_end(found, moment)
    assert (end is not None) == covers(found, moment)
    if end is not None:
        assert not covers(found, end) and all(covers(found, m) for m in range(moment, end))


def test_a_microsecond_before_midnight_is_midnight():
    midnight = datetime(2026, 11, 24)
    night = [
        (midnight - timedelta(hours=2), midnight - timedelta(microseconds=1)),
        (midnight, midnight.replace(hour=6)),
    ]
    assert len(join(night)) == 1
    assert trim_ends(night, timedelta(hours=1))[-1][1] == midnight.replace(hour=5)


@given(st.dictionaries(st.integers(1, 5), st.integers(0, 4)))
def test_the_nearer_day_comes_first_and_nobody_is_refused(buckets):
    people = [Person(n) for n in range(1, 6)]
    book = RuleBook([Availability(buckets)])
    verdicts = book.judge(book.get_group({}), people)
    assert {i: v.rank for i, v in verdicts.items()} == {i: (buckets.get(i, 0),) for i in range(1, 6)}
