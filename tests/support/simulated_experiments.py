"""Experiments whose truth is known: leads that come day by day, dealt by chance, looked at every day."""

from dataclasses import dataclass

from engine.experiment import Dealer, Rates, harm, judge


@dataclass(frozen=True)
class Truth:
    """What is true of the leads, and how the experiment is done."""

    a_rate: float
    b_rate: float
    leads: int  # in all
    share_b: float = 0.5
    days: int = 30  # on which leads come, as many on each
    delay: int = 10  # outcomes come within so many days
    strata: int = 6  # how many kinds of leads there are


def live_through(truth, rng):
    """Yield the :class:`Rates` of each day's end until the last outcome is in; the last ones are final."""
    dealer = Dealer(rng.getrandbits(60), truth.share_b)
    coming = [[0, 0] for _day in range(truth.days + truth.delay)]  # conversions by day and way
    rates, random = (truth.a_rate, truth.b_rate), rng.random
    leads, conversions = [0, 0], [0, 0]
    for day in range(truth.days + truth.delay):
        if day < truth.days:
            for _lead in range(truth.leads * (day + 1) // truth.days - truth.leads * day // truth.days):
                arm = int(dealer.deal((int(random() * random() * truth.strata),)) == "b")
                leads[arm] += 1
                if random() < rates[arm]:
                    coming[day + int(random() * truth.delay)][arm] += 1
        for arm in (0, 1):
            conversions[arm] += coming[day][arm]
        yield Rates(conversions[0], leads[0], conversions[1], leads[1])


def look_daily(truth, rng, rate=None):
    """Return the kinds of verdict of an experiment: that of the last day, and whether harm was seen on any day."""
    harmful, figures = False, None
    for figures in live_through(truth, rng):
        harmful = harmful or harm(*figures, truth.leads, rate=rate or truth.a_rate)
    return judge(figures, truth.leads, is_over=True, rate=rate or truth.a_rate).kind, harmful
