"""Chromium for the browser tests: found, or installed from Debian's packages where possible."""

import os
import shutil

from common import Problem, run, say, step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def ensure():
    """Return the path of Chromium, or None with the reason said."""
    found = _find()
    if found or _install():
        return found or _find()
    say("    Browser tests will be skipped: there is no Chromium, and it could not be installed.")
    say("    Install it (as root: apt-get install chromium) to run them.")
    return None


def _find():
    return next(filter(None, map(shutil.which, NAMES)), None)


def _install():
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    step("Chromium: installing Debian's package for the browser tests")
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    try:
        run(["apt-get", "update"], log="apt-update.log", env=env)
        run(["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
            log="apt-chromium.log", env=env)  # fmt: skip
    except Problem as problem:
        say(f"    {problem.what}")
        return False
    return True
