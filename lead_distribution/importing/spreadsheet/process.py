"""Reading an uploaded file in a process of its own, with limits of time and memory.

Files are hostile: a few kilobytes can ask a parser for minutes of work and gigabytes of memory, or
crash it. So the server never parses one itself. ``child`` does, and if it does not end well,
only that process is lost. What comes back is JSON, which can do no harm, however the child was misled.
"""

import contextlib
import json
import logging
import os
import select
import signal
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from shutil import which

from .file_guard import MIB, FileProblem, Limits, check_size

try:
    from fcntl import F_SETPIPE_SZ, fcntl
except ImportError:  # no Linux
    F_SETPIPE_SZ = None

_logger = logging.getLogger(__name__)

CHILD = str(Path(__file__).with_name("child.py"))
KEPT_VARIABLES = ("PATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TZ")
LONGEST_LINE = 32 * MIB
READ_BYTES = MIB  # also how far the child may read ahead, while what it has said is worked on
PATIENCE = 3  # times the limit of processor time, on the clock, without a word: then something is wrong
TOLD_BYTES = 2_000  # of what a child that crashed has written


class Book:
    """A file that a process of its own reads.

    ``kind`` (xlsx, xls, ods, csv), ``sheets`` (names, as they can be asked for), ``encoding`` and
    ``separator`` (of text files). Close it, or use it as a context: that ends the process.

    :param data: bytes of the file
    :param sheet: name of the sheet that is wanted; the first one where there is none of that name
    :param start: rows up to this number are not wanted
    :raise FileProblem: for everything that cannot or should not be read
    """

    def __init__(self, data, limits=None, encoding=None, separator=None, sheet=None, start=0):
        self._limits = limits or Limits()
        check_size(data, self._limits)
        task = {
            "path": [os.path.abspath(path) for path in sys.path], "limits": asdict(self._limits), "start": start,
            "encoding": encoding or None, "separator": separator or None, "sheet": sheet or "",
        }  # fmt: skip
        self._child = Child(json.dumps(task).encode() + b"\n", data, self._limits.seconds)
        try:
            self._read_head()
        except BaseException:
            self.close()
            raise

    def _read_head(self):
        head = self._child.listen()["book"]
        self.kind, self.sheets = str(head["kind"]), [str(name) for name in head["sheets"]]
        self.encoding, self.separator = head["encoding"], head["separator"]

    def rows(self):
        """Yield (row number as a spreadsheet counts, list of texts), rows without any text left out; once."""
        try:
            while "rows" in (answer := self._child.listen()):
                yield from answer["rows"]
        finally:
            self.close()

    def close(self):
        self._child.end()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()


class Child:
    """The process, and what it says; ``end`` must be called, whatever happens.

    The file is handed over in an unnamed file, so that nobody waits for the other one to read. There
    is no fork of this process: it may have threads that hold locks.
    """

    def __init__(self, task, data, seconds):
        self._seconds = seconds
        self._buffer = bytearray()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed by ``end``)
        with tempfile.TemporaryFile() as given:
            given.write(task)
            given.write(data)
            given.seek(0)
            self._process = subprocess.Popen(
                [find_python(), "-S", CHILD], stdin=given, stdout=subprocess.PIPE, stderr=self._errors, bufsize=0,
                start_new_session=True, env={key: os.environ[key] for key in KEPT_VARIABLES if key in os.environ},
            )  # fmt: skip
        self._let_read_ahead()

    def _let_read_ahead(self):
        """Have room for some thousand rows in the pipe, where the system gives it: two processors work at once then."""
        if F_SETPIPE_SZ is not None:
            with contextlib.suppress(OSError):  # more than this user may have
                fcntl(self._process.stdout.fileno(), F_SETPIPE_SZ, READ_BYTES)

    def listen(self):
        """Return the next answer, a dict.

        :raise FileProblem: what the child found, or the limit at which it was ended
        """
        line = self._read_line()
        if line is None:
            raise FileProblem(self._find_end())
        try:
            answer = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise FileProblem("crashed") from error
        if "problem" in answer:
            raise FileProblem(answer["problem"], **answer["values"])
        return answer

    def _read_line(self):
        """Return the next line, or None where the process has ended."""
        begin = 0
        while (end := self._buffer.find(b"\n", begin)) < 0:
            begin = len(self._buffer)
            part = self._read_part()
            if not part:
                return None
            self._buffer += part
            if len(self._buffer) > LONGEST_LINE:
                raise FileProblem("memory")
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _read_part(self):
        output = self._process.stdout.fileno()
        if hasattr(select, "poll"):
            waiting = select.poll()
            waiting.register(output, select.POLLIN)
            if not waiting.poll(self._seconds * PATIENCE * 1000):
                raise FileProblem("time")
        return os.read(output, READ_BYTES)

    def _find_end(self):
        """Return the code of the problem of a child that ended without a word."""
        code = self._process.wait()
        if code == -getattr(signal, "SIGXCPU", 0):
            return "time"
        self._errors.seek(0)
        said = self._errors.read(TOLD_BYTES)
        _logger.warning("The process that read an uploaded file ended with %s: %s", code, said.decode(errors="replace"))
        return "crashed"

    def end(self):
        """End the process, if it goes on, with whatever it has started."""
        if self._process.poll() is None:
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()


@lru_cache(maxsize=1)
def find_python():
    """Return the path of the interpreter. ``sys.executable`` is that of a server that embeds Python, at times."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    beside = os.path.join(sysconfig.get_config_var("BINDIR") or "", version)
    started = os.path.realpath("/proc/self/exe")
    for path in (sys.executable, getattr(sys, "_base_executable", None), started, beside, which(version)):
        if path and os.path.basename(path).lower().startswith("python") and os.access(path, os.X_OK):
            return path
    raise FileProblem("no_reader")
