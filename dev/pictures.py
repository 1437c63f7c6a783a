"""``make pictures``: the pictures of the documents, taken in the sample database by Odoo's own browser tests."""

import os
import sys

import odoo_server
import testing
from common import LOGS, ROOT, Problem, free_port, run, step

DATABASE = "lead_distribution_pictures"
ALBUM = ROOT / "tests" / "pictures"


def take(python, database, chromium, script):
    """Make the sample database as it is on one fixed day, and take the pictures; return the exit code.

    :param script: text that is run in ``odoo shell`` when the database is there: what happened so far
    """
    if not chromium:
        raise Problem("Pictures need Chromium.", "As root: apt-get install chromium")
    sys.path.insert(0, str(ALBUM))
    import album

    stamp = odoo_server.source_stamp(DATABASE)
    if not (stamp.is_fresh() and odoo_server.database_exists(database, DATABASE)):
        odoo_server.drop_database(database, DATABASE)
        step(f"Database {DATABASE}: sample data of {album.INSTALLED[:10]}")
        _run_at(python, album.INSTALLED, "-i", "lead_distribution", "--with-demo", "--stop-after-init")
        _run_at(python, album.HANDED_OUT, "shell", input=script, text=True)
        odoo_server.run_script(python, DATABASE, testing.MAKE_BUNDLES, log="bundles.log")
        stamp.write()
    step("Pictures")
    return _take(python)


def _run_at(python, moment, *words, **options):
    """Run Odoo as if it were another moment; a command of Odoo comes first, if there is one."""
    command = [word for word in words if word == "shell"]
    arguments = [word for word in words if word != "shell"]
    common = ["-c", odoo_server.CONFIG, "-d", DATABASE, "--no-http", "--log-level", "error"]
    script = [python, "-W", "ignore", ROOT / "dev" / "scripts" / "at.py", moment, DATABASE]
    log = f"pictures-{'shell' if command else 'install'}.log"
    run([str(word) for word in (*script, *command, *common, *arguments)],
        log=log, env=odoo_server.environment(), cwd=ROOT, **options)  # fmt: skip


def _take(python):
    """``ARGS=NAME``: only these pictures."""
    env = {
        **odoo_server.environment(),
        "ODOO_FAKETIME_TEST_MODE": "1",
        "LEAD_DISTRIBUTION_DATABASE": DATABASE,
        "LEAD_DISTRIBUTION_PICTURES": os.environ.get("ARGS", ""),
    }
    options = [
        ALBUM, "--odoo-http", f"--odoo-extra=http-port={free_port()}",
        "--odoo-config", odoo_server.CONFIG, "--odoo-database", DATABASE,
        "--odoo-log-level", "warn", f"--odoo-extra=logfile={LOGS / 'pictures.log'}",
    ]  # fmt: skip
    return testing.run_pytest(python, "pictures", options, env)
