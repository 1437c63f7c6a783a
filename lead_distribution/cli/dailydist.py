# pylint: disable=print-used,invalid-commit,prefer-env-translation
"""The command ``odoo dailydist``. Odoo loads this file alone, before it knows any database."""

import argparse
import logging
import os
import sys

from odoo.cli.command import Command

ADDON = "lead_distribution"
FORMATS = ("csv", "json", "html")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
CONNECTION = ("db_host", "db_port", "db_user", "db_password")
FAILED = 1
USAGE = """odoo dailydist -d DATABASE (--config FILE | --campaign NAME) [options]
       odoo dailydist --generate-config [--campaign NAME] [--template NAME] [--output FILE]
       odoo dailydist --validate --offline --config FILE
       odoo dailydist --help"""
EPILOG = """
examples:
  odoo dailydist -d DATABASE --config config.yaml --dry-run
  odoo dailydist -d DATABASE --config config.yaml
  odoo dailydist -d DATABASE --campaign Voice --max-leads 100
  odoo dailydist -d DATABASE --config config.yaml --override-date-range "2024-01-01,2024-06-30"
  odoo dailydist -d DATABASE --config config.yaml --generate-report --report-format html --report-location reports/
  odoo dailydist -d DATABASE --campaign Voice --simulate-against round_robin,proportional
  odoo dailydist -d DATABASE --config config.yaml --validate
  odoo dailydist --config config.yaml --validate --offline
  odoo dailydist --generate-config --campaign Voice --template advanced --output voice.yaml

exit codes: 0 done, 1 failed, 2 wrong use
"""


def make_parser(prog):
    parser = argparse.ArgumentParser(
        prog=prog, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, epilog=EPILOG,
        usage=USAGE,
        description="Distribute the leads of a campaign: by its name, or by a configuration file.",
    )  # fmt: skip
    add = parser.add_argument
    add("-d", "--database", help="database; without it, the one of Odoo's own configuration")
    add("-c", "--rc", metavar="FILE", help="Odoo's own configuration file (else ODOO_RC, ~/.odoorc)")
    add("--user", metavar="LOGIN", help="whose rights and language hold; without it, the system's")
    add("--wait-for-database", type=natural, metavar="SECONDS", default=30,
        help="how long a server that does not answer is asked again (30)")  # fmt: skip
    for name in CONNECTION:  # the official container image adds them to every command
        add(f"--{name}", help=argparse.SUPPRESS)
    run = parser.add_argument_group("a run")
    add = run.add_argument
    add("--config", metavar="FILE", help="configuration of the campaign (YAML or JSON); files it names lie beside it")
    add("--campaign", metavar="NAME", help="a campaign of the database; or whom a generated configuration is for")
    add("--dry-run", action="store_true", help="show the plan, change nothing")
    add("--override-date-range", metavar="START,END", type=date_range, help="leads of these days, both included")
    add("--force-round-robin", action="store_true", help="one lead each in turn, whatever the strategy is")
    add("--max-leads", type=natural, metavar="N", help="distribute at most so many")
    add("--strategy", metavar="NAME", help="another strategy for this run")
    add("--seed", type=natural, metavar="N", help="the same leads, people and seed give the same plan")
    add("--cancel-unfinished", action="store_true", help="stop a run that was interrupted, instead of going on with it")
    add("--simulate-against", metavar="WHAT", help="compare the plan with other strategies (by commas) or a FILE.yaml")
    add("--verify", action="store_true", help="check afterwards that every lead is where the history says")
    out = parser.add_argument_group("output")
    add = out.add_argument
    add("--json", action="store_true", help="print the result as JSON")
    add("--generate-report", action="store_true", help="write a report file")
    add("--report-format", choices=FORMATS, help="format of the report (csv)")
    add("--report-location", metavar="FOLDER", help="where it is written (the campaign's folder, else this one)")
    add("--email-notification", action="store_true", help="send the report by email")
    add("--log-level", choices=LEVELS, help="INFO tells of runs, DEBUG also of steps and errors (INFO)")
    text = parser.add_argument_group("configurations")
    add = text.add_argument
    add("--validate", action="store_true", help="say what is wrong with --config, load nothing")
    add("--offline", action="store_true", help="with --validate: needs no database, looks up no names or files")
    add("--dump-config", action="store_true", help="print the campaign as a configuration")
    add("--generate-config", action="store_true", help="make a new configuration; needs no database")
    add("--template", choices=("basic", "advanced", "minimal"), help="which one (basic)")
    add("--output", metavar="FILE", help="where a configuration is written")
    add("--force", action="store_true", help="overwrite the file of --output")
    return parser


def natural(text):
    try:
        number = int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is no whole number") from error
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return number


def date_range(text):
    """Return the two dates of ``START,END``; one may be left out."""
    from datetime import date

    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2 or not any(parts):
        raise argparse.ArgumentTypeError(f"“{text}”: write two dates, like 2024-01-01,2024-06-30")
    try:
        first, last = (date.fromisoformat(part) if part else None for part in parts)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}”: {error}") from error
    if first and last and first > last:
        raise argparse.ArgumentTypeError(f"“{text}” ends before it starts")
    return first, last


class Dailydist(Command):
    """Distribute leads from the command line"""

    def run(self, cmdargs):
        parser = make_parser(self.prog)
        args = parser.parse_args(cmdargs)
        check_usage(parser, args)
        print_anything()
        try:
            code = self._run(parser, args)
        except KeyboardInterrupt:
            code = fail("interrupted; start it again to go on")
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = FAILED
        except Exception as error:
            code = fail(explain(error), with_traceback=shows_details())
        sys.exit(code)

    def _run(self, parser, args):
        start_odoo(args)
        if args.generate_config:
            return generate(args)
        if args.offline:
            return validate_offline(args)
        from odoo.tools import config

        names = [args.database] if args.database else list(config["db_name"] or ())
        if len(names) != 1:
            parser.error("name one database with -d")
        return work(names[0], args)


def check_usage(parser, args):
    refuse_blank(parser, args)
    if args.generate_config:
        return
    if not args.config and not args.campaign:
        parser.error("--config FILE or --campaign NAME is needed; --generate-config makes a configuration")
    if args.config and args.campaign:
        parser.error("--config names its campaign itself: leave --campaign out")
    if args.validate and not args.config:
        parser.error("--validate needs --config")
    if args.offline and not args.validate:
        parser.error("--offline goes with --validate: all else needs the database")
    if args.verify and args.dry_run:
        parser.error("--verify looks at what was done: leave --dry-run out")


def refuse_blank(parser, args):
    """A variable of a script that is not set must not turn a comparison into a run, or a user into the system."""
    for name, value in vars(args).items():
        if name not in CONNECTION and isinstance(value, str) and not value.strip():
            parser.error(f"--{name.replace('_', '-')} has no value")


def print_anything():
    """Signs that the output cannot show become question marks: they must not end a run that is done as a failure."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def start_odoo(args):
    """Read Odoo's own configuration; of Odoo itself only what goes wrong is shown, on the error stream."""
    from odoo.tools import config

    options = ["--no-http", "--log-handler", "odoo:WARNING"]
    options += ["-c", args.rc] if args.rc else []
    options += ["-d", args.database] if args.database else []
    for name in CONNECTION:
        options += [f"--{name}", getattr(args, name)] if getattr(args, name) else []
    config.parse_config(options, setup_logging=True)
    logging.captureWarnings(True)
    from odoo.addons.lead_distribution.terminal.log_level import apply_log_level

    apply_log_level(args.log_level or "INFO")


def generate(args):
    from odoo.addons.lead_distribution.config.reader import Unreadable
    from odoo.addons.lead_distribution.terminal.offline import generate_config
    from odoo.addons.lead_distribution.terminal.text_file import write_text
    from odoo.addons.lead_distribution.terminal.usage import find_ignored

    for name in find_ignored(args):
        tell(f"warning: {name} has no effect here.")
    path, template = args.output or "daily_distribution_config.yaml", args.template or "basic"
    try:
        text = generate_config(template, args.campaign)
    except Unreadable as error:
        tell(error)
        return FAILED
    write_text(path, text, force=args.force)
    print(f"Configuration written: {path} (template {template})")
    return 0


def validate_offline(args):
    from odoo.addons.lead_distribution.terminal.check_result import print_check
    from odoo.addons.lead_distribution.terminal.offline import check_offline, stay_english
    from odoo.addons.lead_distribution.terminal.usage import find_ignored

    for name in find_ignored(args):
        tell(f"warning: {name} has no effect here.")
    with open(args.config, "rb") as file:
        result = check_offline(file.read())
    print_check(result, args, stay_english)
    return int(bool(result["problems"]))


def work(database, args):
    """Open the database and hand over to the addon there."""
    from odoo import SUPERUSER_ID, api

    from odoo.addons.lead_distribution.terminal.database import open_registry

    registry = open_registry(database, args.wait_for_database, tell)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if "lead.distribution.campaign" not in env or not hasattr(env["lead.distribution.campaign"], "load_config"):
            return fail(f"the addon {ADDON} is not installed in the database {database}")
        from odoo.addons.lead_distribution.terminal.session import Session

        return Session(env, args).run()


def explain(error):
    """Return an error as text, without a traceback."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error).strip() or type(error).__name__


def shows_details():
    """Whether the level is DEBUG: as the command line, or the campaign says."""
    return logging.getLogger(f"odoo.addons.{ADDON}").isEnabledFor(logging.DEBUG)


def fail(text, with_traceback=False):
    if with_traceback:
        logging.getLogger(__name__).exception("dailydist failed")
    tell(f"error: {text}")
    return FAILED


def tell(text):
    print(text, file=sys.stderr)
