"""Figures of a run: workload, spread, and what to do about it."""

from statistics import pstdev

# what is worth a recommendation
BALANCED_SPREAD = 10.0  # percent: standard deviation of the utilization
LOW_UTILIZATION = 50.0
HIGH_UTILIZATION = 100.0
GOOD_EFFICIENCY = 95.0
KEPT_PROMISE = 10.0  # percent of what the strategy promises a person
HIGH_DROPBACK = 20.0  # percent of the leads in range


def percentage(part, whole, digits=2):
    """Return part / whole × 100, 0 when there is no whole.

    >>> percentage(120, 150), percentage(1, 0)
    (80.0, 0.0)
    """
    return round(part / whole * 100, digits) if whole else 0.0


def spread(utilizations):
    """Return the standard deviation of percentages, 0 for fewer than two people."""
    values = list(utilizations)
    return round(pstdev(values), 2) if len(values) > 1 else 0.0


def find_percentiles(heaps, shares):
    """Return the value below which each share of the values lies, interpolated between two; None of no values.

    :param heaps: (number of values, the least, the greatest) of values that lie close together, the lowest heap first;
        between its least and greatest, those of a heap are taken for evenly spread

    >>> find_percentiles([(1, 1, 1), (2, 3, 4)], (0.5, 0.75)), find_percentiles([], (0.5,))
    ([3.0, 3.5], [None])
    """
    count = sum(heap[0] for heap in heaps)
    if not count:
        return [None] * len(shares)
    places = [share * (count - 1) for share in shares]
    lower, upper = ([_find_value(heaps, min(int(place) + n, count - 1)) for place in places] for n in (0, 1))
    return [below + (above - below) * (place % 1) for place, below, above in zip(places, lower, upper, strict=True)]


def _find_value(heaps, place):
    """Return the value at a place of all, counted from 0."""
    for count, least, greatest in heaps:
        if place < count:
            return least + (greatest - least) * place / max(count - 1, 1)
        place -= count
    raise ValueError("no such place")


def jain_index(values):
    """Return Jain's index of fairness: 1 when all are equal, 1/n when one has everything.

    Source: R. Jain, D. Chiu, W. Hawe, "A quantitative measure of fairness", 1984:
    (Σx)² / (n · Σx²). Nobody, or nothing for anybody, is as fair as can be.

    >>> jain_index([5, 5, 5]), jain_index([9, 0, 0])
    (1.0, 0.3333)
    """
    shares = list(values)
    squares = sum(value * value for value in shares)
    return round(sum(shares) ** 2 / (len(shares) * squares), 4) if squares else 1.0


def breaks_promise(received, promised):
    """Whether somebody got clearly more or less than the strategy alone would give.

    One lead, or a tenth, is the way of whole numbers and chance.

    >>> breaks_promise(9, 10), breaks_promise(80, 100), breaks_promise(1, 0)
    (False, True, False)
    """
    return abs(received - promised) > max(1, promised * KEPT_PROMISE / 100)


def recommend(*, salespeople, found, distributed, in_range, dropped_back, left_over):
    """Return the codes of the recommendations of the dry-run report.

    :param salespeople: dicts with ``target``, ``after``, ``utilization``, ``received`` and ``promised``
    :param left_over: reason → number of leads
    :return: list of codes, most pressing first
    """
    advice = []
    if not salespeople:
        advice.append("no_salespeople")
    if not found:
        advice.append("no_leads")
    elif percentage(distributed, found) < GOOD_EFFICIENCY and "max_leads" not in left_over:
        advice.append("low_distribution")
    with_target = [line for line in salespeople if line["target"]]
    if with_target:
        total = percentage(sum(line["after"] for line in with_target), sum(line["target"] for line in with_target))
        if total < LOW_UTILIZATION:
            advice.append("low_utilization")
        elif total > HIGH_UTILIZATION:
            advice.append("high_utilization")
        if spread(line["utilization"] for line in with_target) > BALANCED_SPREAD:
            advice.append("imbalance")
    if any(breaks_promise(line["received"], line["promised"]) for line in salespeople):
        advice.append("off_promise")
    if percentage(dropped_back, in_range) > HIGH_DROPBACK:
        advice.append("high_dropback")
    return advice


def count_decimals(value):
    """Return how many decimals a number is written with; none where it is whole, or no number.

    >>> count_decimals(94.67), count_decimals(83.0), count_decimals(83), count_decimals("1.5")
    (2, 1, 0, 0)
    """
    return len(str(value).partition(".")[2]) if isinstance(value, float) else 0
