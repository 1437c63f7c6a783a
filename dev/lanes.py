"""Runs jobs side by side, as many at once as there are cores; what each of them prints comes in one piece."""

import os
import shutil
import sys
import tempfile
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

from common import Problem, step

_printing = threading.Lock()


def count_lanes():
    """Return how many jobs run at once: one a core, or what ``LANES`` says."""
    text = os.environ.get("LANES") or str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
    if not text.isdigit() or not int(text):
        raise Problem(f"LANES={text} is no number of lanes.", "LANES=1 does one thing after another.")
    return int(text)


class Needed:
    """Work that other work waits for. It must stand before that in the list of jobs; where it fails, all fails."""

    def __init__(self, work):
        self._work, self._done = work, Future()

    def __call__(self, out):
        try:
            self._done.set_result(self._work(out))
        except BaseException as error:
            self._done.set_exception(error)
            raise

    def before(self, work):
        """Return work that begins when this one is done."""
        return _Waiting(self._done, work)


class _Waiting:
    def __init__(self, needed, work):
        self._needed, self._work = needed, work

    def wait(self):
        self._needed.result()

    def __call__(self, out):
        self.wait()
        self._work(out)


def run(jobs, lanes):
    """Run jobs: in the order given, each as soon as a lane is free. All are run, though one of them has failed.

    :param jobs: [(title, work)]; ``work(out)`` gets the file that its output goes to, or None for the terminal
    :raise Exception: the first one that a job has raised
    """
    if lanes == 1 or len(jobs) == 1:
        for title, work in jobs:
            step(title)
            work(None)
        return
    with ThreadPoolExecutor(lanes) as pool:
        futures = [pool.submit(_run_apart, title, work) for title, work in jobs]
        try:
            for future in futures:
                future.result()
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise


def _run_apart(title, work):
    """Run a job; say what it has printed once it is over, and how long it took, not how long it waited."""
    if isinstance(work, _Waiting):
        work.wait()
    started = time.monotonic()
    with tempfile.TemporaryFile() as out:
        try:
            work(out)
        finally:
            seconds = round(time.monotonic() - started)
            out.seek(0)
            with _printing:
                step(f"{title} ({seconds // 60}:{seconds % 60:02})")
                shutil.copyfileobj(out, sys.stdout.buffer)
                sys.stdout.flush()
