"""Imports in a real Odoo whose workers are killed, and uploads to a disk that is full."""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest
from odoo_shell import Odoo
from plan_fixtures import DATABASE
from run_checks import wait_until
from test_server_restarts import Service, full_disk  # noqa: F401

ROWS = 20_000
CREATE = """
import base64, json
lines = ["Name,E-mail"] + [f"Person {n},person{n}@goeson{rows}.com" for n in range(rows)]
data = base64.b64encode("\\n".join(lines).encode())
"""
STATE = "SELECT state FROM lead_import_batch WHERE id = %s"


def states(odoo, batch_id):
    return dict(odoo.rows("SELECT state, count(*) FROM lead_import_row WHERE batch_id = %s GROUP BY state", batch_id))


def kill_who_works(odoo, service, batch_id):
    """Kill the worker of the service that is in the middle of a transaction of the import."""
    children = {child.pid for child in psutil.Process(service.process.pid).children()}
    busy = "SELECT application_name FROM pg_stat_activity WHERE datname = %s AND xact_start IS NOT NULL"
    working = "SELECT working_since IS NOT NULL FROM lead_import_batch WHERE id = %s"
    killed = []

    def kill():
        pids = {int(name.removeprefix("odoo-")) for [name] in odoo.rows(busy, DATABASE) if name.startswith("odoo-")}
        for pid in pids & children if odoo.value(working, batch_id) else ():
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
        return killed

    wait_until(kill, 60)


@pytest.fixture
def service(odoo, tmp_path):
    running = Service(tmp_path, odoo)
    yield running
    running.stop()


def test_an_import_whose_worker_is_killed_while_checking_and_while_importing_goes_on_by_itself(odoo, service):
    batch_id = odoo.run(
        CREATE
        + """
batch = env["lead.import.batch"].create({"file": data, "file_name": "people.csv"})
batch.action_next()
batch.action_next()
env.cr.commit()
print("RESULT " + json.dumps(batch.id))
""",
        rows=ROWS,
    )
    assert odoo.value(STATE, batch_id) == "checking"
    read = "SELECT rows_read FROM lead_import_batch WHERE id = %s"
    wait_until(lambda: odoo.value(read, batch_id) > 5000)
    kill_who_works(odoo, service, batch_id)
    wait_until(lambda: odoo.value(STATE, batch_id) == "draft")
    assert states(odoo, batch_id) == {"ready": ROWS}
    odoo.run(
        """
        user = env["res.users"].with_context(no_reset_password=True).create({
            "name": "G", "login": "goeson@test", "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)]})
        campaign = env["lead.distribution.campaign"].create({"name": "Goes on", "tz": "UTC"})
        batch = env["lead.import.batch"].browse(batch_id)
        batch.action_next()
        batch.write({"campaign_id": campaign.id, "caller_ids": [(0, 0, {"user_id": user.id})]})
        batch.action_next()
        batch.action_start()
        env.cr.commit()
        """,
        batch_id=batch_id,
    )
    wait_until(lambda: states(odoo, batch_id).get("done", 0) > 0)
    kill_who_works(odoo, service, batch_id)
    done = states(odoo, batch_id).get("done", 0)
    assert 0 < done < ROWS, "the worker was killed too late to show anything"
    started = time.monotonic()
    wait_until(lambda: odoo.value(STATE, batch_id) == "done")
    print(f"\nkilled after {done} of {ROWS} rows; done {time.monotonic() - started:.0f} s later")
    assert states(odoo, batch_id) == {"done": ROWS}
    assert odoo.rows(
        "SELECT count(*), count(DISTINCT email_normalized), count(user_id) FROM crm_lead WHERE import_batch_id = %s",
        batch_id,
    ) == [(ROWS, ROWS, ROWS)]
    told = "SELECT interruptions, rows_done, rows_to_do FROM lead_import_batch WHERE id = %s"
    assert odoo.rows(told, batch_id) == [(2, ROWS, ROWS)]


UPLOAD = (
    CREATE
    + """
from odoo.exceptions import UserError
try:
    batch = env["lead.import.batch"].create({"file": data, "file_name": "people.csv"})
    batch.action_next()
    env.cr.commit()
    print("RESULT " + json.dumps(batch.found_format))
except UserError as error:
    env.cr.rollback()
    print("RESULT " + json.dumps(str(error)))
"""
)


@pytest.mark.parametrize("free", [0, 64 * 1024])
def test_a_full_disk_refuses_an_upload_in_words_and_leaves_nothing_half_done(odoo, full_disk, free):  # noqa: F811
    """Without a free byte, and with room for a part of the file."""
    everything = Path(full_disk) / "everything"
    os.truncate(everything, everything.stat().st_size - free)
    beside = Odoo(DATABASE, options=("--data-dir", full_disk))
    counts = "SELECT (SELECT count(*) FROM lead_import_batch), (SELECT count(*) FROM ir_attachment)"
    before = odoo.rows(counts)
    told = beside.run(UPLOAD, rows=20_000 + free // 1024)
    assert "could not be stored on the server: No space left on device" in told
    assert odoo.rows(counts) == before
    left = [path for path in (Path(full_disk) / "filestore").rglob("*") if path.is_file() and path.stat().st_size]
    assert left == []

    everything.unlink()  # the administrator makes room
    assert beside.run(UPLOAD, rows=20_000 + free // 1024).startswith("csv"), "the very same file is taken afterwards"
