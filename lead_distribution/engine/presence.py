"""Hours as spans of time: when somebody is there, when not, and when they are there again.

A span is (start, end), the end not included. Lists of spans are sorted and disjoint wherever they are returned.
Start and end are moments of one kind: datetimes, or whatever else can be compared and subtracted.
"""

from collections.abc import Iterable
from datetime import timedelta

DAY = timedelta(days=1)
LONGEST_BREAK = timedelta(hours=2)  # a longer one ends a shift
TOUCH = timedelta(seconds=1)  # Odoo writes midnight as a microsecond before it


def join(spans: Iterable, gap=TOUCH):
    """Return the spans as few ones: what overlaps, or lies no further apart than ``gap``, is one.

    >>> join([(5, 7), (1, 3), (3, 4)], gap=0), join([(1, 3), (5, 7)], gap=2)
    ([(1, 4), (5, 7)], [(1, 7)])
    """
    joined = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if joined and start - joined[-1][1] <= gap:
            if end > joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def cut(spans, others):
    """Return what of the spans lies in none of the others; both sorted and disjoint.

    >>> cut([(1, 5), (6, 9)], [(2, 3), (4, 7)])
    [(1, 2), (3, 4), (7, 9)]
    """
    rest, place = [], 0
    for start, end in spans:
        while place < len(others) and others[place][1] <= start:
            place += 1
        here = place
        while start < end and here < len(others) and others[here][0] < end:
            if start < others[here][0]:
                rest.append((start, others[here][0]))
            start = max(start, others[here][1])
            here += 1
        if start < end:
            rest.append((start, end))
    return rest


def meet(spans, others):
    """Return what lies in both; both sorted and disjoint.

    >>> meet([(1, 5), (6, 9)], [(2, 3), (4, 7)])
    [(2, 3), (4, 5), (6, 7)]
    """
    common, place = [], 0
    for start, end in spans:
        while place < len(others) and others[place][1] <= start:
            place += 1
        here = place
        while here < len(others) and others[here][0] < end:
            common.append((max(start, others[here][0]), min(end, others[here][1])))
            here += 1
    return common


def trim_ends(spans, last, longest_break=LONGEST_BREAK):
    """Return the spans without the last part of each shift; breaks inside a shift do not end it.

    :param last: how much of a shift's end is taken away

    >>> trim_ends([(8, 12), (13, 17), (22, 23)], 2, longest_break=2)
    [(8, 12), (13, 15)]
    """
    if not last:
        return spans
    return cut(spans, [(end - last, end) for _start, end in join(spans, longest_break)])


def covers(spans, moment):
    """Whether a moment lies in one of the spans.

    >>> covers([(1, 3)], 1), covers([(1, 3)], 3)
    (True, False)
    """
    return any(start <= moment < end for start, end in spans)


def find_first(spans, moment):
    """Return the first moment in the spans that is not before another; None if there is none.

    >>> find_first([(1, 3), (5, 7)], 2), find_first([(1, 3), (5, 7)], 3), find_first([(1, 3)], 3)
    (2, 5, None)
    """
    return next((max(start, moment) for start, end in spans if end > moment), None)


def find_end(spans, moment):
    """Return when the span ends in which a moment lies; None if it lies in none.

    >>> find_end([(1, 3)], 2), find_end([(1, 3)], 3)
    (3, None)
    """
    return next((end for start, end in spans if start <= moment < end), None)
