"""Real Odoo processes that work on a database, and a look at it from outside."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import textwrap
from contextlib import closing
from pathlib import Path

import psycopg2

COMMAND_LINE = [sys.executable, "-W", "ignore", "-m", "odoo"]
MARK = "RESULT "
PROGRAM = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("odoo_bin.py"))]


class Odoo:
    """Runs scripts in ``odoo shell`` processes, and looks at the database from outside.

    :param database: name of the database
    :param connection: another server than that of the configuration: ``host``, ``port`` …
    :param options: further options of Odoo's command line
    """

    def __init__(self, database, connection=None, options=()):
        self.database, self.connection, self.options = database, connection or {}, options
        self.program = COMMAND_LINE

    def start(self, script, **values):
        """Start a process; ``values`` are names the script can use."""
        text = f"values = {values!r}\nglobals().update(values)\n" + textwrap.dedent(script)
        config = os.environ["LEAD_DISTRIBUTION_CONFIG"]
        process = subprocess.Popen(
            [*self.program, "shell", "-c", config, "-d", self.database, "--no-http", *self.options,
             "--log-level", "error"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        process.stdin.write(text + "\n")
        process.stdin.close()
        process.stdin = None
        return process

    def finish(self, process, code=0, timeout=180):
        """Wait for the process; return what its script handed to ``tell``."""
        out, err = process.communicate(timeout=timeout)
        assert process.returncode == code, err[-3000:]
        for line in out.splitlines():
            if line.startswith(MARK):
                return json.loads(line[len(MARK) :])
        return None

    def run(self, script, *, timeout=180, **values):
        return self.finish(self.start(script, **values), timeout=timeout)

    def connect(self):
        return psycopg2.connect(dbname=self.database, **self.connection)

    def rows(self, query, *parameters):
        with closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchall()

    def value(self, query, *parameters):
        return self.rows(query, *parameters)[0][0]


class ReadyOdoo(Odoo):
    """The same, for many scripts: Odoo and the models of the database are loaded once, and forked for each of them.

    What a script changes in the models themselves (fields, modules), the next one may not see: use ``Odoo`` for that.
    """

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        address = str(Path(self._folder.name, "odoo"))
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(address)
            listener.listen(64)  # who calls while it loads waits
            config = os.environ["LEAD_DISTRIBUTION_CONFIG"]
            self._loaded = subprocess.Popen(
                [sys.executable, "-W", "ignore", str(Path(__file__).with_name("ready_odoo.py")),
                 str(listener.fileno()), config, self.database, *self.options],
                stdin=subprocess.PIPE, pass_fds=[listener.fileno()],
            )  # fmt: skip
        self.program = [sys.executable, "-IS", str(Path(__file__).with_name("ready_process.py")), address]
        return self

    def __exit__(self, *_error):
        self._loaded.stdin.close()
        self._loaded.wait()
        self._folder.cleanup()
