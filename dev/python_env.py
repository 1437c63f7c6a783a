"""The virtual environment in ``.dev/venv`` with what Odoo, the tests and the style checks need."""

import os
import shutil
import sys
import venv
from pathlib import Path

from common import HOME, Problem, Stamp, run, step

TARGET = HOME / "venv"
REQUIREMENTS = Path(__file__).resolve().parent / "requirements"
ADDONS = REQUIREMENTS / "addons.txt"
# other files there are for environments of their own
FILES = (ADDONS, REQUIREMENTS / "odoo.txt", REQUIREMENTS / "test.txt")


def python():
    return TARGET / "bin" / "python"


def ensure():
    """Return the environment's Python; it can import ``odoo`` once that is linked."""
    stamp = Stamp("venv", sys.base_prefix, *FILES)
    if not (stamp.is_fresh() and python().exists()):
        step("Python packages: installing (once)")
        shutil.rmtree(TARGET, ignore_errors=True)
        try:
            venv.create(TARGET, with_pip=True, symlinks=True)
        except Exception as error:
            raise Problem(
                f"Python cannot make a virtual environment: {error}",
                "On Debian and Ubuntu: apt-get install python3-venv",
            ) from error
        arguments = [word for file in FILES if file != ADDONS for word in ("-r", str(file))]
        # Odoo keeps what Python compiles elsewhere (odoo_server.environment): what is compiled here is not read
        install = ["install", "-q", "--no-input", "--no-compile"]
        _pip([*install, "setuptools<80", "wheel"])
        _pip([*install, *arguments])
        _pip([*install, "--no-deps", "-r", str(ADDONS)])
        stamp.write()
    return python()


def _pip(arguments):
    try:
        run([python(), "-m", "pip", *arguments], log="pip.log",
            env=dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1"))  # fmt: skip
    except Problem as problem:
        raise Problem(
            f"A Python package could not be installed: {problem.what}",
            "Check the network and pip's settings; the whole output is in .dev/logs/pip.log.",
        ) from problem


def link(source):
    """Make ``import odoo`` work in the environment."""
    site = next(TARGET.glob("lib/python3*/site-packages"))
    pth = site / "odoo.pth"
    if not pth.exists() or pth.read_text() != f"{source}\n":
        pth.write_text(f"{source}\n")
