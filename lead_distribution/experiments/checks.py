"""What cannot be a plan of an experiment: told in words, all at once, before anything is stored."""

from odoo.exceptions import ValidationError

from ..tools.labels import get_labels

SELECTIONS = ("strategy_a", "strategy_b", "measure")
LONGEST = 730  # days within which outcomes count
LIMITS = {"share_b": (0.01, 0.99), "days": (1, LONGEST), "action_hours": (0, 8760), "points": (0, 100)}
RANGES = {**LIMITS, "planned_leads": (0, None)}


def check_plan(experiments, vals):
    """Refuse values that no experiment can have.

    :raise ValidationError: with all that is wrong
    """
    problems = [
        *(_tell_choice(experiments, name, vals[name]) for name in SELECTIONS if name in vals),
        *(_tell_number(experiments, name, vals[name]) for name in RANGES if name in vals),
    ]
    if problems := [text for text in problems if text]:
        raise ValidationError("\n".join(problems))


def _tell_choice(experiments, name, value):
    """Return what is wrong with one of several choices; nothing where it is one."""
    labels = get_labels(experiments, name)
    if not value or value in labels:
        return None
    return experiments.env._(
        "%(field)s: “%(value)s” is none of %(choices)s.",
        field=_get_label(experiments, name),
        value=value,
        choices=", ".join(labels.values()),
    )


def _tell_number(experiments, name, value):
    """Return what is wrong with a number; nothing where it is one that can be. What is no number is told elsewhere."""
    low, high = RANGES[name]
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or (low <= value and (high is None or value <= high))
    ):
        return None
    label = _get_label(experiments, name)
    if name == "share_b":  # people see and enter percent
        return experiments.env._("%(field)s: enter a number from 1 to 99 percent.", field=label)
    if high is None:
        return experiments.env._("%(field)s: enter a number from %(low)s on.", field=label, low=low)
    return experiments.env._("%(field)s: enter a number from %(low)s to %(high)s.", field=label, low=low, high=high)


def _get_label(experiments, name):
    return experiments._fields[name]._description_string(experiments.env)
