"""The commands of the Makefile."""

import os
import shlex
import shutil
import subprocess
import time
import urllib.request

import browser
import documents
import lint
import odoo_server
import odoo_tests
import package
import pictures
import postgres
import testing
from common import ADDONS, GLUE, HOME, ROOT, Problem, port_is_free, run, say, step

DEMO = "lead_distribution_demo"
BENCH = "lead_distribution_bench"
TERMS = "lead_distribution_terms"
DEMO_SCRIPT = ROOT / "dev" / "scripts" / "demo_run.py"


def demo(_arguments):
    """Sample database, the day's run of the campaign Voice, its report, the leads of a new morning; then serve Odoo."""
    port = _port()
    serve = os.environ.get("SERVE", "1") != "0"
    if serve and not port_is_free(port):
        raise Problem(f"Port {port} is taken by another program.", "Choose one: make PORT=8070 demo")
    python, database = odoo_server.prepare()
    stamp = odoo_server.source_stamp(DEMO)
    if not (stamp.is_fresh() and odoo_server.database_exists(database, DEMO)):
        odoo_server.create_database(python, database, DEMO, demo=True)
        stamp.write()
        _run_day(python, port)
    elif not serve:
        _run_day(python, port)
    if not serve:
        return 0
    odoo_server.set_address(database, DEMO, _get_address(port))
    return _serve(python, port)


def _run_day(python, port):
    """Make the run of the day, and print its report; the links in its messages lead to the server on this port."""
    script = f"address = {_get_address(port)!r}\n{DEMO_SCRIPT.read_text()}"
    odoo_server.run_script(python, DEMO, script)


def _get_address(port):
    return f"http://127.0.0.1:{port}"


def _serve(python, port):
    """Run Odoo until Ctrl-C; say where it answers once it does."""
    arguments = ["-c", str(odoo_server.CONFIG), "-d", DEMO, "--http-port", str(port),
                 "--max-cron-threads", "2", "--log-level", "warn"]  # fmt: skip
    server = subprocess.Popen(odoo_server.command(python, *arguments), env=odoo_server.environment(), cwd=ROOT)
    try:
        address = _get_address(port)
        while server.poll() is None and not _answers(f"{address}/web/health"):
            time.sleep(0.2)
        if server.poll() is not None:
            raise Problem("Odoo did not start.", "Its messages are above.")
        say(f"\nOdoo answers on {address}/odoo/lead-distribution")
        say("Login: admin         Password: admin   (the sales manager)")
        say("Login: alice_smith   Password: demo    (a salesperson; the others as well)")
        say("Ctrl-C ends it.")
        return server.wait()
    except KeyboardInterrupt:
        say("\nStopping.")
        server.terminate()
        server.wait(30)
        return 0


def _answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def _port():
    text = os.environ.get("PORT") or "8069"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Problem(f"PORT={text} is no port number.", "Use a number from 1024 to 65535.")
    return int(text)


def db(_arguments):
    """A fresh database with the addon and no sample data."""
    name = _database_name()
    python, database = odoo_server.prepare()
    odoo_server.create_database(python, database, name)
    say(f"Database {name} is ready. Login: admin, password: admin.")


def shell(_arguments):
    """``odoo shell`` on a database; runs the script given on standard input, if there is one."""
    name = _database_name()
    python, database = odoo_server.prepare()
    if not odoo_server.database_exists(database, name):
        raise Problem(f"There is no database {name}.", f"Make it first: make db DB={name}")
    arguments = [
        "shell",
        "-c",
        str(odoo_server.CONFIG),
        "-d",
        name,
        "--no-http",
        "--log-level",
        "warn",
    ]
    return run(odoo_server.command(python, *arguments), check=False,
               env=odoo_server.environment(), cwd=ROOT).returncode  # fmt: skip


def _database_name():
    name = os.environ.get("DB")
    if not name:
        raise Problem("Which database?", "Name it: make db DB=sales_test")
    return name


def test(arguments):
    """All tests: the engine alone, the addon in a real Odoo with a browser; with ``LINT=1`` lint beside them."""
    with_lint = (os.environ.get("LINT") or "0") != "0"  # make hands it on empty where it is not set
    tools = [package.ensure] if with_lint else []
    python, database, chromium, *_tools = odoo_server.prepare(browser.ensure, *tools)
    return testing.run_all(python, database, chromium, arguments, with_lint=with_lint)


def test_long(arguments):
    """The tests that take minutes: big tables, a database server that restarts, many users at once."""
    python, database = odoo_server.prepare()
    return testing.run_long(python, database, arguments)


def test_odoo(arguments):
    """Odoo's own tests of the addons that ours extends, with ours installed."""
    python, database = odoo_server.prepare()
    return odoo_tests.run_all(python, database, browser.ensure(), arguments)


def run_lint(_arguments):
    python, _database, _tools = odoo_server.prepare(package.ensure)
    return lint.run_all(python)


def build_package(_arguments):
    """The addons as wheels in dist/, for pip."""
    wheels = package.build()
    step("Wheels")
    package.tell(wheels)


def write_readme(_arguments):
    """README.md and the page of the app, of the addons, from the fragments in their folders readme."""
    python = package.ensure()
    step("Written")
    run([python, ROOT / "dev" / "addon_pages.py"], cwd=ROOT)


def terms(_arguments):
    """Export the terms of the addons, and bring the files of the languages up to them."""
    python, database = odoo_server.prepare()
    stamp = odoo_server.source_stamp(TERMS, addons=(*ADDONS, *GLUE), but=("tests", "i18n"))
    if not (stamp.is_fresh() and odoo_server.database_exists(database, TERMS)):
        odoo_server.create_database(python, database, TERMS, modules=(*ADDONS, *GLUE))
        stamp.write()
    folder = HOME / "terms"
    folder.mkdir(exist_ok=True)
    for addon in (*ADDONS, *GLUE):
        odoo_server.export_terms(python, TERMS, addon, folder / f"{addon}.pot")
    return run([python, ROOT / "dev" / "terms.py", folder], check=False).returncode


def bench(arguments):
    """Measure in a database of its own; ARGS=--quick: a tenth of the sizes, once each, nothing is written down."""
    python, database = odoo_server.prepare()
    odoo_server.create_database(python, database, BENCH)
    words = [*arguments, *shlex.split(os.environ.get("ARGS", ""))]
    env = dict(
        odoo_server.environment(),
        LEAD_DISTRIBUTION_CONFIG=str(odoo_server.CONFIG),
        LEAD_DISTRIBUTION_DATABASE=BENCH,
    )
    script = [python, "-W", "ignore", ROOT / "benchmarks" / "run.py", *words]
    return run(script, check=False, cwd=ROOT, env=env).returncode


def build_docs(_arguments):
    """All documents as one site with search; needs neither Odoo nor a database."""
    return documents.build()


def take_pictures(_arguments):
    """The pictures of the documents, from the sample database on a fixed day."""
    python, database = odoo_server.prepare()
    script = f"address = {_get_address(8069)!r}\n{DEMO_SCRIPT.read_text()}"
    return pictures.take(python, database, browser.ensure(), script)


def clean(_arguments):
    """Stop the private PostgreSQL and remove everything that was set up."""
    step("Removing .dev")
    postgres.stop()
    shutil.rmtree(HOME, ignore_errors=True)
    shutil.rmtree(documents.SITE, ignore_errors=True)


def stop(_arguments):
    postgres.stop()


def show_help(_arguments):
    say((ROOT / "dev" / "help.txt").read_text())


COMMANDS = {
    "demo": demo,
    "test": test,
    "test-long": test_long,
    "test-odoo": test_odoo,
    "lint": run_lint,
    "package": build_package,
    "readme": write_readme,
    "terms": terms,
    "bench": bench,
    "docs": build_docs,
    "pictures": take_pictures,
    "db": db,
    "shell": shell,
    "clean": clean,
    "stop": stop,
    "help": show_help,
}
