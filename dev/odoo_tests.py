"""Odoo's own tests of the addons that ours extends, in a database where ours is installed."""

import os
import shlex

import odoo_server
import odoo_source
import testing
from common import ADDONS, HOME, LOGS, Problem, free_port, say, step

DATABASE = "lead_distribution_odoo_test"
TESTED = ("crm", "sales_team")
# Tests of Odoo that fail without our addon, too: test → why. None does, with Chromium there.
SKIPPED = {}
# Tests whose expectation our addon changes on purpose: test → what changes.
CHANGED = {}


def run_all(python, database, chromium, arguments):
    """Run Odoo's tests; return 0 only if all pass but those listed above."""
    folders = [_find(addon) for addon in TESTED]
    odoo_server.create_database(python, database, DATABASE, modules=(*ADDONS, *TESTED))
    step(f"Odoo's own tests of {', '.join(TESTED)}" + ("" if chromium else " (tours skipped: no Chromium)"))
    for name, reason in {**SKIPPED, **CHANGED}.items():
        say(f"    left out: {name}: {reason}")
    left_out = " and ".join(f"not {name}" for name in (*SKIPPED, *CHANGED))
    options = [
        *folders,
        "-p", "no:cacheprovider",
        "--odoo-config", odoo_server.CONFIG, "--odoo-database", DATABASE,
        # Odoo's tests log warnings and errors on purpose
        "--odoo-log-level", "critical", f"--odoo-extra=logfile={LOGS / 'odoo-own-test.log'}",
        *(["--odoo-http", f"--odoo-extra=http-port={free_port()}"] if chromium else []),
        *(["-k", left_out] if left_out else []),
        *arguments, *shlex.split(os.environ.get("ARGS", "")),
    ]  # fmt: skip
    code = testing.run_pytest(python, "odoo-own", options, odoo_server.environment())
    total, failed, skipped = testing.count(HOME / "reports" / "odoo-own.xml")
    say(f"\nOdoo's own tests: {total - failed - skipped} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or code not in (0, 5) or total == skipped else 0


def _find(addon):
    """Return the folder of an addon's tests; some packages of Odoo leave the tests out."""
    for parent in (odoo_source.path() / "odoo" / "addons", *odoo_source.extra_addons()):
        folder = parent / addon / "tests"
        if folder.is_dir():
            return folder
    raise Problem(
        f"This copy of Odoo has no tests of {addon}.",
        "Use another one: make ODOO=/path/to/odoo test-odoo",
    )
