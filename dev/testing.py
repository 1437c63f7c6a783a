"""Runs the tests: the engine without Odoo, the addon in a real Odoo with a real browser."""

import os
import re
import shlex
import xml.etree.ElementTree as ElementTree

import accessibility
import odoo_server
import postgres
from common import ADDONS, BESIDE, GLUE, HOME, LOGS, ROOT, TEST_ADDONS, TEST_ADDONS_PATH, free_port, run, say, step

DATABASE = "lead_distribution_test"
GLUE_DATABASE = "lead_distribution_queue_test"
BESIDE_DATABASE = "lead_distribution_beside_test"
LONG_DATABASE = "lead_distribution_long_test"
LONG_PARTS = {  # folder below tests → modules of its database
    "faults": ADDONS,
    "queue": (*ADDONS, *GLUE),
    "load": ADDONS,
    "live": ADDONS,
    "scale": ADDONS,
}
PROCESS_DATABASE = "lead_distribution_process_test"
PARTS = {  # what is run → folders of its tests
    "engine": [ROOT / "tests" / "engine"],
    "processes": [ROOT / "tests" / "processes"],
    "odoo": [
        *(ROOT / addon / "tests" for addon in ADDONS),
        *(TEST_ADDONS_PATH / addon / "tests" for addon in TEST_ADDONS),
    ],
    "queue": [ROOT / addon / "tests" for addon in GLUE],
    "beside": [TEST_ADDONS_PATH / addon / "tests" for addon in BESIDE],
}
# messages of Odoo or of the machine that no addon causes
HARMLESS = re.compile(
    r"Running as user 'root'|wkhtmltopdf|Chrome|chrome|headless|websocket|geoip|"
    r"Deprecat|unaccent|cannot be locked|Missing `license` key|hw_|server_wide_modules"
)
TROUBLE = re.compile(r"^\d{4}-\d\d-\d\d \S+ \d+ (WARNING|ERROR|CRITICAL) \S+ (.*)$")


def run_all(python, database, chromium, arguments):
    """Run everything; return 0 only if no test failed and Odoo's log is clean."""
    words = [*arguments, *shlex.split(os.environ.get("ARGS", ""))]
    wanted = {part: _choose(folders, words) for part, folders in PARTS.items()}
    env = {**odoo_server.environment(), **_connection(database)}
    codes, troubles = {}, []
    if wanted["engine"]:
        step("Engine, without Odoo")
        codes["engine"] = run_pytest(python, "engine", [*wanted["engine"], "-p", "no:odoo"], env)
    if any(wanted[part] for part in PARTS if part != "engine"):
        troubles += _prepare_database(python, database, reuse=_names_files(words))
    if wanted["processes"]:
        step("Processes: kill -9, races, locks")
        odoo_server.copy_database(database, DATABASE, PROCESS_DATABASE)
        codes["processes"] = run_pytest(python, "processes", [*wanted["processes"], "-p", "no:odoo"], env)
    if wanted["odoo"]:
        step("Addon, in Odoo" + ("" if chromium else " (browser tests skipped: no Chromium)"))
        if chromium and (axe := accessibility.ensure()):
            env["LEAD_DISTRIBUTION_AXE"] = str(axe)
        options = [*_odoo_options(DATABASE), *_http_options(chromium)]
        codes["odoo"] = run_pytest(python, "odoo", [*wanted["odoo"], *options], env)
        troubles += _troubles(LOGS / "odoo-test.log")
    if wanted["queue"]:
        # the addons that join ours to those of others, in a database with both
        step(f"Glue: {', '.join(GLUE)}")
        odoo_server.copy_database(database, DATABASE, GLUE_DATABASE)
        odoo_server.install(python, GLUE_DATABASE, list(GLUE.values()))
        codes["queue"] = run_pytest(python, "queue", [*wanted["queue"], *_odoo_options(GLUE_DATABASE)], env)
        troubles += _troubles(LOGS / "odoo-test.log")
    if wanted["beside"]:
        step("Beside addons of Odoo" + ("" if chromium else " (browser tests skipped: no Chromium)"))
        troubles += _prepare_beside(python, database, reuse=_names_files(words))
        options = [*_odoo_options(BESIDE_DATABASE), *_http_options(chromium)]
        codes["beside"] = run_pytest(python, "beside", [*wanted["beside"], *options], env)
        troubles += _troubles(LOGS / "odoo-test.log")
    results = [count(HOME / "reports" / f"{name}.xml") for name in codes]
    return _summary(results, list(codes.values()), troubles, chromium)


def _names_files(words):
    folders = [folder for part in PARTS.values() for folder in part]
    return [word for word in words if _get_file(word).exists() and _is_inside(word, folders)]


def _get_file(word):
    """Return the file of ``file.py::Class::test``."""
    return ROOT / word.partition("::")[0]


def _is_inside(word, folders):
    return any(_get_file(word).resolve().is_relative_to(folder) for folder in folders)


def _choose(folders, words):
    """Return what of a part to run: its folders, or what the words name of them, and the other words.

    :return: list for pytest; empty if the words name files, and none of this part
    """
    named = _names_files(words)
    targets = [ROOT / word for word in named if _is_inside(word, folders)] if named else folders
    return [*targets, *(word for word in words if word not in named)] if targets else []


def _prepare_database(python, database, *, reuse):
    """Install the addon in the tests' database; with ``reuse``, only if the addon has changed.

    :return: the warnings and errors of installing
    """
    stamp = odoo_server.source_stamp(DATABASE)
    if reuse and stamp.is_fresh() and odoo_server.database_exists(database, DATABASE):
        return []
    log = odoo_server.create_database(python, database, DATABASE, modules=(*ADDONS, *TEST_ADDONS))
    stamp.write()
    return _troubles(log)


def _prepare_beside(python, database, *, reuse):
    """Install addons of Odoo, and tests of ours with them, in a copy of the tests' database; reused as that is.

    :return: the warnings and errors of installing
    """
    stamp = odoo_server.source_stamp(BESIDE_DATABASE)
    if reuse and stamp.is_fresh() and odoo_server.database_exists(database, BESIDE_DATABASE):
        return []
    odoo_server.copy_database(database, DATABASE, BESIDE_DATABASE)
    log = odoo_server.install(python, BESIDE_DATABASE, BESIDE)
    stamp.write()
    return _troubles(log)


def _http_options(chromium):
    return ["--odoo-http", f"--odoo-extra=http-port={free_port()}"] if chromium else []


def _odoo_options(name):
    return [
        "--odoo-config", odoo_server.CONFIG, "--odoo-database", name,
        "--odoo-log-level", "warn", f"--odoo-extra=logfile={LOGS / 'odoo-test.log'}",
    ]  # fmt: skip


def run_long(python, database, arguments):
    """Run the tests that take minutes, each folder in a fresh database; return 0 only if none failed.

    :param arguments: options of pytest, and the parts to run; without a part, all
    """
    words = [*arguments, *shlex.split(os.environ.get("ARGS", ""))]
    parts = [part for part in LONG_PARTS if part in words] or LONG_PARTS
    words = [word for word in words if word not in LONG_PARTS]
    env = {**odoo_server.environment(), **_connection(database), "LEAD_DISTRIBUTION_DATABASE": LONG_DATABASE}
    results, codes = [], []
    for part in parts:
        odoo_server.create_database(python, database, LONG_DATABASE, modules=LONG_PARTS[part])
        step(f"Long tests: {part}")
        codes.append(run_pytest(python, f"long-{part}", [ROOT / "tests" / part, "-p", "no:odoo", *words], env))
        results.append(count(HOME / "reports" / f"long-{part}.xml"))
    odoo_server.drop_database(database, LONG_DATABASE)
    return _summary(results, codes, [], chromium=True)


def _connection(database):
    """For the tests that start processes of their own."""
    names = {key: value for key, value in postgres.environment(database).items() if key.startswith("PG")}
    return {
        **names,
        "LEAD_DISTRIBUTION_CONFIG": str(odoo_server.CONFIG),
        "LEAD_DISTRIBUTION_DATABASE": PROCESS_DATABASE,
        "LEAD_DISTRIBUTION_POSTGRES": str(database["bindir"]),
    }


def run_pytest(python, name, options, env):
    report = HOME / "reports" / f"{name}.xml"
    report.unlink(missing_ok=True)
    (LOGS / "odoo-test.log").unlink(missing_ok=True)
    arguments = [python, "-m", "pytest", f"--junitxml={report}", *options]
    return run([str(word) for word in arguments], check=False, cwd=ROOT, env=env).returncode


def _troubles(log):
    """Return the warnings and errors in a log of Odoo, harmless ones left out."""
    if not log.exists():
        return []
    lines = log.read_text(errors="replace").splitlines()
    return [line for line in lines if TROUBLE.match(line) and not HARMLESS.search(line)]


def count(report):
    """Return (tests, failed, skipped) of a JUnit file; a missing one is a failure."""
    if not report.exists():
        return 0, 1, 0
    suite = ElementTree.parse(report).getroot().find("testsuite")
    failed = int(suite.get("failures")) + int(suite.get("errors"))
    return int(suite.get("tests")), failed, int(suite.get("skipped"))


def _summary(results, codes, troubles, chromium):
    if troubles:
        say("\nWarnings and errors in Odoo's log:")
        for line in troubles[:40]:
            say(f"  {line[:300]}")
    if not chromium:
        say("\nBrowser tests were skipped: no Chromium.")
    total, failed, skipped = (sum(values) for values in zip(*results, strict=False))
    # 5: no test matched ARGS in one of the parts
    broken = [code for code in codes if code not in (0, 1, 5)]
    passed = total - failed - skipped
    failed += len(troubles) + len(broken)
    say(f"\ntests: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0
