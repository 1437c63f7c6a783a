"""Imports that are killed, stopped or undone while real processes work on them."""

import signal
from contextlib import closing

import pytest
from run_checks import wait_until

IMPORT = """
import os, signal
from odoo.addons.lead_distribution.importing import chunk, running
chunk.CHUNK = 100
batch = env["lead.import.batch"].browse(batch_id)
"""
KILL = (
    IMPORT
    + """
module, chunks = {"chunk": chunk, "running": running}[place], []
original = getattr(module, name)

def killing(*args):
    result = original(*args)
    chunks.append(1)
    if len(chunks) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(module, name, killing)
env.ref("lead_distribution.ir_cron_import").method_direct_trigger()
"""
)
# the scheduler gives a job only so much time, and calls it again
RUN_CRON = (
    IMPORT
    + """
while batch.state == "importing":
    env.ref("lead_distribution.ir_cron_import").method_direct_trigger()
    env.cr.rollback()
"""
)
START = "env['lead.import.batch'].browse(batch_id).action_start()\nenv.cr.commit()"
ROWS = 700


@pytest.fixture
def prepared(odoo):
    """An import of 700 rows for three callers that was prepared as far as the preview; its id."""
    return odoo.run(
        """
        import base64, json
        number = env["lead.import.batch"].search_count([])
        group = env.ref("sales_team.group_sale_salesman")
        users = env["res.users"].with_context(no_reset_password=True).create([
            {"name": f"I{n}", "login": f"i{n}-{number}@test", "group_ids": [(4, group.id)]} for n in range(3)
        ])
        campaign = env["lead.distribution.campaign"].create({"name": f"Import {number}", "tz": "UTC"})
        lines = ["Name,E-mail"] + [f"Person {n},person{n}@import{number}.com" for n in range(rows)]
        batch = env["lead.import.batch"].create({
            "file": base64.b64encode("\\n".join(lines).encode()), "file_name": "people.csv",
        })
        batch.action_next()
        batch.action_next()
        batch.action_next()
        batch.write({"campaign_id": campaign.id, "caller_ids": [(0, 0, {"user_id": user.id}) for user in users]})
        batch.action_next()
        env.cr.commit()
        print("RESULT " + json.dumps(batch.id))
        """,
        rows=ROWS,
    )


@pytest.fixture
def started(odoo, prepared):
    """The same, started in the browser."""
    odoo.run(START, batch_id=prepared)
    return prepared


def states(odoo, batch_id):
    return dict(odoo.rows("SELECT state, count(*) FROM lead_import_row WHERE batch_id = %s GROUP BY state", batch_id))


def assert_everything_adds_up(odoo, batch_id):
    """Every row is a lead exactly once, with its owner and one line of history."""
    assert states(odoo, batch_id) == {"done": ROWS}
    assert odoo.rows("SELECT state, rows_done FROM lead_import_batch WHERE id = %s", batch_id) == [("done", ROWS)]
    assert odoo.rows(
        "SELECT count(*), count(DISTINCT email_normalized), count(user_id) FROM crm_lead WHERE import_batch_id = %s",
        batch_id,
    ) == [(ROWS, ROWS, ROWS)]
    assert odoo.rows(
        "SELECT count(*), count(DISTINCT a.lead_id) FROM lead_distribution_assignment a JOIN crm_lead l "
        "ON l.id = a.lead_id AND l.user_id = a.user_id WHERE l.import_batch_id = %s AND a.state = 'done'",
        batch_id,
    ) == [(ROWS, ROWS)]
    shares = odoo.rows(
        "SELECT m.leads_received FROM lead_distribution_run_member m JOIN lead_distribution_run r ON r.id = m.run_id "
        "WHERE r.import_batch_id = %s ORDER BY 1",
        batch_id,
    )
    assert shares == [(233,), (233,), (234,)]
    assert odoo.value("SELECT state FROM lead_distribution_run WHERE import_batch_id = %s", batch_id) == "done"


# where the process dies, and how many leads there are by then
@pytest.mark.parametrize(
    ("place", "name", "imported"),
    [
        ("chunk", "_create_leads", 200),  # everything of the third chunk is written, nothing committed
        ("chunk", "lock_rows", 200),  # the rows of the third chunk are locked
        ("running", "commit", 200),  # right after the third commit, the first one being that of the mark
    ],
)
def test_a_killed_import_goes_on_at_the_first_row_that_is_not_done(odoo, started, place, name, imported):
    odoo.finish(odoo.start(KILL, batch_id=started, place=place, name=name), code=-signal.SIGKILL)
    assert states(odoo, started) == {"done": imported, "ready": ROWS - imported}
    leads = odoo.value("SELECT count(*) FROM crm_lead WHERE import_batch_id = %s", started)
    assert (leads, odoo.value("SELECT state FROM lead_import_batch WHERE id = %s", started)) == (imported, "importing")

    odoo.run(RUN_CRON, batch_id=started)
    assert_everything_adds_up(odoo, started)
    told = "SELECT interruptions, working_since FROM lead_import_batch WHERE id = %s"
    assert odoo.rows(told, started) == [(1, None)], "the page says that it was interrupted, and that it is over"


def test_killed_while_it_is_planned_it_is_as_before_and_can_be_started(odoo, prepared):
    kill = """
import os, signal
from odoo.addons.lead_distribution.importing import plan
original = plan.keep_plan

def killing(*args):
    original(*args)
    os.kill(os.getpid(), signal.SIGKILL)

plan.keep_plan = killing
env["lead.import.batch"].browse(batch_id).action_start()
"""
    odoo.finish(odoo.start(kill, batch_id=prepared), code=-signal.SIGKILL)
    assert odoo.rows("SELECT state, step, run_id FROM lead_import_batch WHERE id = %s", prepared) == [
        ("draft", "preview", None)
    ]
    query = "SELECT state, count(*), count(user_id) FROM lead_import_row WHERE batch_id = %s GROUP BY 1"
    assert odoo.rows(query, prepared) == [("ready", ROWS, 0)]
    odoo.run(START, batch_id=prepared)
    odoo.run(RUN_CRON, batch_id=prepared)
    assert_everything_adds_up(odoo, prepared)


def test_stopped_from_another_process_it_keeps_what_is_done_and_can_be_undone(odoo, started):
    odoo.run(
        IMPORT
        + """
original, chunks = running.commit, []

def stopping(env, processed=0):
    result = original(env, processed)
    chunks.append(1)
    if len(chunks) == 3:
        with env.registry.cursor() as other:
            env(cr=other)["lead.import.batch"].browse(batch_id).action_cancel()
    return result

running.commit = stopping
env.ref("lead_distribution.ir_cron_import").method_direct_trigger()
""",
        batch_id=started,
    )
    assert states(odoo, started) == {"done": 200, "cancelled": ROWS - 200}
    assert odoo.value("SELECT state FROM lead_import_batch WHERE id = %s", started) == "cancelled"
    assert odoo.rows(
        "SELECT state, leads_distributed FROM lead_distribution_run WHERE import_batch_id = %s", started
    ) == [("cancelled", 200)]

    odoo.run("env['lead.import.batch'].browse(batch_id).action_undo()\nenv.cr.commit()", batch_id=started)
    assert odoo.value("SELECT count(*) FROM crm_lead WHERE import_batch_id = %s", started) == 0
    assert states(odoo, started) == {"undone": 200, "cancelled": ROWS - 200}


def test_stopped_while_a_chunk_is_in_hand_that_chunk_is_given_up_and_all_is_closed(odoo, started):
    """Whoever stops it waits for nobody; whoever works on it closes it."""
    told = odoo.run(
        IMPORT
        + """
import json
original, chunks, told = chunk._create_leads, [], []

def stopping(session, rows):
    result = original(session, rows)
    chunks.append(1)
    if len(chunks) == 3:
        with session.batch.env.registry.cursor() as other:
            mine = session.batch.env(cr=other)["lead.import.batch"].browse(batch_id)
            mine.action_cancel()
            told.append([mine.state, mine.is_stopping])
    return result

chunk._create_leads = stopping
env.ref("lead_distribution.ir_cron_import").method_direct_trigger()
print("RESULT " + json.dumps(told))
""",
        batch_id=started,
    )
    assert told == [["importing", True]]
    assert states(odoo, started) == {"done": 200, "cancelled": ROWS - 200}
    closed = "SELECT state, is_stopping FROM lead_import_batch WHERE id = %s"
    assert odoo.rows(closed, started) == [("cancelled", False)]
    assert odoo.value("SELECT count(*) FROM crm_lead WHERE import_batch_id = %s", started) == 200


def test_an_undo_that_is_killed_can_be_called_again(odoo, started):
    odoo.run(RUN_CRON, batch_id=started)
    undo = """
import os, signal
from odoo.addons.lead_distribution.importing import undo as module
module.UNDO_ROWS = 100
batch = env["lead.import.batch"].browse(batch_id)
original, chunks = module.commit, []

def killing(env, processed=0):
    original(env, processed)
    chunks.append(1)
    if len(chunks) == stop_after:
        os.kill(os.getpid(), signal.SIGKILL)

module.commit = killing
batch.action_undo()
env.cr.commit()
"""
    odoo.finish(odoo.start(undo, batch_id=started, stop_after=3), code=-signal.SIGKILL)
    assert states(odoo, started) == {"undone": 300, "done": ROWS - 300}
    odoo.run(undo, batch_id=started, stop_after=-1)
    assert states(odoo, started) == {"undone": ROWS}
    assert odoo.value("SELECT count(*) FROM crm_lead WHERE import_batch_id = %s", started) == 0


def test_an_undo_waits_for_leads_that_are_locked_for_a_moment(odoo, started):
    odoo.run(RUN_CRON, batch_id=started)
    with closing(odoo.connect()) as other, other.cursor() as cursor:
        cursor.execute("SELECT id FROM crm_lead WHERE import_batch_id = %s ORDER BY id LIMIT 50 FOR UPDATE", (started,))
        undo = odoo.start("env['lead.import.batch'].browse(batch_id).action_undo()\nenv.cr.commit()", batch_id=started)
        wait_until(lambda: states(odoo, started) == {"done": 50, "undone": ROWS - 50}, 60)
        other.rollback()
    odoo.finish(undo)
    assert states(odoo, started) == {"undone": ROWS}
    assert odoo.value("SELECT count(*) FROM crm_lead WHERE import_batch_id = %s", started) == 0


def test_two_people_who_undo_at_once_leave_nothing_behind(odoo, started):
    odoo.run(RUN_CRON, batch_id=started)
    undo = """
    from odoo.exceptions import UserError
    from odoo.addons.lead_distribution.importing import undo as module
    module.UNDO_ROWS = 20
    try:
        env["lead.import.batch"].browse(batch_id).action_undo()
    except UserError:
        env.cr.rollback()
    env.cr.commit()
    """
    for process in [odoo.start(undo, batch_id=started) for _person in range(2)]:
        odoo.finish(process)
    assert states(odoo, started) == {"undone": ROWS}


def test_two_schedulers_at_once_import_every_row_once(odoo, started):
    work = IMPORT + "batch._import_in_steps()\nenv.cr.commit()"
    processes = [odoo.start(work, batch_id=started) for _process in range(2)]
    for process in processes:
        odoo.finish(process)
    odoo.run(RUN_CRON, batch_id=started)
    assert_everything_adds_up(odoo, started)


def test_a_killed_check_goes_on_where_it_was(odoo):
    batch_id = odoo.run(
        """
        import base64, json
        from odoo.addons.lead_distribution.importing import checking as module
        module.CHECK_AT_ONCE = 1000
        lines = ["Name,E-mail"] + [f"Person {n},person{n}@check.com" for n in range(3500)] + ["Twin,person3@check.com"]
        batch = env["lead.import.batch"].create({
            "file": base64.b64encode("\\n".join(lines).encode()), "file_name": "people.csv",
        })
        batch.action_next()
        batch.action_next()
        env.cr.commit()
        print("RESULT " + json.dumps(batch.id))
        """
    )
    odoo.finish(
        odoo.start(
            """
            import os, signal
            from odoo.addons.lead_distribution.importing.checking import Checker
            original, chunks = Checker.check, []

            def killing(self, *args):
                chunks.append(1)
                if len(chunks) == 2:
                    os.kill(os.getpid(), signal.SIGKILL)
                return original(self, *args)

            Checker.check = killing
            env.ref("lead_distribution.ir_cron_import").method_direct_trigger()
            """
        ),
        code=-signal.SIGKILL,
    )
    assert states(odoo, batch_id) == {"ready": 2000}
    odoo.run("env.ref('lead_distribution.ir_cron_import').method_direct_trigger()")
    assert states(odoo, batch_id) == {"ready": 3500, "skipped": 1}
    assert odoo.rows("SELECT state, rows_read, step FROM lead_import_batch WHERE id = %s", batch_id) == [
        ("draft", 3501, "duplicates")
    ]
