"""Measures time, processor time of both sides, statements and memory of what Odoo does in this process."""

import os
import time
from collections import namedtuple
from pathlib import Path

import odoo.sql_db

Measured = namedtuple("Measured", "seconds processor statements memory")


class Meter:
    """``processor`` counts this process and all of the database server, if it runs on this machine; else None."""

    def __init__(self, env):
        self.env = env
        backend = env.cr._cnx.get_backend_pid()
        name = Path(f"/proc/{backend}/comm")
        is_here = name.exists() and name.read_text().startswith("postgres")
        self.server = _read_stat(backend)[0] if is_here else None

    def measure(self, case, *arguments):
        """Do something, commit, and return a ``Measured``; memory is the peak above the start, in MiB."""
        self.env.invalidate_all()
        Path("/proc/self/clear_refs").write_text("5")
        before, statements = _read_memory("VmRSS"), odoo.sql_db.sql_counter
        processor, started = self._read_processor(), time.perf_counter()
        case(*arguments)
        self.env.cr.commit()
        seconds = time.perf_counter() - started
        used = self._read_processor() - processor if self.server else None
        statements = odoo.sql_db.sql_counter - statements
        memory = _read_memory("VmHWM") - before
        self.env.invalidate_all()
        return Measured(seconds, used, statements, memory)

    def _read_processor(self):
        """Return the seconds of this process and of PostgreSQL's, those that have ended included."""
        if not self.server:
            return 0
        ticks = sum(_read_stat(self.server)[1])
        for name in os.listdir("/proc"):
            parent, used = _read_stat(name) if name.isdigit() else (None, ())
            if parent == self.server:
                ticks += sum(used[:2])
        return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _read_stat(pid):
    """Return (parent, [own ticks: user, system; of ended children: user, system]); nothing if it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None, ()
    return int(fields[1]), [int(field) for field in fields[11:15]]


def _read_memory(key):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(key))
