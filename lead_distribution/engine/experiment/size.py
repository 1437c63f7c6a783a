"""How many leads it takes to see a difference, and which difference so many leads show."""

import math

from .interval import NORMAL
from .levels import POWER, VERDICT_ERROR

STEPS = 60  # of bisections: to the last digits of a float


def leads_needed(rate, difference, share_b=0.5, error=VERDICT_ERROR, power=POWER):
    """Return how many leads both ways need together, or None where no rate can differ so much.

    Way B may turn out better or worse by ``difference``. Reckoned is the direction that takes more leads, of those
    that are possible (of a rate of 2 %, no way loses 5 points).
    Source: J. L. Fleiss, "Statistical methods for rates and proportions", 1981, section 3.2 (unequal numbers: 3.4),
    without correction: the normal approximation with the pooled rate where nothing differs, both rates where it does.

    :param rate: present rate, a fraction
    :param difference: of the rates, a fraction; its sign does not matter
    :param share_b: share of the leads that way B gets
    :param error: of the two-sided test

    >>> leads_needed(0.1, 0.02), leads_needed(0.1, 0.02, share_b=0.2), leads_needed(0.6, 0.6), leads_needed(0.6, 0.7)
    (8205, 12554, 17, None)
    """
    if not difference:
        return None
    numbers = [
        ((_quantile(1 - error / 2) * chance + _quantile(power) * true) / difference) ** 2
        for chance, true in _find_deviations(rate, difference, share_b)
    ]
    return math.ceil(max(numbers)) if numbers else None


def power_of(leads, rate, difference, share_b=0.5, error=VERDICT_ERROR):
    """Return the share of experiments of so many leads that see a difference, or None where it is not possible.

    The inverse of :func:`leads_needed`, by the direction that is harder to see.

    >>> round(power_of(8205, 0.1, 0.02), 4), power_of(4, 0, 1), power_of(5, 0, 1)
    (0.8, 0.0, 1.0)
    """
    if not difference:
        return None
    powers = [
        _power(abs(difference) * math.sqrt(leads) - _quantile(1 - error / 2) * chance, true)
        for chance, true in _find_deviations(rate, difference, share_b)
    ]
    return min(powers) if powers else None


def smallest_difference(leads, rate, share_b=0.5, error=VERDICT_ERROR, power=POWER):
    """Return the smallest difference that so many leads show, or None where they show none at all.

    >>> round(smallest_difference(8205, 0.1), 4), smallest_difference(3, 0.1)
    (0.02, None)
    """
    low, high = 0.0, max(rate, 1 - rate)
    if leads_needed(rate, high, share_b, error, power) > leads:
        return None
    for _step in range(STEPS):
        middle = (low + high) / 2
        if middle and leads_needed(rate, middle, share_b, error, power) <= leads:
            high = middle
        else:
            low = middle
    return high


def leads_needed_mean(deviation, difference, share_b=0.5, error=VERDICT_ERROR, power=POWER):
    """Return how many leads both ways need together to see a difference of means, or None for no difference.

    Source: W. G. Cochran, "Sampling techniques", 1977, section 4.6 (normal approximation, one deviation for both).

    :param deviation: standard deviation of the value of a lead (all leads, also those that brought nothing)
    :param difference: of the means, in the same unit

    >>> leads_needed_mean(100, 10)
    3354
    """
    if not difference:
        return None
    spread = 1 / share_b + 1 / (1 - share_b)
    return math.ceil(((_quantile(1 - error / 2) + _quantile(power)) * deviation / difference) ** 2 * spread)


def smallest_difference_mean(leads, deviation, share_b=0.5, error=VERDICT_ERROR, power=POWER):
    """Return the smallest difference of means that so many leads show; None of no leads.

    >>> round(smallest_difference_mean(3354, 100), 2)
    10.0
    """
    if not leads:
        return None
    spread = math.sqrt(1 / share_b + 1 / (1 - share_b))
    return (_quantile(1 - error / 2) + _quantile(power)) * deviation * spread / math.sqrt(leads)


def weeks(leads, leads_a_week):
    """Return how many weeks it takes until so many leads have come, whole ones; None where none come.

    >>> weeks(8205, 250), weeks(8205, 0), weeks(None, 250)
    (33, None, None)
    """
    return math.ceil(leads / leads_a_week) if leads is not None and leads_a_week > 0 else None


def _power(beyond, deviation):
    """Return the chance to come out beyond what chance alone does; of what cannot vary (0 to 1) it is 0 or 1."""
    return NORMAL.cdf(beyond / deviation) if deviation else float(beyond >= 0)


def _find_deviations(rate, difference, share_b):
    """Return, by direction that is possible, the deviations of the difference × √leads: by chance alone, in truth."""
    found = []
    for other in (rate + abs(difference), rate - abs(difference)):
        if -1e-12 <= other <= 1 + 1e-12:  # 0.1 - 0.1 is 0, whatever the digits
            other = min(max(other, 0.0), 1.0)
            pooled = (1 - share_b) * rate + share_b * other
            chance = math.sqrt(pooled * (1 - pooled) / (share_b * (1 - share_b)))
            true = math.sqrt(rate * (1 - rate) / (1 - share_b) + other * (1 - other) / share_b)
            found.append((chance, true))
    return found


def _quantile(share):
    return NORMAL.inv_cdf(share)
