"""How large a share of leads somebody will probably convert."""


def smooth_rate(won, closed, mean, strength):
    """Return the expected share of conversions, from little or much history.

    The mean of the Beta distribution that is left after ``won`` of ``closed``, when before
    it there was Beta(strength × mean, strength × (1 − mean)): with no history the mean of
    all, with much the person's own. So a beginner with one loss is not written off.
    Source: https://en.wikipedia.org/wiki/Beta-binomial_distribution

    :param strength: how many leads of history the prior mean is worth, at least 0

    >>> smooth_rate(0, 0, 0.2, 20), round(smooth_rate(0, 1, 0.2, 20), 4), smooth_rate(400, 1000, 0.2, 0)
    (0.2, 0.1905, 0.4)
    """
    weight = closed + strength
    return (won + strength * mean) / weight if weight else mean


def smooth_rates(history, strength, people=()):
    """Return ({person id: rate}, {person id: {segment: rate}}) of closed leads.

    A person's rate is drawn to the mean of all, a segment's rate to the person's own.

    :param history: {(person id, segment): (won, closed)}
    :param people: ids to give a rate even without history

    >>> rates, by_segment = smooth_rates({(1, "web"): (9, 10), (2, "web"): (1, 10)}, 10, [3])
    >>> rates
    {1: 0.7, 2: 0.3, 3: 0.5}
    """
    totals = {person: [0, 0] for person in people}
    for (person, _segment), (won, closed) in history.items():
        total = totals.setdefault(person, [0, 0])
        total[0] += won
        total[1] += closed
    all_won, all_closed = (sum(total[n] for total in totals.values()) for n in (0, 1))
    mean = all_won / all_closed if all_closed else 0.0
    rates = {person: smooth_rate(*totals[person], mean, strength) for person in sorted(totals)}
    by_segment = {person: {} for person in rates}
    for (person, segment), (won, closed) in history.items():
        by_segment[person][segment] = smooth_rate(won, closed, rates[person], strength)
    return rates, by_segment
