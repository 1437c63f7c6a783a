# pylint: disable=prefer-env-translation
"""How large what somebody types may be, by the type of its field."""

import math
from datetime import date

from odoo import fields
from odoo.exceptions import ValidationError

from .storable import list_unstorable

# characters: what PostgreSQL's index takes holds in 2,700 bytes, and a character has up to four
CHAR = 500
TEXT = 500_000
WHOLE = 2**31 - 1
FRACTION = 10**9
LONGEST_DAYS = 300_000  # as far back as a date can be counted
FIRST_YEAR = 1900
SHOWN = 40


def check_values(model, vals_list):
    """Check what is to be written on records of a model.

    :param model: with ``_limits``, see ``lead.distribution.typed``
    :raise ValidationError: with all values of one record that are too long, too large, or no number
    """
    for vals in vals_list:
        given = [(model._fields[name], value) for name, value in vals.items() if name in model._fields]
        texts = {field.name: found for field, value in given if (found := _list_texts(field, value))}
        unstorable = {name for name, *_place in list_unstorable(texts)} if texts else ()
        problems = [problem for field, value in given if (problem := _explain(model, field, value, texts, unstorable))]
        if problems:
            raise ValidationError("\n".join(problems))


def _list_texts(field, value):
    """Return what is to be written on a field of texts: one, or that of each language."""
    texts = value.values() if isinstance(value, dict) else [value]
    return [text for text in texts if isinstance(text, str)] if field.type in ("char", "text", "html") else []


def _explain(model, field, value, texts, unstorable):
    """Return what is wrong with the value of a field, or None."""
    if field.name in texts:
        return _explain_text(model, field, texts[field.name], is_storable=field.name not in unstorable)
    if field.type in ("date", "datetime") and value:
        return _explain_date(model, field, value)
    if field.type in ("integer", "float", "monetary") and _is_given(value):
        return _explain_number(model, field, value)
    return None


def _is_given(value):
    """Whether a number is written; zero is one, nothing and False are none."""
    return not isinstance(value, bool) and (bool(value) or isinstance(value, (int, float)))


def _explain_text(model, field, texts, *, is_storable):
    limit = getattr(model, "_limits", {}).get(field.name, CHAR if field.type == "char" else TEXT)
    label, _ = field._description_string(model.env), model.env._
    if not is_storable:
        return _("%s: the text contains a character that cannot be stored.", label)
    if max(map(len, texts)) > limit:
        return _("%(field)s: the text is longer than %(limit)s characters.", field=label, limit=limit)
    return None


def _explain_number(model, field, value):
    smallest, largest = getattr(model, "_limits", {}).get(field.name, _get_range(field))
    label, _ = field._description_string(model.env), model.env._
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        return _("%(field)s: “%(value)s” is no number that can be used.", field=label, value=str(value)[:SHOWN])
    if not smallest <= number <= largest:
        return _(
            "%(field)s: %(value)s is not between %(low)s and %(high)s.",
            field=label, value=str(value)[:SHOWN], low=smallest, high=largest,
        )  # fmt: skip
    return None


def _get_range(field):
    """Return the smallest and the largest number of a field that has no limits of its own."""
    if field.type != "integer":
        return -FRACTION, FRACTION
    return (-WHOLE, LONGEST_DAYS) if field.name.endswith("days") else (-WHOLE, WHOLE)


def _explain_date(model, field, value):
    try:
        read_date(value)
    except ValueError:
        label = field._description_string(model.env)
        return model.env._(
            "%(field)s: “%(value)s” is no date from the year %(first)s on.",
            field=label, value=str(value)[:SHOWN], first=FIRST_YEAR,
        )  # fmt: skip
    return None


def read_date(value):
    """Return a date, of a date or a text such as 2024-01-31, or None for an empty value.

    :raise ValueError: for anything else, and for dates before ``FIRST_YEAR``
    """
    try:
        day = fields.Date.to_date(value)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(value) from error
    if not day:
        return None
    if not isinstance(day, date) or day.year < FIRST_YEAR:
        raise ValueError(value)
    return day


def is_whole(value, low=0):
    """Return whether a value is a whole number that the database can hold."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= WHOLE
