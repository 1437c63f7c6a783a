"""Clocks that run in some spans of time only: when so many hours of them are over, and how many passed between two.

Spans are as in ``presence``: (start, end), the end not included, sorted and disjoint.
"""


def find_due(spans, start, length):
    """Return the moment at which so much time of the spans is over, counted from a moment; None if it never is.

    What ends with a span is due at its end, not at the beginning of the next.

    >>> find_due([(1, 3), (5, 9)], 2, 1), find_due([(1, 3), (5, 9)], 2, 2), find_due([(1, 3)], 2, 2)
    (3, 6, None)
    """
    for first, last in spans:
        begin = max(first, start)
        if begin >= last:
            continue
        if last - begin >= length:
            return begin + length
        length -= last - begin
    return None


def count_time(spans, start, end, nothing):
    """Return how much time of the spans lies between two moments.

    :param nothing: zero of the kind of time

    >>> count_time([(1, 3), (5, 9)], 2, 7, 0)
    3
    """
    return sum((max(min(last, end) - max(first, start), nothing) for first, last in spans), nothing)
