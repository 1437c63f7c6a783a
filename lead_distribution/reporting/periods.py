# pylint: disable=prefer-env-translation
"""The days that a report is about, and the runs of these days."""

from datetime import date, timedelta
from typing import NamedTuple

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..finding.scope import get_today
from ..tools import limits

SHOWN = 40
USUAL_DAYS = 30  # of a period without a start
MOST_DAYS = 3660


class Period(NamedTuple):
    """The days from the first to the last, both included."""

    first: date
    last: date

    @classmethod
    def ending(cls, last, days):
        """Return so many days up to the last one.

        >>> period = Period.ending(date(2026, 3, 31), 30)
        >>> str(period.first), str(period.before.first), str(period.before.last)
        ('2026-03-02', '2026-01-31', '2026-03-01')
        """
        return cls(last - timedelta(days=days - 1), last)

    @property
    def days(self):
        return (self.last - self.first).days + 1

    @property
    def before(self):
        """As many days, right before this period."""
        return Period.ending(self.first - timedelta(days=1), self.days)

    @property
    def texts(self):
        return [day.isoformat() for day in self]

    @property
    def domain(self):
        return Domain("distribution_date", ">=", self.first) & Domain("distribution_date", "<=", self.last)


def get_company_domain(env):
    """Return what is of the user's companies, or of none."""
    return Domain("company_id", "in", [*env.companies.ids, False])


def get_domain(env, period, campaign=None):
    """Return the runs, tracking lines or assignments of a period, of one campaign or in the user's companies."""
    return period.domain & (Domain("campaign_id", "=", campaign.id) if campaign else get_company_domain(env))


def get_domain_of_today(env, campaign=None):
    """Return the runs and tracking lines of today, which is another date in another time zone."""
    todays = _get_todays(env, campaign)
    if len(todays) == 1:
        [day] = todays
        return get_domain(env, Period(day, day), campaign)
    own = get_company_domain(env)
    return own & Domain.OR(
        Period(day, day).domain & Domain("campaign_id", "in", campaigns.ids) for day, campaigns in todays.items()
    )


def get_last_day(env, campaign=None):
    """Return where a period ends: of several campaigns the latest of their dates, so that no run is missing."""
    return max(_get_todays(env, campaign))


def _get_todays(env, campaign=None):
    """Return {date: campaigns for which it is today}, of one campaign or of all of the user's companies.

    Where there is no campaign at all, the date of the user counts.
    """
    # with full rights: the time zones of the campaigns, which salespeople do not read
    every = env["lead.distribution.campaign"].sudo().with_context(active_test=False)
    campaigns = campaign or every.search_fetch(get_company_domain(env), ["tz"])
    return campaigns.grouped(get_today) or {fields.Date.context_today(every): campaigns}


def read_date(value, name, _):
    """Return a date or None.

    :raise ValidationError: for what is none
    """
    try:
        return limits.read_date(value)
    except ValueError as error:
        text = _(
            "“%(name)s” is no date from the year %(first)s on: %(value)s",
            name=name, first=limits.FIRST_YEAR, value=str(value)[:SHOWN],
        )  # fmt: skip
        raise ValidationError(text) from error


def read_period(env, date_from, date_to, date_range, campaign=None):
    """Return the ``Period``; without an end up to today, without a start of the 30 days up to the end.

    :param date_range: both dates; they may also stand in the place of ``date_from``
    :param campaign: whose today it is, where there is no last day
    :raise ValidationError: for what is no period
    """
    _ = env._
    if date_range is None and isinstance(date_from, (list, tuple)):
        date_from, date_range = None, date_from
    if date_range is not None:
        if date_from or date_to:
            raise ValidationError(_("Give either the period or its two dates."))
        date_from, date_to = _read_pair(date_range, _)
    last = read_date(date_to, "date_to", _) or get_last_day(env, campaign)
    first = read_date(date_from, "date_from", _) or Period.ending(last, USUAL_DAYS).first
    if first > last:
        raise ValidationError(_("The period ends before it starts."))
    return Period(first, last)


def read_last_days(env, days, campaign=None):
    """Return the ``Period`` of so many days up to today.

    :raise ValidationError: for what is no number of days
    """
    if not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
        raise ValidationError(env._("“days” must be a whole number from 1 to 3660."))
    return Period.ending(get_last_day(env, campaign), days)


def _read_pair(dates, _):
    if not isinstance(dates, (list, tuple)) or len(dates) != 2:
        raise ValidationError(_("A period is two dates, the first and the last day."))
    return dates
