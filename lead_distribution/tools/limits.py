# pylint: disable=prefer-env-translation
"""How large what somebody types may be, by the type of its field."""

import math

from odoo.exceptions import ValidationError

# characters: what PostgreSQL's index takes holds in 2,700 bytes, and a character has up to four
CHAR = 500
TEXT = 500_000
WHOLE = 2**31 - 1
LONGEST_DAYS = 300_000  # as far back as a date can be counted
SHOWN = 40


def check_values(model, vals):
    """Check what is to be written on records of a model.

    :param model: with ``_limits``, see ``lead.distribution.typed``
    :raise ValidationError: with all values that are too long, too large, or no number
    """
    problems = [
        problem
        for name, value in vals.items()
        if name in model._fields and (problem := _explain(model, model._fields[name], value))
    ]
    if problems:
        raise ValidationError("\n".join(problems))


def _explain(model, field, value):
    """Return what is wrong with the value of a field, or None."""
    if field.type in ("char", "text", "html") and isinstance(value, (str, dict)):
        texts = value.values() if isinstance(value, dict) else [value]
        return _explain_text(model, field, [text for text in texts if isinstance(text, str)])
    if field.type in ("integer", "float", "monetary") and value and not isinstance(value, bool):
        return _explain_number(model, field, value)
    return None


def _explain_text(model, field, texts):
    limit = model._limits.get(field.name, CHAR if field.type == "char" else TEXT)
    label, _ = field._description_string(model.env), model.env._
    if any("\0" in text for text in texts):
        return _("%s: the text contains a character that cannot be stored.", label)
    if any(len(text) > limit for text in texts):
        return _("%(field)s: the text is longer than %(limit)s characters.", field=label, limit=limit)
    return None


def _explain_number(model, field, value):
    smallest, largest = model._limits.get(field.name, (-WHOLE, WHOLE))
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
