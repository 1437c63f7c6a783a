"""What all developer tools share: folders, settings from the environment, errors, subprocesses."""

import errno
import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".dev"
LOGS = HOME / "logs"
ADDONS = ("lead_distribution",)
# installs itself when the addon that it joins to ours is installed
GLUE = {"lead_distribution_queue_job": "queue_job", "lead_distribution_privacy": "privacy_lookup"}
# installed in the tests' database only
TEST_ADDONS_PATH = ROOT / "tests" / "addons"
TEST_ADDONS = ("test_lead_distribution",)
# installed in a copy of it, with the addons of Odoo that it depends on
BESIDE = ("test_lead_distribution_live",)


class Problem(Exception):
    """Something the user can mend: what is wrong, and what to do about it."""

    def __init__(self, what, remedy):
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def say(text=""):
    print(text, flush=True)


def step(text):
    say(f"==> {text}")


def run(args, *, log=None, check=True, **options):
    """Run a command; with ``log``, its output goes to that file below ``.dev/logs``.

    :raise Problem: if it fails, with the end of its output.
    """
    if log:
        LOGS.mkdir(parents=True, exist_ok=True)
        path = LOGS / log
        with path.open("w") as out:
            done = subprocess.run(args, stdout=out, stderr=subprocess.STDOUT, check=False, **options)
        if check and done.returncode:
            tail = "\n  ".join(path.read_text(errors="replace").splitlines()[-15:])
            raise Problem(
                f"{Path(str(args[0])).name} failed (exit code {done.returncode}):\n  {tail}",
                disk_hint(tail) or f"The whole output is in {path.relative_to(ROOT)}.",
            )
        return done
    done = subprocess.run(args, check=False, **options)
    if check and done.returncode:
        raise Problem(f"{Path(str(args[0])).name} failed (exit code {done.returncode}).", "See above.")
    return done


def disk_hint(text):
    """Tell a full disk from other failures, since every tool words it the same way."""
    if os.strerror(errno.ENOSPC) in text:
        return f"The disk is full: free some space on the volume of {ROOT}."
    return None


def port_is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stamp_of(*parts):
    """A fingerprint of texts and files, to know whether a finished step is still up to date."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else str(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


class Stamp:
    """Remembers in a file that a step was finished for certain inputs."""

    def __init__(self, name, *parts):
        self.path = HOME / f"{name}.stamp"
        self.value = stamp_of(sys.version_info[:2], *parts)

    def is_fresh(self):
        return self.path.exists() and self.path.read_text() == self.value

    def write(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.value)
