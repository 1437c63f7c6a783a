# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Fills in ``${NAME}``: only from what the caller hands over, never from the server by itself.

``$${NAME}`` is the text ``${NAME}`` itself: of several dollar signs before the brace, one is taken away.
"""

import re

from . import reader

VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)\}")
WRITTEN_OUT = re.compile(r"(?<!\$)\$(\$+\{\w+\})")
DOLLARS = re.compile(r"(?<!\$)(\$+\{\w+\})")
EITHER = re.compile(rf"{VARIABLE.pattern}|{WRITTEN_OUT.pattern}")
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
    if not isinstance(value, str):
        return value
    if not VARIABLE.search(value):
        return WRITTEN_OUT.sub(r"\1", value)
    names = VARIABLE.findall(value)
    if variables is None:
        text = _("Variables are not filled in here: write the value instead of %(name)s, or $%(name)s for the text.",
                 name=VARIABLE.search(value)[0])  # fmt: skip
        report.add("problem", path, text)
        return None
    unset = [name for name in names if name not in variables]
    if unset:
        report.add("problem", path, _("These variables are not set: %s.", ", ".join(unset)))
        return None
    if sum(len(str(variables[name])) for name in names) > reader.MAX_CHARACTERS:
        report.add("problem", path, _("The text is longer than %s characters.", reader.MAX_CHARACTERS))
        return None
    filled = EITHER.sub(lambda found: found[2] or str(variables[found[1]]), value)
    return _as_value(filled) if VARIABLE.fullmatch(value) else filled


def write_out(data):
    """Return data whose texts come back the same when variables are filled in."""
    if isinstance(data, dict):
        return {key: write_out(value) for key, value in data.items()}
    if isinstance(data, list):
        return [write_out(item) for item in data]
    return DOLLARS.sub(r"$\1", data) if isinstance(data, str) else data


def _as_value(text):
    """A number or true/false that stands in a variable is meant as one."""
    if reader.yaml is None or len(text) > reader.MAX_NUMBER:
        return text
    try:
        value = reader.yaml.safe_load(text)
    except (reader.yaml.YAMLError, ValueError):
        return text
    return value if isinstance(value, (int, float, bool)) else text
