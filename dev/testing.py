"""Runs the tests: the engine without Odoo, the addon in a real Odoo with a real browser."""

import os
import re
import shlex
import sys
import xml.etree.ElementTree as ElementTree
from functools import partial
from heapq import heappop, heappush
from itertools import zip_longest

import accessibility
import odoo_server
import postgres
from common import ADDONS, BESIDE, GLUE, HOME, LOGS, ROOT, TEST_ADDONS, TEST_ADDONS_PATH, free_port, run, say, step
from lanes import Needed, count_lanes
from lanes import run as run_lanes

DATABASE = "lead_distribution_test"
GLUE_DATABASE = "lead_distribution_queue_test"
BESIDE_DATABASE = "lead_distribution_beside_test"
LONG_DATABASE = "lead_distribution_long_test"
LONG_PARTS = {  # folder below tests → modules of its database
    "faults": ADDONS,
    "queue": (*ADDONS, *GLUE),
    "load": ADDONS,
    "live": ADDONS,
    "day": ADDONS,
    "scale": ADDONS,
    "random": ADDONS,
    "fuzz": ADDONS,
}
FUZZ_MINUTES = "15"  # of each fuzzer, where the environment does not say
THOROUGH = {"HYPOTHESIS_PROFILE": "search", "LEAD_DISTRIBUTION_THOROUGH": "1"}
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
    "package": [ROOT / "tests" / "package"],
}
WITH_DATABASE = ("processes", "odoo", "beside", "queue")  # parts whose tests work in copies of the tests' database
SHARES = {"odoo": 4, "processes": 2}  # more than lanes, so that none is idle long before the others
OPENS_BROWSER = ("browser_js(", "start_tour(", "self.check(")
BROWSER_WEIGHT = 15
# the pages' scripts and styles, made once; a test loses again what it makes itself
MAKE_BUNDLES = """
bundles = env["ir.qweb"]
for name in ("web.assets_web", "web.assets_backend_lazy", "web.assets_tests", "web.chartjs_lib"):
    bundles._get_asset_bundle(name, css=False, js=True).js()
for name in ("web.assets_web", "web.assets_web_print", "web.assets_backend_lazy", "web.assets_tests"):
    bundles._get_asset_bundle(name, css=True, js=False).css()
env.cr.commit()
"""
# messages of Odoo or of the machine that no addon causes
HARMLESS = re.compile(
    r"Running as user 'root'|wkhtmltopdf|Chrome|chrome|headless|websocket|geoip|"
    r"Deprecat|unaccent|cannot be locked|Missing `license` key|hw_|server_wide_modules"
)
TROUBLE = re.compile(r"^\d{4}-\d\d-\d\d \S+ \d+ (WARNING|ERROR|CRITICAL) \S+ (.*)$")


def run_all(python, database, chromium, arguments, *, with_lint=False):
    """Run everything; return 0 only if no test failed and Odoo's log is clean, and with lint that is, too."""
    words = [*arguments, *shlex.split(os.environ.get("ARGS", ""))]
    wanted = {part: _choose(folders, words) for part, folders in PARTS.items()}
    tests = _Tests(python, database, chromium, reuse=bool(_names_files(words)))
    lanes = count_lanes()
    jobs = _list_jobs(tests, wanted, words, lanes)
    run_lanes([*jobs, ("Lint", tests.run_lint)] if with_lint else jobs, lanes)
    return tests.summarize()


def _list_jobs(tests, wanted, words, lanes):
    """Return all there is to do: [(title, work)]; first what others need, last what is short: no lane is idle then."""
    without = "" if tests.chromium else " (browser tests skipped: no Chromium)"
    crm = Needed(tests.prepare_crm)
    needs_crm = wanted["package"] or not tests.has_database()
    database = Needed(tests.prepare, after=crm if needs_crm else None)
    parts = [
        ("processes", "Processes: kill -9, races, locks", tests.run_processes, database),
        ("odoo", f"Addon, in Odoo{without}", tests.run_odoo, database),
        ("beside", f"Beside addons of Odoo{without}", tests.run_beside, database),
        ("package", "Wheels, in an Odoo of their own", tests.run_package, crm),
        ("queue", f"Glue: {', '.join(GLUE)}", tests.run_queue, database),
    ]
    jobs = [("Engine, without Odoo", partial(tests.run_engine, wanted["engine"]))] if wanted["engine"] else []
    by_part = {part: [] for part in wanted}
    for part, title, do, needed in parts:
        shares = _deal_shares(part, wanted[part], words, lanes)
        for number, share in enumerate(shares, 1):
            name = f"{title}, {number} of {len(shares)}" if len(shares) > 1 else title
            by_part[part].append((name, needed.before(partial(do, share, number))))
    # processes wait for each other now and then: so beside what does not
    in_turn = zip_longest(by_part.pop("processes"), by_part.pop("odoo"))
    jobs += [job for pair in in_turn for job in pair if job]
    jobs += [job for each in by_part.values() for job in each]
    is_wanted = any(wanted[part] for part in WITH_DATABASE)
    first = [("Database with Odoo's CRM", crm)] if needs_crm and (is_wanted or wanted["package"]) else []
    return [*first, *([("Database of the tests", database)] if is_wanted else []), *jobs]


def _deal_shares(part, wanted, words, lanes):
    """Return what to run of a part, once or in several shares: [words for pytest]."""
    if wanted and lanes > 1 and not _names_files(words) and SHARES.get(part):
        return [[*share, *words] for share in deal_files(PARTS[part], SHARES[part])]
    return [wanted] if wanted else []


def deal_files(folders, count):
    """Deal test files out to lanes, so that each has about as much to do.

    :return: ``count`` lists of files
    """
    shares = [(0, number, []) for number in range(count)]
    files = [path for folder in folders for path in sorted(folder.rglob("test_*.py"))]
    for weight, path in sorted(((_weigh(path), path) for path in files), reverse=True):
        least, number, share = heappop(shares)
        heappush(shares, (least + weight, number, [*share, path]))
    return [sorted(share) for _weight, _number, share in sorted(shares, key=lambda each: each[1])]


def _weigh(path):
    """Guess how long a file of tests takes: by its tests, a page in the browser counting as many."""
    text = path.read_text()
    return text.count("def test_") + BROWSER_WEIGHT * sum(map(text.count, OPENS_BROWSER))


class _Tests:
    """The parts of the tests, each in a database of its own, and what came of them."""

    def __init__(self, python, database, chromium, *, reuse):
        self.python, self.database, self.chromium, self.reuse = python, database, chromium, reuse
        self.env = {**odoo_server.environment(), **_connection(database)}
        if chromium and (axe := accessibility.ensure()):
            self.env["LEAD_DISTRIBUTION_AXE"] = str(axe)
        self.results, self.codes, self.troubles, self.lint = [], [], [], 0

    def has_database(self):
        """Whether the database of the tests is there, and as it would be made anew, and may be taken."""
        is_fresh = self.reuse and odoo_server.source_stamp(DATABASE).is_fresh()
        return is_fresh and odoo_server.database_exists(self.database, DATABASE)

    def prepare_crm(self, _out):
        if log := odoo_server.ensure_crm(self.python, self.database):
            self.troubles += _troubles(log)

    def prepare(self, _out):
        if not self.has_database():
            self.troubles += _prepare_database(self.python, self.database, self.chromium)

    def run_engine(self, words, out):
        self._run("engine", [*words, "-p", "no:odoo"], out)

    def run_processes(self, words, number, out):
        name = f"{PROCESS_DATABASE}_{number}"
        odoo_server.copy_database(self.database, DATABASE, name)
        self._run(f"processes-{number}", [*words, "-p", "no:odoo"], out, LEAD_DISTRIBUTION_DATABASE=name)
        odoo_server.drop_database(self.database, name)

    def run_odoo(self, words, number, out):
        name = f"{DATABASE}_{number}"
        odoo_server.copy_database(self.database, DATABASE, name)
        self._run_in_odoo(f"odoo-{number}", name, [*words, *_http_options(self.chromium)], out)
        odoo_server.drop_database(self.database, name)

    def run_queue(self, words, _number, out):
        """The addons that join ours to those of others, in a database with both."""
        odoo_server.copy_database(self.database, DATABASE, GLUE_DATABASE)
        odoo_server.install(self.python, GLUE_DATABASE, list(GLUE.values()))
        self._run_in_odoo("queue", GLUE_DATABASE, words, out)

    def run_package(self, words, _number, out):
        self._run("package", [*words, "-p", "no:odoo"], out)

    def run_beside(self, words, _number, out):
        self.troubles += _prepare_beside(self.python, self.database, reuse=self.reuse)
        self._run_in_odoo("beside", BESIDE_DATABASE, [*words, *_http_options(self.chromium)], out)

    def run_lint(self, out):
        """As ``make lint`` does; what it finds is one failure."""
        words = [sys.executable, ROOT / "dev", "lint"]
        self.lint = run(words, check=False, cwd=ROOT, stdout=out, stderr=out).returncode

    def _run_in_odoo(self, name, database, words, out):
        log = LOGS / f"{name}-test.log"
        log.unlink(missing_ok=True)
        self._run(name, [*words, *_odoo_options(database, log)], out)
        self.troubles += _troubles(log)

    def _run(self, name, options, out, **env):
        self.codes.append(run_pytest(self.python, name, options, {**self.env, **env}, out))
        self.results.append(count(HOME / "reports" / f"{name}.xml"))

    def summarize(self):
        code = _summary(self.results, self.codes, self.troubles, self.chromium)
        if self.lint:
            say("lint: see above")
        return code or self.lint


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


def _prepare_database(python, database, chromium):
    """Install the addon in the database that those of the tests are copies of.

    :return: the warnings and errors of installing
    """
    stamp = odoo_server.source_stamp(DATABASE)
    modules = (*ADDONS, *TEST_ADDONS)
    log = odoo_server.create_database(python, database, DATABASE, modules=modules, template=odoo_server.CRM)
    if chromium:
        odoo_server.run_script(python, DATABASE, MAKE_BUNDLES, log="bundles.log")
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


def _odoo_options(name, log):
    return [
        "--odoo-config", odoo_server.CONFIG, "--odoo-database", name,
        "--odoo-log-level", "warn", f"--odoo-extra=logfile={log}",
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
        if part == "random":
            found = _run_random(python, words, env)
        elif part == "fuzz":
            found = _run_fuzz(python, words, env)
        else:
            found = [(part, run_pytest(python, f"long-{part}", [ROOT / "tests" / part, "-p", "no:odoo", *words], env))]
        codes += [code for _part, code in found]
        results += [count(HOME / "reports" / f"long-{each}.xml") for each, _code in found]
    odoo_server.drop_database(database, LONG_DATABASE)
    return _summary(results, codes, [], chromium=True)


def _run_fuzz(python, words, env):
    """Read the whole corpus of hostile files in Odoo; change files, cells, configurations and requests by chance."""
    options = {"FUZZ_MINUTES": os.environ.get("FUZZ_MINUTES", FUZZ_MINUTES), "FUZZ_FOLDER": str(HOME), "CORPUS": "all"}
    env, tests = {**env, **options}, ROOT / "lead_distribution" / "tests"
    engine = [ROOT / "tests" / "engine" / "test_fuzz_files.py", "-s", "-p", "no:odoo", *words]
    log = LOGS / "fuzz-test.log"
    odoo = [tests / "test_fuzz.py", tests / "test_hostile_corpus.py", "-s", *words, *_odoo_options(LONG_DATABASE, log)]
    return [
        ("fuzz-files", run_pytest(python, "long-fuzz-files", engine, env)),
        ("fuzz", run_pytest(python, "long-fuzz", [*odoo, *_http_options(True)], env)),
    ]


def _run_random(python, words, env):
    """Run the tests that try cases by chance with many more of them: those of the engine, and those in Odoo."""
    env = {**env, **THOROUGH}
    code = run_pytest(python, "long-engine", [ROOT / "tests" / "engine", "-p", "no:odoo", *words], env)
    files = [path for folder in PARTS["odoo"] for path in sorted(folder.rglob("test_*.py")) if _is_random(path)]
    options = [*files, *words, *_odoo_options(LONG_DATABASE, LOGS / "random-test.log")]
    return [("engine", code), ("random", run_pytest(python, "long-random", options, env))]


def _is_random(path):
    return "often(" in path.read_text()


def _connection(database):
    """For the tests that start processes of their own."""
    names = {key: value for key, value in postgres.environment(database).items() if key.startswith("PG")}
    return {
        **names,
        "LEAD_DISTRIBUTION_CONFIG": str(odoo_server.CONFIG),
        "LEAD_DISTRIBUTION_POSTGRES": str(database["bindir"]),
    }


def run_pytest(python, name, options, env, out=None):
    """Run pytest; its report is that of the name, its output goes to a file, or else to the terminal.

    :return: its exit code
    """
    report = HOME / "reports" / f"{name}.xml"
    report.unlink(missing_ok=True)
    arguments = [python, "-m", "pytest", f"--junitxml={report}", *options]
    return run([str(word) for word in arguments], check=False, cwd=ROOT, env=env, stdout=out, stderr=out).returncode


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
