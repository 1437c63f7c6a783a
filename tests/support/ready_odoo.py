"""A process that has Odoo and a database's models loaded, and forks itself for each of Odoo's commands.

Loading takes seconds, forking none. What it forks is a process like any other: it has connections of its own, dies of
signals, and does all that ``python -m odoo`` does with the command line. Who wants one starts ``ready_process.py``.

Usage: ready_odoo.py NUMBER CONFIGURATION DATABASE OPTIONS; the number is that of a socket that is listened to, as long
as the input is open.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import threading

import odoo.cli.command
import odoo.cli.shell
from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config


def load(database, options):
    """Load Odoo and the models of the database; forks share no connection, no thread and no settings of the log."""
    config.parse_config(options, setup_logging=False)
    load_server_wide_modules()
    registry = Registry(database)
    _warm_up(registry)
    # who starts anew remembers nothing of the database
    registry.clear_all_caches()
    registry.cache_invalidated.clear()
    sql_db.close_all()
    assert threading.active_count() == 1, threading.enumerate()
    gc.collect()
    gc.freeze()  # or each process would soon copy the whole memory


def _warm_up(registry):
    """Have worked out what depends on the models alone, and imported what is imported late, once for all forks."""
    with registry.cursor() as cursor:
        env = api.Environment(cursor, api.SUPERUSER_ID, {"no_reset_password": True})
        user = env["res.users"].create({"name": "Warm", "login": "warm up"})
        env["crm.lead"].create({"name": "Warm", "user_id": user.id})
        env.flush_all()
        cursor.rollback()


def fork_for_each(listener):
    """Fork a process for everybody who calls, and tell him how it ended.

    :return: in the process: its input, output and errors, and what it is asked; where it was forked: None, at the end
    """
    handler = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
        caller, _address = listener.accept()
        _data, files, _flags, _address = socket.recv_fds(caller, 1, 3)
        if not os.fork():
            signal.signal(signal.SIGCHLD, handler)
            request = json.load(caller.makefile())
            process = os.fork()
            if not process:
                listener.close()
                caller.close()
                return files, request
            _tell_end(caller, process, files)
        for number in files:
            os.close(number)
        caller.close()
    return None


def _tell_end(caller, process, files):
    """Wait for a process; its caller is told its exit code, as ``subprocess`` has it."""
    for number in files:
        os.close(number)
    _pid, status = os.waitpid(process, 0)
    caller.sendall(b"%d" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def run(database, files, request):
    """Run a command, and end. What was loaded is not taken apart, which takes longer than most commands."""
    _take(files)
    os.chdir(request["folder"])
    os.environ.update(request["environment"])
    sys.argv[1:] = request["arguments"]
    Registry(database).check_signaling()
    code = 1
    try:
        odoo.cli.command.main()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _take(files):
    """Make files the input, the output and the errors; what Python knows of those of before does not hold for them."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)


def main():
    [number, settings, database, *options] = sys.argv[1:]
    load(database, ["-c", settings, "-d", database, *options])
    with socket.socket(fileno=int(number)) as listener:
        job = fork_for_each(listener)
    if job:
        run(database, *job)


if __name__ == "__main__":
    main()
