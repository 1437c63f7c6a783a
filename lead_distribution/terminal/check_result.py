# pylint: disable=print-used,prefer-env-translation
# "_" is the env's own, under a short name
"""Prints what checking a configuration has found."""

import json


def print_check(result, args, _):
    """Print it as text, or with ``--json`` as JSON.

    :param result: as ``check_config`` returns it
    """
    if args.json:
        print(json.dumps(result, ensure_ascii=False, indent=2))
        return
    for title, lines in (
        (_("Problems"), result["problems"]),
        (_("Warnings"), result["warnings"]),
        (_("Not needed in Odoo"), result["unneeded"]),
        (_("Notes"), result["notes"]),
    ):
        if lines:
            print(f"{title}:", *(f"  {line}" for line in lines), sep="\n")
    if not result["problems"]:
        print(_conclude(result, {"path": args.config, "name": result["campaign"]}, _))


def _conclude(result, names, _):
    if result["ready"]:
        return _("%(path)s is right: campaign “%(name)s”.", **names)
    if result["ready"] is None:  # without a database there is no translation
        return f"{names['path']} is right, as far as that can be told without a database: campaign “{names['name']}”."
    return _("%(path)s can be loaded, but the campaign “%(name)s” has no people.", **names)
