"""Reads files as the process of the reader does, in forks of one that has its libraries loaded, each with its limits.

What the system counted of each is told with what it said: processor time, and the most memory it held.
"""

import gc
import json
import os
import signal
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from lead_distribution.importing.spreadsheet import child
from lead_distribution.importing.spreadsheet import file_guard as guard
from lead_distribution.importing.spreadsheet import reader as spreadsheet

WAIT = 120  # seconds; a process that says nothing for so long does not end


class Reading(NamedTuple):
    """What came of a file: its rows, or why it is refused; what it took."""

    rows: list
    problem: str | None
    values: dict
    kind: str | None
    seconds: float
    memory: int  # bytes more than the process had at its start
    said: str  # of an error that nobody expected


def load():
    """Import all libraries once, so that no fork has to."""
    for start in (b"PK\x03\x04", b"PK\x03\x04 " + spreadsheet.WORKBOOK.encode(), guard.OLE):
        spreadsheet.import_libraries(start)
    import_module("chardet")
    gc.freeze()


def read_file(data, limits, **options):
    """Return the ``Reading`` of a file."""
    task = {"encoding": None, "separator": None, "sheet": "", "start": 0, **options}
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as given:
        given.write(data)
        given.seek(0)
        source, sink = os.pipe()  # a file would be cut off: the process may write hardly anything
        held = _memory_held()
        pid = os.fork()
        if not pid:
            _work(given.fileno(), sink, errors.fileno(), limits, task)
        os.close(sink)
        with open(source, "rb") as out:
            answers = [json.loads(line) for line in out]
        _pid, status, usage = os.wait4(pid, 0)
        errors.seek(0)
        return _judge(answers, status, usage, held, errors.read().decode(errors="replace"))


def _memory_held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _work(given, out, errors, limits, task):
    """What ``child.main`` does once it has loaded the libraries; this process ends here."""
    try:
        os.setsid()
        signal.alarm(WAIT)
        for target, file in enumerate((given, out, errors)):
            os.dup2(file, target)
        sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115
        data = sys.stdin.buffer.read()
        child.read_within_limits(spreadsheet, guard, limits, task, data)
    except BaseException:
        import traceback

        os.write(2, traceback.format_exc().encode())
    os._exit(1)


def _judge(answers, status, usage, held, said):
    rows = [row for answer in answers for row in answer.get("rows", ())]
    book = next((answer["book"] for answer in answers if "book" in answer), {})
    end = answers[-1] if answers else {}
    problem, values = end.get("problem"), end.get("values", {})
    if os.WIFSIGNALED(status):
        problem = "time" if os.WTERMSIG(status) == signal.SIGXCPU else "crashed"
    elif os.WEXITSTATUS(status) or not ("problem" in end or "end" in end):
        problem = "crashed"
    seconds, memory = usage.ru_utime + usage.ru_stime, max(0, usage.ru_maxrss * 1024 - held)
    return Reading(rows, problem, values, book.get("kind"), seconds, memory, said)
