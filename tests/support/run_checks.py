"""What must hold after a run whatever happened meanwhile, and processes that start at once."""

import time
from contextlib import closing

# others may wait for locks of the same number in other databases of the server
AT_GATE = """
SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objid = 4712 AND NOT l.granted
"""
WAIT = """
from odoo.addons.lead_distribution.applying import applier as module
module.BATCH_SIZE = 100
env.cr.execute("SELECT pg_advisory_lock_shared(4712)")
env.cr.commit()
"""


def start_at_once(odoo, campaign_id, *scripts):
    """Start processes that all wait at a gate; open it, and wait for their ends.

    The losers of a race may end with an error that Odoo answers by trying again.
    """
    for process in wait_at_gate(odoo, *scripts, campaign_id=campaign_id):
        _out, err = process.communicate(timeout=180)
        assert process.returncode == 0 or "could not serialize access" in err or "deadlock" in err, err[-3000:]


def wait_at_gate(odoo, *scripts, **values):
    """Start processes; open the gate once all of them wait at it; return them."""
    with closing(odoo.connect()) as gate, gate.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(4712)")
        processes = [odoo.start(script, **values) for script in scripts]

        def are_at_gate():
            ended = [process for process in processes if process.poll() is not None]
            assert not ended, [process.communicate()[1][-3000:] for process in ended]
            return odoo.value(AT_GATE) == len(processes)

        wait_until(are_at_gate)
    return processes


def get_state(odoo, run_id):
    """Return (state of the run, {state of the row: number}), having checked that nothing is lost."""
    [(state, found, done, left)] = odoo.rows(
        "SELECT state, leads_found, leads_distributed, leads_not_distributed FROM lead_distribution_run WHERE id = %s",
        run_id,
    )
    rows = dict(
        odoo.rows(
            "SELECT state, count(*) FROM lead_distribution_assignment WHERE run_id = %s GROUP BY state",
            run_id,
        )
    )
    assert found == done + left == sum(rows.values())
    assert rows.get("done", 0) == done
    owned = odoo.value(
        "SELECT count(DISTINCT l.id) FROM crm_lead l JOIN lead_distribution_assignment a "
        "ON a.lead_id = l.id AND a.user_id = l.user_id WHERE a.run_id = %s AND a.state = 'done'",
        run_id,
    )
    assert owned == done
    return state, rows


def wait_until(condition, seconds=240):
    """Ask again and again until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)
