# pylint: disable=print-used,prefer-env-translation
# "_" is the env's own, under a short name
"""The campaign that the command line means: by its name, or by a configuration that is loaded."""

import os
from pathlib import Path

from odoo.exceptions import UserError, ValidationError

from ..work.rights import check_manager
from .check_result import print_check
from .folder import Folder
from .text_file import write_text


def get_campaign(campaigns, args, console):
    """Return the campaign of ``--config`` or ``--campaign``.

    :raise UserError: where there is none, or several
    """
    if args.config is not None:
        return load(campaigns, args.config, console)
    return _find(campaigns, args.campaign, console)


def load(campaigns, path, console):
    """Load a configuration, and warn of what is not as somebody expects it."""
    source, files = _read(path)
    try:
        campaign = campaigns.load_config(source, files, dict(os.environ))
    except ValidationError as error:
        error.args = (f"{path}: {error}",)
        raise
    console.follow(campaign)
    for message in campaign.config_report or []:
        if message["kind"] in ("warning", "person"):
            place = f"{message['path']} (line {message['line']})" if message["line"] else message["path"]
            console.warn(f"{place}: {message['text']}")
    return campaign


def _read(path):
    return Path(path).read_bytes(), Folder(path)


def _find(campaigns, name, console):
    _ = campaigns.env._
    found = campaigns.with_context(active_test=False).search([("name", "=", name)])
    found = found.filtered("active") or found
    if not found:
        raise UserError(_("There is no campaign “%s”.", name))
    if len(found) > 1:
        raise UserError(_("There are several campaigns “%s”: name the user with --user.", name))
    campaign = campaigns.browse(found.id)
    check_manager(campaign)
    console.follow(campaign)
    return campaign


def validate(campaigns, args):
    """Say what is wrong with a configuration; return whether something is."""
    source, files = _read(args.config)
    result = campaigns.check_config(source, files, dict(os.environ))
    print_check(result, args, campaigns.env._)
    return bool(result["problems"])


def dump(campaign, args):
    """Write the campaign as a configuration: into a file, else on the screen."""
    text = campaign.dump_config()
    if args.output:
        write_text(args.output, text, force=args.force)
    else:
        print(text, end="")
