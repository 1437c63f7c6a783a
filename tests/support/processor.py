"""What processors were busy with: Odoo's workers for requests, those of its scheduler, and PostgreSQL."""

import os
from contextlib import closing
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
NICE = "10"  # Odoo's scheduler works at this niceness
PARENT, OWN, OF_ENDED, NICENESS = 1, slice(11, 13), slice(13, 15), 16  # in /proc/…/stat, after the name


def read_processor(odoo, server):
    """Return {who: seconds of processor so far}; of PostgreSQL only if it runs on this machine.

    :param server: process of Odoo's main program
    """
    postmaster = _find_postmaster(odoo)
    used = {"requests": 0.0, "scheduler": 0.0, "PostgreSQL": 0.0}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        fields = _read_stat(pid)
        if not fields:
            continue
        if fields[PARENT] == str(server.pid):
            used["scheduler" if fields[NICENESS] == NICE else "requests"] += _sum(fields[OWN])
        elif fields[PARENT] == postmaster:
            used["PostgreSQL"] += _sum(fields[OWN])
        elif pid == postmaster:
            used["PostgreSQL"] += _sum(fields[OWN]) + _sum(fields[OF_ENDED])
    return used


def _sum(ticks):
    return sum(map(int, ticks)) / TICKS


def _find_postmaster(odoo):
    with closing(odoo.connect()) as connection:
        fields = _read_stat(connection.info.backend_pid)
    return fields[PARENT] if fields else None


def _read_stat(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
