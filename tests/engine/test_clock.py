"""Clocks that stand still outside of spans: held against counting minute by minute."""

from hypothesis import given
from hypothesis import strategies as st

from engine.clock import count_time, find_due
from engine.presence import cut, join

times = st.integers(0, 60)
pairs = st.tuples(times, times).map(sorted).map(tuple)
spans_of_time = st.lists(pairs, max_size=6).map(lambda pairs: join(pairs, gap=0))


@given(spans_of_time, times, st.integers(1, 40))
def test_what_is_due_is_due_when_so_many_minutes_of_the_spans_are_over(spans, start, length):
    minutes = [m for m in range(start, 100) if any(a <= m < b for a, b in spans)]
    expected = minutes[length - 1] + 1 if len(minutes) >= length else None
    assert find_due(spans, start, length) == expected


@given(spans_of_time, times, times)
def test_time_between_two_moments_is_what_a_count_of_the_minutes_says(spans, start, end):
    minutes = [m for m in range(start, end) if any(a <= m < b for a, b in spans)]
    assert count_time(spans, start, end, 0) == len(minutes)


@given(spans_of_time, times, st.integers(1, 40))
def test_both_say_the_same(spans, start, length):
    due = find_due(spans, start, length)
    if due is not None:
        assert count_time(spans, start, due, 0) == length


@given(spans_of_time, times, st.integers(1, 40), pairs)
def test_whoever_is_away_has_at_least_as_long(spans, start, length, away):
    before, after = find_due(spans, start, length), find_due(cut(spans, join([away], gap=0)), start, length)
    assert after is None or before <= after


@given(spans_of_time, times, st.integers(2, 40))
def test_a_part_of_the_time_is_over_earlier(spans, start, length):
    whole, part = find_due(spans, start, length), find_due(spans, start, length / 2)
    assert whole is None or part < whole
