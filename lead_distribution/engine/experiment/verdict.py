"""What an experiment says: a kind, a winner and numbers; the words are made elsewhere."""

from typing import NamedTuple

from .bootstrap import Difference
from .interval import Interval
from .levels import LEVEL, VERDICT_ERROR
from .looks import USUAL_RATE, harm, harm_mean
from .rates import newcombe, z_test
from .values import Values

RUNNING, HARM, TOO_FEW = "running", "harm", "too_few"
B_BETTER, A_BETTER, NO_DIFFERENCE = "b_better", "a_better", "no_difference"
KINDS = (RUNNING, HARM, B_BETTER, A_BETTER, NO_DIFFERENCE, TOO_FEW)
ENOUGH = 0.9  # of the planned leads: some that were dealt are never handed out


class Rates(NamedTuple):
    """Leads whose time for the outcome is over, and conversions among them."""

    a_conversions: int
    a_leads: int
    b_conversions: int
    b_leads: int


class Revenues(NamedTuple):
    """The same for amounts: only those that are not 0, and a random.Random for the bootstrap."""

    a_values: list
    a_leads: int
    b_values: list
    b_leads: int
    rng: object


class Verdict(NamedTuple):
    """What is to be said of an experiment."""

    kind: str  # of KINDS
    winner: str | None  # "a", "b"; by harm: "a"
    difference: float  # B − A; fraction or amount a lead
    low: float | None  # of its interval (95 %); None where there is none
    high: float | None
    p: float | None  # of the test, two-sided; None for amounts
    largest: float | None  # difference that the interval leaves open, without sign
    is_close: bool  # no difference by the test, yet the interval leaves out 0: the error spent on harm lies between
    leads: int
    planned: int


def judge(figures, planned, is_over=False, is_early=False, rate=USUAL_RATE):
    """Return the :class:`Verdict`.

    Until it is over, it says only ``running`` or ``harm``: whoever takes the first good number for the end says much
    oftener than in one of twenty cases that there is a difference where there is none. So the end must not depend on
    the figures (planned number reached, days of the last lead over): then this is asked with ``is_over``, of figures
    that no longer change.

    A winner needs both: the test at VERDICT_ERROR (what looking for harm leaves of ERROR), and an interval of LEVEL
    that leaves out 0. So no winner is ever shown with an interval around 0.

    :param figures: :class:`Rates` or :class:`Revenues`
    :param planned: leads of both ways
    :param is_over: dealing has ended, and the time of the last lead is over
    :param is_early: dealing was ended before the planned number
    :param rate: that the experiment was planned with (of revenue: the share of leads that bring anything)

    >>> judge(Rates(100, 1000, 150, 1000), 2000).kind, judge(Rates(100, 1000, 150, 1000), 2000, is_over=True).kind
    ('running', 'b_better')
    >>> judge(Rates(100, 1000, 105, 1000), 2000, is_over=True)[:2]
    ('no_difference', None)
    >>> judge(Rates(60, 500, 20, 500), 4000)[:2], judge(Rates(60, 500, 59, 500), 4000, is_over=True, is_early=True)[:2]
    (('harm', 'a'), ('too_few', None))
    """
    leads = figures.a_leads + figures.b_leads
    finding = _compare_rates(figures, planned, rate) if isinstance(figures, Rates) else (
        _compare_revenues(figures, planned, rate)
    )  # fmt: skip
    is_short = leads < planned * (1 if is_early else ENOUGH)
    if not is_over or is_short or finding.interval is None:
        kind = HARM if finding.is_harm else (TOO_FEW if is_over else RUNNING)
    elif not finding.is_sure:
        kind = NO_DIFFERENCE
    else:
        kind = B_BETTER if finding.difference > 0 else A_BETTER
    low, high = finding.interval or (None, None)
    return Verdict(
        kind=kind,
        winner={HARM: "a", A_BETTER: "a", B_BETTER: "b"}.get(kind),
        difference=finding.difference,
        low=low,
        high=high,
        p=finding.p,
        largest=None if low is None else max(abs(low), abs(high)),
        is_close=kind == NO_DIFFERENCE and leaves_out_zero(finding.interval),
        leads=leads,
        planned=planned,
    )


def leaves_out_zero(interval):
    """Whether an interval says on which side of 0 the truth lies.

    >>> leaves_out_zero(Interval(0.1, 2)), leaves_out_zero(Interval(0, 2)), leaves_out_zero(None)
    (True, False, False)
    """
    return interval is not None and not interval.covers(0)


class _Finding(NamedTuple):
    """What the figures say, whenever it is."""

    difference: float
    interval: Interval | None
    p: float | None
    is_sure: bool
    is_harm: bool


def _compare_rates(figures, planned, rate):
    p = z_test(*figures).p
    interval = newcombe(*figures) if figures.a_leads and figures.b_leads else None
    is_sure = p < VERDICT_ERROR and leaves_out_zero(interval)
    a_rate, b_rate = (
        conversions / leads if leads else 0.0
        for conversions, leads in ((figures.a_conversions, figures.a_leads), (figures.b_conversions, figures.b_leads))
    )  # fmt: skip
    return _Finding(b_rate - a_rate, interval, p, is_sure, harm(*figures, planned, rate=rate))


def _compare_revenues(figures, planned, rate):
    a, b = Values(figures.a_values, figures.a_leads), Values(figures.b_values, figures.b_leads)
    difference = Difference(a, b, figures.rng)
    shown = difference.find_interval(LEVEL)
    is_sure = leaves_out_zero(shown) and leaves_out_zero(difference.find_interval(1 - VERDICT_ERROR))
    is_harm = harm_mean(a, b, planned, rate=rate) and leaves_out_zero(shown)
    return _Finding(difference.mean, shown, None, is_sure, is_harm)
