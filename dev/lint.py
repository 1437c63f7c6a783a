"""Style and structure: ruff, pylint-odoo, OCA's checks of XML, manifests and translations, and the law of the house."""

import os

import coverage_document
import package
import rooms
import structure
from common import ADDONS, GLUE, ROOT, run, say, step


def run_all(python):
    """Run all checks, and tell all findings; return 0 if there are none."""
    env = dict(os.environ, PYTHONPATH=str(ROOT))
    addons = (*ADDONS, *GLUE)
    folders = [*addons, "dev", "tests", "benchmarks"]
    codes = []
    step("ruff")
    codes.append(_run([python, "-m", "ruff", "check", *folders], env))
    codes.append(_run([python, "-m", "ruff", "format", "--check", "--diff", "-q", *folders], env))
    step("pylint-odoo")
    codes.append(_run([python, "-m", "pylint", "--jobs", "0", "--rcfile", ROOT / ".pylintrc-mandatory", *addons], env))
    step("OCA's checks of addons and translations")
    codes += _run_oca_checks(addons, env)
    step("structure of the addons")
    codes.append(structure.check(addons))
    step("rooms and their directions")
    codes.append(rooms.check(addons))
    step("items of the specification")
    codes.append(coverage_document.check())
    step("translations")
    codes.append(_run([python, ROOT / "dev" / "translations.py"], env))
    say("lint: clean" if not any(codes) else "lint: see above")
    return 1 if any(codes) else 0


def _run_oca_checks(addons, env):
    """Return the exit codes of the hooks that the pre-commit configuration names as well."""
    tools = package.ensure().parent
    manifests = [ROOT / addon / "__manifest__.py" for addon in addons]
    translations = [path for addon in addons for path in sorted((ROOT / addon / "i18n").glob("*.po*"))]
    return [
        _run([tools / "oca-checks-odoo-module", *manifests], env),
        _run([tools / "oca-checks-po", "--disable=po-pretty-format", *translations], env),
    ]


def _run(arguments, env):
    return run([str(word) for word in arguments], check=False, cwd=ROOT, env=env).returncode
