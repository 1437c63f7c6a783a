"""Whether way B does harm, by a bound that stays true however often one looks."""

import math

from .interval import NORMAL
from .levels import HARM_ERROR
from .rates import newcombe, z_test

USUAL_RATE = 0.1  # where nobody said which rate the experiment was planned with
MIDDLE = 0.5  # the bound is tightest after this share of the experiment
FEWEST_LEADS = 30  # of each way, and
FEWEST_CONVERSIONS = 10  # of both: with less, nothing is said (z is no normal one yet)
FEWEST_DEALS = 30  # the same for values, which are more skewed


def harm(a_conversions, a_leads, b_conversions, b_leads, planned, error=HARM_ERROR, rate=USUAL_RATE):
    """Whether way B converts less than way A, beyond what chance gives at any of as many looks as one likes.

    Normal mixture bound on z of the two rates (one-sided): H. Robbins, "Statistical methods related to the law of the
    iterated logarithm", 1970; S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, "Time-uniform, nonparametric,
    nonasymptotic confidence sequences", 2021. Its clock are conversions, not days: so outcomes may come late.

    :param planned: leads of the whole experiment
    :param rate: that it was planned with; where that is wrong, the bound stays true and is less sharp

    >>> harm(60, 500, 20, 500, planned=4000), harm(60, 500, 40, 500, planned=4000), harm(20, 500, 60, 500, planned=4000)
    (True, False, False)
    """
    conversions = a_conversions + b_conversions
    if min(a_leads, b_leads) < FEWEST_LEADS or conversions < FEWEST_CONVERSIONS:
        return False
    z = z_test(a_conversions, a_leads, b_conversions, b_leads).z
    leads = a_leads + b_leads
    time = conversions * (1 - conversions / leads) / _reckon_end(planned, rate)
    return crosses(-z, time, error) and newcombe(a_conversions, a_leads, b_conversions, b_leads).high < 0


def harm_mean(a, b, planned, error=HARM_ERROR, rate=USUAL_RATE):
    """Whether way B brings less a lead than way A; as :func:`harm`, with z from the pooled deviation of the values.

    :param a, b: :class:`values.Values` of the two ways
    :param rate: of leads that bring anything
    """
    deals = a.deals + b.deals
    if min(a.leads, b.leads) < FEWEST_LEADS or deals < FEWEST_DEALS:
        return False
    leads = a.leads + b.leads
    mean = (a.total + b.total) / leads
    variance = (a.squares + b.squares) / leads - mean * mean
    if variance <= 0:
        return False
    z = (b.mean - a.mean) / math.sqrt(variance * (1 / a.leads + 1 / b.leads))
    return crosses(-z, deals * (1 - deals / leads) / _reckon_end(planned, rate), error)


def crosses(z, time, error):
    """Whether a standardised sum is above the bound at a time; 1 is the planned end.

    The mixture of exp(λs − λ²v/2) over a half normal λ of precision ρ, at s = z√v, is never above 1/error but with the
    probability ``error`` (Ville). ρ is that which makes the bound tightest at MIDDLE (Howard et al., section 3.5).

    >>> crosses(3.3, 0.5, 0.01), crosses(3.4, 0.5, 0.01), crosses(3.4, 0.05, 0.01), crosses(-9, 1, 0.01)
    (False, True, False, False)
    """
    if z <= 0 or time <= 0:
        return False
    sharpness = 2 * math.log(1 / (2 * error))
    rho = MIDDLE / (sharpness + math.log1p(sharpness))
    grown = time / (time + rho)
    likely = NORMAL.cdf(z * math.sqrt(grown))
    mixture = math.log(2 * likely) + math.log(rho / (time + rho)) / 2 + z * z * grown / 2
    return mixture >= math.log(1 / error)


def _reckon_end(planned, rate):
    """Return the clock at the planned end."""
    return max(planned * rate * (1 - rate), FEWEST_CONVERSIONS)
