"""The program that reads one uploaded file, in a process of its own; see ``process``.

It is started by its path, and imports neither Odoo nor anything of the database. On standard input
stands a line of JSON, what to do, and after it the bytes of the file. On standard output it answers
in lines of JSON: ``{"book": …}``, then ``{"rows": [[number, [cell, …]], …]}`` as often as needed, and
at the end ``{"end": true}`` or ``{"problem": code, "values": {…}}``.
"""

import contextlib
import json
import os
import sys
import types
from importlib import import_module
from pathlib import Path

try:
    import resource
except ImportError:  # a system without limits for processes; whoever started this one looks at the clock
    resource = None

PACKAGE = "lead_distribution_files"
ROWS, CHARS = 200, 262_144  # a line of the answer holds at most so many rows, and ends after so many characters
MEMORY_SIGN = 0.3  # of the limit: a parser that gives up holding so much has run out of memory
CELLS_A_SECOND = 10_000  # a tenth of what is usual; for so many cells there is another second, as files may be long
MOST_SECONDS = 600  # that cells may add
SPARE_SECONDS = 5  # between the signal that says which limit it was, and the one that only ends
WRITTEN_BYTES = 65_536  # what it may write to files: the end of a traceback
NO_MEMORY = b'{"problem": "memory", "values": {}}\n'
UNUSED = ("numpy", "pandas", "PIL")  # openpyxl takes them if they are there; they only cost memory


def main():
    task = json.loads(sys.stdin.buffer.readline())
    sys.path[:] = task["path"]
    sys.modules.update(dict.fromkeys(UNUSED))
    package = sys.modules[PACKAGE] = types.ModuleType(PACKAGE)
    package.__path__ = [str(Path(__file__).resolve().parent)]
    guard = import_module(f"{PACKAGE}.file_guard")
    spreadsheet = import_module(f"{PACKAGE}.reader")
    data = sys.stdin.buffer.read()
    spreadsheet.import_libraries(data)
    read_within_limits(spreadsheet, guard, guard.Limits(**task["limits"]), task, data)


def read_within_limits(spreadsheet, guard, limits, task, data):
    """Answer with what the file holds, or what is wrong with it, and end this process."""
    set_limits(limits)
    before = memory_used()
    try:
        read(spreadsheet, guard, limits, task, data)
    except guard.FileProblem as problem:
        is_full = problem.code == "broken" and memory_used() - before > limits.memory_bytes * MEMORY_SIGN
        say({"problem": "memory" if is_full else problem.code, "values": problem.values})
    except MemoryError:
        os.write(sys.stdout.fileno(), NO_MEMORY)  # there may be none left even for making this text
    except RecursionError:
        say({"problem": "broken", "values": {}})
    else:
        say({"end": True})
    os._exit(0)  # giving back cell by cell what a hostile file has taken may take longer than reading it


def read(spreadsheet, guard, limits, task, data):
    """Answer with what the file is, and with the rows that hold something."""
    book = spreadsheet.open_book(data, limits, task["encoding"], task["separator"])
    sheets = guard.check_sheets(book.sheets, limits)
    say({"book": {"kind": book.kind, "sheets": sheets, "encoding": book.encoding, "separator": book.separator}})
    name = dict(zip(reversed(sheets), reversed(book.sheets), strict=True)).get(task["sheet"], book.sheets[0])
    part, chars, cells = [], 0, 0
    try:
        for number, row, size in guard.filled_rows(book.rows(name), limits):
            cells += len(row)
            if cells >= CELLS_A_SECOND:
                add_second()
                cells -= CELLS_A_SECOND
            if number <= task["start"]:
                continue
            part.append((number, row))
            chars += size
            if len(part) == ROWS or chars > CHARS:
                say({"rows": part})
                part, chars = [], 0
    except guard.FileProblem:
        say({"rows": part})  # what stands before the problem is told before it
        raise
    say({"rows": part})


def say(answer):
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


def set_limits(limits):
    """Have the system end this process when it takes too much: time counts from now, memory beside what it has."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    spare = min(limits.rows * limits.columns // CELLS_A_SECOND, MOST_SECONDS) + SPARE_SECONDS
    lower("RLIMIT_CPU", round(used.ru_utime + used.ru_stime) + limits.seconds, spare)
    lower("RLIMIT_AS", address_space() + limits.memory_bytes)
    sys.dont_write_bytecode = True  # what is cut off by the next limit would be broken for every other program
    lower("RLIMIT_FSIZE", WRITTEN_BYTES)
    lower("RLIMIT_CORE", 0)


def lower(name, wanted, spare=0):
    """Set a limit, unless a lower one holds already; limits that a system does not have are left out.

    :param spare: by how much the limit that nobody can put off is higher
    """
    kind = getattr(resource, name, None)
    if kind is None:
        return
    soft, hard = (limit if limit != resource.RLIM_INFINITY else sys.maxsize for limit in resource.getrlimit(kind))
    hard = min(wanted + spare, hard)
    with contextlib.suppress(ValueError, OSError):  # what a system does not take; the clock of who waits still holds
        resource.setrlimit(kind, (min(wanted, soft, hard), hard))


def add_second():
    """Cells were read: give the time of some more."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if resource.RLIM_INFINITY not in (soft, hard) and soft + SPARE_SECONDS < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft + 1, hard))


def address_space():
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # no Linux
        return memory_used()


def memory_used():
    """Return the most memory that this process has held, in bytes."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError):  # no Linux; there, the following counts what was before this program, too
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if resource else 0
        return held if sys.platform == "darwin" else held * 1024


if __name__ == "__main__":
    main()
