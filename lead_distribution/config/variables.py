# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Fills in ``${NAME}``: only from what the caller hands over, never from the server by itself."""

import re

from . import reader

VARIABLE = re.compile(r"\$\{(\w+)\}")
LEFT_ALONE = ("odoo_connection", "database_connection")  # nobody needs them here


def fill_in(data, variables, report, _):
    """Return the data with all variables replaced; what cannot be is a problem.

    :param variables: {name: text}, or None where they are not allowed
    """
    return {
        key: value if key in LEFT_ALONE else _fill(value, (key,), variables, report, _) for key, value in data.items()
    }


def _fill(value, path, variables, report, _):
    if isinstance(value, dict):
        return {key: _fill(item, (*path, key), variables, report, _) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, (*path, number), variables, report, _) for number, item in enumerate(value)]
    if not isinstance(value, str) or not VARIABLE.search(value):
        return value
    names = VARIABLE.findall(value)
    if variables is None:
        report.add("problem", path, _("Variables are not filled in here: write the value instead of %s.", value))
        return None
    unset = [name for name in names if name not in variables]
    if unset:
        report.add("problem", path, _("These variables are not set: %s.", ", ".join(unset)))
        return None
    if sum(len(str(variables[name])) for name in names) > reader.MAX_CHARACTERS:
        report.add("problem", path, _("The text is longer than %s characters.", reader.MAX_CHARACTERS))
        return None
    filled = VARIABLE.sub(lambda found: str(variables[found.group(1)]), value)
    return _as_value(filled) if VARIABLE.fullmatch(value) else filled


def _as_value(text):
    """A number or true/false that stands in a variable is meant as one."""
    if reader.yaml is None or len(text) > reader.MAX_NUMBER:
        return text
    try:
        value = reader.yaml.safe_load(text)
    except (reader.yaml.YAMLError, ValueError):
        return text
    return value if isinstance(value, (int, float, bool)) else text
