"""PostgreSQL goes away in the middle of a run, and the disk of the filestore is full."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from odoo_shell import PROGRAM, Odoo
from plan_fixtures import DATABASE, make_plan
from run_checks import get_state, wait_until

sys.path.insert(0, str(Path(__file__).parents[2] / "dev"))

import postgres
from common import free_port

LEADS = 15_000


@pytest.fixture
def cluster():
    """A PostgreSQL of its own with a copy of the database: (folder, programs, Odoo)."""
    if not DATABASE:
        pytest.skip("needs a database: run them with make test-long")
    bindir = Path(os.environ["LEAD_DISTRIBUTION_POSTGRES"])
    folder = Path(tempfile.mkdtemp(prefix="restarted-postgres-", dir="/var/tmp"))
    postgres.create_cluster(bindir, folder)
    port = postgres.start_cluster(bindir, folder)
    password = (folder / "password").read_text()
    connection = {"host": "127.0.0.1", "port": port, "user": postgres.ROLE, "password": password}
    options = tuple(word for name, value in connection.items() for word in (f"--db_{name}", str(value)))
    other = dict(os.environ, PGHOST="127.0.0.1", PGPORT=str(port), PGUSER=postgres.ROLE, PGPASSWORD=password)
    subprocess.run([bindir / "createdb", "-T", "template0", DATABASE], env=other, check=True)
    with subprocess.Popen([bindir / "pg_dump", "-Fc", DATABASE], stdout=subprocess.PIPE) as dump:
        subprocess.run([bindir / "pg_restore", "--no-owner", "-d", DATABASE], stdin=dump.stdout, env=other, check=True)
    yield folder, bindir, Odoo(DATABASE, connection, options)
    postgres.stop_cluster(bindir, folder, "immediate")
    shutil.rmtree(folder, ignore_errors=True)


def count_done(odoo, run_id):
    query = "SELECT count(*) FROM lead_distribution_assignment WHERE run_id = %s AND state = 'done'"
    return odoo.value(query, run_id)


class Service:
    """Odoo with its workers, started again when it ends, as a service manager does it.

    Odoo's main process ends when PostgreSQL is away at the wrong moment.
    """

    def __init__(self, folder, odoo):
        self.command = [
            *PROGRAM, "-c", os.environ["LEAD_DISTRIBUTION_CONFIG"],
            "-d", DATABASE, *odoo.options, "--workers", "1", "--max-cron-threads", "1",
            "--http-port", str(free_port()), "--gevent-port", str(free_port()),
            "--log-level", "warn", "--logfile", str(folder / "odoo.log"),
        ]  # fmt: skip
        self.process = subprocess.Popen(self.command)

    def keep_up(self):
        if self.process.poll() is not None:
            self.process = subprocess.Popen(self.command)
        return True

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def test_a_run_goes_on_by_itself_after_postgresql_has_crashed(cluster):
    """Nobody touches anything but PostgreSQL, which loses its power in the middle of a batch."""
    folder, bindir, odoo = cluster
    run_id, _campaign = make_plan(odoo, LEADS)
    service = Service(folder, odoo)
    try:
        odoo.run("env['lead.distribution.run'].browse(run_id).action_start()\nenv.cr.commit()", run_id=run_id)
        wait_until(lambda: count_done(odoo, run_id) > 0)
        postgres.stop_cluster(bindir, folder, "immediate")
        postgres.start_cluster(bindir, folder)
        done = count_done(odoo, run_id)
        assert 0 < done < LEADS, "PostgreSQL went away too late to show anything"
        state = "SELECT state FROM lead_distribution_run WHERE id = %s"
        wait_until(lambda: service.keep_up() and odoo.value(state, run_id) == "done")
    finally:
        service.stop()
    assert get_state(odoo, run_id) == ("done", {"done": LEADS})


@pytest.fixture
def full_disk():
    """A folder on a disk of its own without a free byte."""
    folder = tempfile.mkdtemp(prefix="lead_distribution-full-")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False)
    if mounted.returncode:
        os.rmdir(folder)
        pytest.skip("only root can mount a small disk")
    for name in ("filestore", "sessions", "addons"):
        (Path(folder) / name).mkdir()
    with pytest.raises(OSError) as raised, (Path(folder) / "everything").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    assert raised.value.errno == errno.ENOSPC
    yield folder
    subprocess.run(["umount", folder], check=True)
    os.rmdir(folder)


def test_a_full_disk_of_the_filestore_does_not_stop_a_run(odoo, full_disk):
    """The plan, the history and the notes live in the database; nothing of a run is a file."""
    run_id, _campaign = make_plan(odoo)
    beside = Odoo(DATABASE, options=("--data-dir", full_disk))
    beside.run(
        """
        run = env["lead.distribution.run"].browse(run_id)
        run.campaign_id.chatter = "full"
        run.action_apply()
        env.cr.commit()
        """,
        run_id=run_id,
    )
    assert get_state(odoo, run_id) == ("done", {"done": 600})
