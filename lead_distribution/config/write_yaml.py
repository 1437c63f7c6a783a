# pylint: disable=prefer-env-translation
"""Writes plain data as YAML with a comment before each section; without PyYAML, as JSON."""

import json
import re
from functools import cache

from . import reader
from .variables import write_out

WIDTH = 110
FOLDED = re.compile("[\r\x85\u2028\u2029]")


def write_yaml(data, _, title):
    """Return the text of a configuration.

    :param title: what the first comment calls it
    """
    data = write_out(data)
    if reader.yaml is None:
        return json.dumps(data, indent=2, ensure_ascii=False, default=str) + "\n"
    comments = get_comments(_)
    printable = "".join(character if character.isprintable() else " " for character in title)
    lines = ["# " + _("Lead distribution: %s", printable)]
    lines += ["# " + _("A section that is missing is off. Load it back with the menu, load_config or odoo dailydist.")]
    parts = ["\n".join(lines) + "\n"]
    for key, value in data.items():
        comment = f"# {comments[key]}\n" if key in comments else ""
        parts.append(comment + to_yaml({key: value}))
    return "\n".join(parts)


def to_yaml(data):
    options = {"sort_keys": False, "allow_unicode": True, "width": WIDTH, "default_flow_style": False}
    return reader.yaml.dump(data, Dumper=_get_dumper(), **options)


@cache
def _get_dumper():
    """Return PyYAML's writer of plain data, which writes out the line breaks that it would fold into blanks."""

    class Dumper(reader.yaml.SafeDumper):
        def represent_str(self, text):
            style = '"' if FOLDED.search(text) else None
            return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, Dumper.represent_str)
    return Dumper


def get_comments(_):
    return {
        "campaign": _("The campaign, and when it runs by itself (manual, hourly, daily, weekly, monthly)."),
        "salesperson_selection": _("Who is a member, and who of the members can receive leads."),
        "lead_finding": _("Which leads are taken. Priorities count from 1 (Low) to 5."),
        "distribution": _("How the leads are shared, and what is written on them."),
        "live": _("Leads are handed out as they come, beside the schedule."),
        "availability": _("When people count as being there, and how new ones begin."),
        "deadlines": _("By when something must have happened to a lead, and what follows if not."),
        "decline": _("Whether people may give leads back."),
        "pull": _("Whether people may take leads themselves."),
        "by_hand": _("Whether leads given by hand count."),
        "execution": _("How a run works."),
        "error_handling": _("What happens when something goes wrong."),
        "reporting": _("What odoo dailydist writes and sends."),
        "odoo": _("Settings that only Odoo has."),
    }
