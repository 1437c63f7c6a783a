"""Seconds, SQL statements and memory of the steps of a piece of work."""

import logging
import resource
import time
from contextlib import contextmanager
from contextvars import ContextVar

_logger = logging.getLogger(__name__)

_current = ContextVar("lead_distribution_monitor", default=None)
PAGE = resource.getpagesize()
MIB = 1024 * 1024


class Monitor:
    """Adds up what named steps cost. ``steps``: {name: {"seconds", "queries", "memory"}}.

    Memory is the peak of the process during the step in MiB. Where the step stays below an
    older peak of the process, it is what the process held at its start or end.
    """

    def __init__(self, cr):
        self.cr = cr
        self.steps = {}
        self.parts = {}  # seconds of what is a part of steps

    @contextmanager
    def step(self, name):
        started, queries = time.perf_counter(), self.cr.sql_log_count
        held, peak = _memory_held(), _memory_peak()
        try:
            yield
        finally:
            figures = self.steps.setdefault(name, {"seconds": 0.0, "queries": 0, "memory": 0.0})
            figures["seconds"] = round(figures["seconds"] + time.perf_counter() - started, 3)
            figures["queries"] += self.cr.sql_log_count - queries
            now = _memory_peak()
            reached = now if now > peak else max(held, _memory_held())
            figures["memory"] = max(figures["memory"], round(reached, 1))

    def add_to(self, known, what):
        """Return the steps that are known already together with those of this monitor, which are logged.

        :param what: whose steps they are, for the log
        """
        total = dict(known or {})
        for name, figures in self.steps.items():
            _logger.debug("%s, %s: %.3f s, %s statements", what, name, figures["seconds"], figures["queries"])
            old = total.get(name, {"seconds": 0, "queries": 0, "memory": 0})
            total[name] = {
                "seconds": round(old["seconds"] + figures["seconds"], 3),
                "queries": old["queries"] + figures["queries"],
                "memory": max(old["memory"], figures["memory"]),
            }
        return total


@contextmanager
def monitoring(cr):
    """Collect the steps that ``measured`` names within this block; yields the monitor."""
    monitor = Monitor(cr)
    token = _current.set(monitor)
    try:
        yield monitor
    finally:
        _current.reset(token)


@contextmanager
def measured(name):
    """Count this block as a step of the work that is being monitored, if any is."""
    monitor = _current.get()
    if monitor is None:
        yield
        return
    with monitor.step(name):
        yield


@contextmanager
def measured_part(name):
    """Add the seconds of this block to a part of the work that is being monitored; parts lie within steps."""
    started = time.perf_counter()
    try:
        yield
    finally:
        monitor = _current.get()
        if monitor is not None:
            monitor.parts[name] = monitor.parts.get(name, 0.0) + time.perf_counter() - started


def _memory_peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _memory_held():
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * PAGE / MIB
    except OSError:  # no Linux
        return 0.0
