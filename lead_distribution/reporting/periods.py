# pylint: disable=prefer-env-translation
"""The days that somebody asks a report for."""

from datetime import timedelta

from odoo.exceptions import ValidationError

from ..tools import limits

SHOWN = 40
USUAL_DAYS = 30  # of a period without a start


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


def read_period(date_from, date_to, date_range, get_today, _):
    """Return the first and the last day; without an end today, without a start the 30 days up to the end.

    :param date_range: both dates; they may also stand in the place of ``date_from``
    :param get_today: asked for the last day where there is none
    :raise ValidationError: for what is no period
    """
    if date_range is None and isinstance(date_from, (list, tuple)):
        date_from, date_range = None, date_from
    if date_range is not None:
        if date_from or date_to:
            raise ValidationError(_("Give either the period or its two dates."))
        date_from, date_to = _read_pair(date_range, _)
    last = read_date(date_to, "date_to", _) or get_today()
    first = read_date(date_from, "date_from", _) or last - timedelta(days=USUAL_DAYS - 1)
    if first > last:
        raise ValidationError(_("The period ends before it starts."))
    return first, last


def _read_pair(dates, _):
    if not isinstance(dates, (list, tuple)) or len(dates) != 2:
        raise ValidationError(_("A period is two dates, the first and the last day."))
    return dates
