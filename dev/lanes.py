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
    """Work that other work waits for. It must stand before that in the list of jobs; where it fails, all fails.

    :param after: the ``Needed`` that it waits for itself
    """

    def __init__(self, work, after=None):
        self._work, self._done = after.before(work) if after else work, Future()

    def is_ready(self):
        return _is_ready(self._work)

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

    def is_ready(self):
        return self._needed.done()

    def __call__(self, out):
        self._needed.result()
        self._work(out)


def _is_ready(work):
    return not isinstance(work, Needed | _Waiting) or work.is_ready()


class _Jobs:
    """Jobs that are left, for the lanes to take: the first one that waits for nothing."""

    def __init__(self, jobs):
        self._left, self._changed = list(enumerate(jobs)), threading.Condition()
        self.errors = {}

    def work_off(self):
        while job := self._take():
            number, (title, work) = job
            try:
                _run_apart(title, work)
            except BaseException as error:
                self.errors[number] = error
            with self._changed:
                self._changed.notify_all()

    def _take(self):
        with self._changed:
            while self._left:
                for job in self._left:
                    if _is_ready(job[1][1]):
                        self._left.remove(job)
                        return job
                self._changed.wait()
        return None

    def clear(self):
        with self._changed:
            self._left.clear()
            self._changed.notify_all()


def run(jobs, lanes):
    """Run jobs in the order given, each as soon as a lane is free and what it needs is done; all, though one fails.

    :param jobs: [(title, work)]; ``work(out)`` gets the file that its output goes to, or None for the terminal
    :raise Exception: the first one that a job has raised
    """
    if lanes == 1 or len(jobs) == 1:
        for title, work in jobs:
            step(title)
            work(None)
        return
    left = _Jobs(jobs)
    with ThreadPoolExecutor(lanes) as pool:
        workers = [pool.submit(left.work_off) for _lane in range(lanes)]
        try:
            for worker in workers:
                worker.result()
        except KeyboardInterrupt:
            left.clear()
            raise
    for _number, error in sorted(left.errors.items()):
        raise error


def together(*works):
    """Do things at the same time that wait for the network or use one core; return what each of them returns.

    :raise Exception: the first one, in the order given, that one of them has raised; the others are done then, too
    """
    with ThreadPoolExecutor(len(works)) as pool:
        futures = [pool.submit(work) for work in works]
    return [future.result() for future in futures]


def _run_apart(title, work):
    """Run a job; say what it has printed once it is over, and how long it took."""
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
