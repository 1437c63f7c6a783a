"""``make docs``: all documents as one site with search, below ``site/``; a dead link or anchor is an error."""

import os
import shutil
import venv

import python_env
from common import HOME, ROOT, Problem, Stamp, run, say, step

REQUIREMENTS = python_env.REQUIREMENTS / "docs.txt"
TOOLS = HOME / "docs"
SITE = ROOT / "site"
# the pages lie as they do in the repository; whoever opens the folder begins at the first one
REDIRECT = (
    '<!doctype html><meta http-equiv="refresh" content="0; url=docs/index.html"><a href="docs/index.html">Start</a>'
)


def build():
    """Make the site anew; return the exit code."""
    python = _ensure_tools()
    step("Documents: checking links, building the site")
    shutil.rmtree(SITE, ignore_errors=True)
    options = ["-q", "-W", "--keep-going", "-n", "-b", "html", "-c", ROOT / "docs", "-d", HOME / "doctrees"]
    done = run([python, "-m", "sphinx", *options, ROOT, SITE], check=False, cwd=ROOT)
    if done.returncode:
        raise Problem("A document is wrong, or one of its links is dead.", "The lines above say where.")
    (SITE / "index.html").write_text(REDIRECT)
    say(f"The site is there: {(SITE / 'index.html').as_uri()}")
    return 0


def _ensure_tools():
    """Return the Python of an environment that has the generator, and nothing that Odoo sees."""
    python = TOOLS / "bin" / "python"
    stamp = Stamp("docs", REQUIREMENTS)
    if stamp.is_fresh() and python.exists():
        return python
    step("Documents: installing the generator (once)")
    shutil.rmtree(TOOLS, ignore_errors=True)
    venv.create(TOOLS, with_pip=True, symlinks=True)
    run([python, "-m", "pip", "install", "-q", "--no-input", "-r", REQUIREMENTS], log="pip-docs.log",
        env=dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1"))  # fmt: skip
    stamp.write()
    return python
