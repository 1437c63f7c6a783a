# pylint: disable=prefer-env-translation
"""What the command can do without a database: generate configurations, and say what is wrong with one."""

import os
from contextlib import suppress

from ..config.parse import name_campaign, parse_config, tell_nameless
from ..config.reader import Unreadable
from ..config.report import Report
from ..config.templates import make_template
from ..config.write_yaml import write_yaml


def stay_english(text, *values, **named):
    """Stand in for the translation of terms, which needs a database."""
    return text % (named or values) if named or values else text


def generate_config(template, campaign=None):
    """Return the text of a template, for a certain campaign if one is named."""
    return write_yaml(make_template(template, campaign), stay_english, f"template {template}, {campaign or 'Voice'}")


def check_offline(source):
    """Say what is wrong with a configuration as far as it can be known; names and files are not looked up.

    :return: as ``check_config``; whether it would create or update and whether it has people is None: not known
    """
    report, name = Report(), None
    with suppress(Unreadable):  # the report says why
        config = parse_config(source, dict(os.environ), report, stay_english)
        name = name_campaign(config)
        if not name:
            tell_nameless(report, stay_english)
    return {**report.sort(stay_english), "campaign": name, "action": None, "ready": None}
