# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""The same figures without an experiment: what a campaign handed out in two periods. A comparison in time, no proof."""

from odoo import fields
from odoo.exceptions import UserError

from ..work.system import as_system
from .outcomes import count_of_periods, get_currency
from .result import compare
from .words import WAYS, Words, describe_measures

SEED = 0  # of the bootstrap: the same periods give the same interval


def compare_periods(campaign, periods, measure, terms):
    """Return the figures of two periods, as those of the ways of an experiment, JSON-ready; one statement.

    :param campaign: whose reading was allowed
    :param periods: {"a": the earlier ``Period``, "b": the later one}
    """
    _check(campaign.env._, periods)
    system, now = as_system(campaign), fields.Datetime.now()
    found = count_of_periods(system, periods, terms, now)
    numbers = compare(found, measure, SEED)
    currency = get_currency(system.env, system)
    words = Words(campaign.env, currency)
    described = describe_measures(campaign, words, numbers)
    return {
        **numbers,
        **described,
        "currency_id": currency.id,
        "names": {arm: words.readable.period([period.first, period.last]) for arm, period in periods.items()},
        "verdict": _tell(words, described["measures"][0]),
        "warning": tell_warning(campaign.env),
        "notes": list(_tell_unripe(words, numbers, terms)),
    }


def _check(_, periods):
    first, second = periods["a"], periods["b"]
    if first.first > first.last or second.first > second.last:
        raise UserError(_("A period begins before it ends: exchange its two days."))
    if first.first <= second.last and second.first <= first.last:
        raise UserError(_("The periods overlap: a day can be in one of them only."))


def _tell(words, main):
    """Return how the periods differ, without saying why."""
    _ = words._
    values = {
        "first": words.value(main["a"]["rate"], main["unit"]),
        "second": words.value(main["b"]["rate"], main["unit"]),
    }
    if not (main["a"]["leads"] and main["b"]["leads"]):
        return _("In at least one of the periods no leads were handed out.")
    if main["low"] is None:
        return _("First period %(first)s, second period %(second)s.", **values)
    text = words.signed(main["difference"], main["unit"])
    interval = words.span(main["low"], main["high"], main["unit"])
    return _(
        "First period %(first)s, second period %(second)s: %(difference)s (%(interval)s).",
        difference=text,
        interval=interval,
        **values,
    )


def tell_warning(env):
    """Return why this proves nothing."""
    return env._(
        "This is a comparison in time, no experiment: season, prices, sources, people and leads may have changed, too. "
        "It does not say what the difference comes from."
    )


def _tell_unripe(words, numbers, terms):
    """Yield of which period outcomes are still to come."""
    _ = words._
    for number, arm in enumerate(WAYS, 1):
        count = numbers["leads"][arm] - numbers["matured"][arm]
        if count == 1:
            yield _("Period %(number)s: the days of 1 lead are not over yet, so its figures still grow.", number=number)
        elif terms.days == 1 and count:
            yield _(
                "Period %(number)s: the day of %(count)s leads is not over yet, so its figures still grow.",
                number=number,
                count=words.count(count),
            )
        elif count:
            yield _(
                "Period %(number)s: the %(days)s days of %(count)s leads are not over yet, so its figures still grow.",
                number=number,
                days=words.count(terms.days),
                count=words.count(count),
            )
