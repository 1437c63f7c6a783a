"""What may happen in the middle of a run, made to happen: the run ends, and everything adds up."""

from run_checks import WAIT, get_state, start_at_once
from test_kill_and_race import APPLY, assert_everything_adds_up

# the worker calls ``meanwhile(other cursor)`` once, at a certain place, and the other cursor commits
MEANWHILE = (
    APPLY
    + """
calls = []

def call_meanwhile(self):
    calls.append(1)
    if len(calls) == number:
        with env.registry.cursor() as other:
            meanwhile(other)

def patch(model, method):
    original = getattr(model, method)

    def patched(self, *args):
        result = original(self, *args)
        call_meanwhile(self)
        return result

    setattr(model, method, patched)
"""
)


def statement_in_the_middle(odoo, run_id, statement, method="commit", number=3):
    """Apply a run; after the ``number``-th call of a method another transaction does something."""
    return odoo.run(
        MEANWHILE
        + """
meanwhile = lambda cursor: cursor.execute(statement)
patch(module.Applier, method)
run.action_apply()
env.cr.commit()
""",
        run_id=run_id, statement=statement, method=method, number=number,
    )  # fmt: skip


def get_planned_lead(odoo, run_id, offset):
    return odoo.rows(
        "SELECT lead_id, user_id FROM lead_distribution_assignment WHERE run_id = %s ORDER BY id OFFSET %s LIMIT 1",
        run_id,
        offset,
    )[0]


def test_a_lead_saved_after_the_batch_began_is_read_again_and_keeps_what_was_saved(odoo, plan):
    """PostgreSQL refuses the lock ("could not serialize access"); the batch is done once more."""
    run_id, _campaign = plan
    lead_id, _user = get_planned_lead(odoo, run_id, 130)
    saved = f"UPDATE crm_lead SET description = 'saved' WHERE id = {lead_id}"
    statement_in_the_middle(odoo, run_id, saved, method="lock_rows", number=2)
    assert_everything_adds_up(odoo, run_id)
    assert odoo.value("SELECT description FROM crm_lead WHERE id = %s", lead_id) == "saved"


def test_a_deadlock_costs_one_attempt(odoo, plan):
    """Somebody holds what the batch needs, and waits for what the batch holds."""
    run_id, _campaign = plan
    lead_id, user_id = get_planned_lead(odoo, run_id, 0)
    attempts = odoo.run(
        APPLY
        + """
import json, threading
model, attempts, waiting = module.Applier, [], []
original = model.write_leads

def cross():
    with env.registry.cursor() as other:
        other.execute("SELECT 1 FROM res_users WHERE id = %s FOR UPDATE", (user_id,))
        other.execute("SET LOCAL lock_timeout = '60s'")
        holds.set()
        other.execute("UPDATE crm_lead SET description = 'crossed' WHERE id = %s", (lead_id,))

def write_rows(self, rows):
    attempts.append(len(rows))
    if len(attempts) == 1:
        thread = threading.Thread(target=cross)
        thread.start()
        waiting.append(thread)
        holds.wait(30)
    return original(self, rows)

holds = threading.Event()
model.write_leads = write_rows
run.action_apply()
env.cr.commit()
waiting[0].join()
print("RESULT " + json.dumps(len(attempts)))
""",
        run_id=run_id, lead_id=lead_id, user_id=user_id,
    )  # fmt: skip
    assert_everything_adds_up(odoo, run_id)
    # PostgreSQL chooses who has to give way: the batch is done again, or the other one has failed
    saved = odoo.value("SELECT description FROM crm_lead WHERE id = %s", lead_id)
    assert (attempts, saved) in ((7, "crossed"), (6, None))


def test_who_is_archived_in_the_middle_gets_nothing_more(odoo, plan):
    run_id, _campaign = plan
    _lead, user_id = get_planned_lead(odoo, run_id, 0)
    statement_in_the_middle(odoo, run_id, f"UPDATE res_users SET active = false WHERE id = {user_id}")
    state, rows = get_state(odoo, run_id)
    assert state == "done"
    after = odoo.rows(
        "SELECT state, note FROM lead_distribution_assignment WHERE run_id = %s AND user_id = %s "
        "AND id > (SELECT id FROM lead_distribution_assignment WHERE run_id = %s ORDER BY id OFFSET 199 LIMIT 1)",
        run_id, user_id, run_id,
    )  # fmt: skip
    assert set(after) == {("skipped", "The salesperson was archived after the plan.")}
    assert rows == {"done": 600 - len(after), "skipped": len(after)}


def test_a_lead_deleted_in_the_middle_is_counted_as_left(odoo, plan):
    run_id, _campaign = plan
    lead_id, _user = get_planned_lead(odoo, run_id, 450)
    statement_in_the_middle(odoo, run_id, f"DELETE FROM crm_lead WHERE id = {lead_id}")
    assert get_state(odoo, run_id) == ("done", {"done": 599, "skipped": 1})
    note = "SELECT note FROM lead_distribution_assignment WHERE run_id = %s AND state = 'skipped'"
    assert odoo.value(note, run_id) == "The lead was deleted after the plan."


def test_two_crons_and_a_click_at_once_hand_out_every_lead_once(odoo, plan):
    run_id, campaign_id = plan
    lead_ids = [row[0] for row in odoo.rows(
        "SELECT lead_id FROM lead_distribution_assignment WHERE run_id = %s", run_id)]  # fmt: skip
    odoo.run(
        """
        from odoo import fields
        env["lead.distribution.run"].browse(run_id).action_cancel()
        campaign = env["lead.distribution.campaign"].browse(campaign_id)
        mine = env["crm.lead"].browse(lead_ids)
        campaign.write({"frequency": "daily", "own_domain": str([("source_id", "in", mine.source_id.ids)])})
        campaign.next_run = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        env.cr.commit()
        """,
        run_id=run_id, campaign_id=campaign_id, lead_ids=lead_ids,
    )  # fmt: skip
    cron = WAIT + "env['lead.distribution.campaign']._cron_distribute()\nenv.cr.commit()"
    click = WAIT + "env['lead.distribution.campaign'].browse(campaign_id).distribute()\nenv.cr.commit()"
    start_at_once(odoo, campaign_id, cron, cron, click)
    odoo.run("env['lead.distribution.campaign']._cron_distribute()\nenv.cr.commit()")

    done = (
        "SELECT count(*), count(DISTINCT lead_id) FROM lead_distribution_assignment "
        "WHERE campaign_id = %s AND state = 'done'"
    )
    assert odoo.rows(done, campaign_id) == [(600, 600)]
    assert not odoo.rows(
        "SELECT 1 FROM crm_lead l JOIN lead_distribution_assignment a ON a.lead_id = l.id AND a.state = 'done' "
        "WHERE a.campaign_id = %s AND l.user_id IS DISTINCT FROM a.user_id",
        campaign_id,
    )
    states = "SELECT DISTINCT state FROM lead_distribution_run WHERE campaign_id = %s AND id <> %s"
    assert odoo.rows(states, campaign_id, run_id) == [("done",)]


CUT = """
original = module.Applier.write_leads

def assign_leads(self, rows):
    original(self, rows)
    calls.append(1)
    if len(calls) == 3:
        self.env.cr.execute("SELECT pg_backend_pid()")
        [pid] = self.env.cr.fetchone()
        with env.registry.cursor() as other:
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))
    return None

calls = []
module.Applier.write_leads = assign_leads
run.action_apply()
"""


def test_a_connection_that_breaks_costs_a_batch_that_the_scheduler_does_again(odoo, plan):
    run_id, _campaign = plan
    process = odoo.start(APPLY + CUT, run_id=run_id)
    process.communicate(timeout=180)
    state, rows = (
        odoo.value("SELECT state FROM lead_distribution_run WHERE id = %s", run_id),
        odoo.value("SELECT count(*) FROM lead_distribution_assignment WHERE run_id = %s AND state = 'done'", run_id),
    )
    assert (state, rows) == ("applying", 200)
    odoo.run("env.ref('lead_distribution.ir_cron_distribute').method_direct_trigger()")
    assert_everything_adds_up(odoo, run_id)


def test_a_run_whose_last_batch_took_up_the_schedulers_time_is_closed_at_once(odoo, plan):
    run_id, _campaign = plan
    odoo.run(
        """
        run = env["lead.distribution.run"].browse(run_id)
        run._begin()
        env.cr.commit()
        from odoo.addons.lead_distribution.applying.applier import Applier as model
        original = model.commit

        def commit_batch(self, processed=0):
            left = original(self, processed)
            return 0 if processed else left

        model.commit = commit_batch
        env.ref("lead_distribution.ir_cron_distribute").method_direct_trigger()
        """,
        run_id=run_id,
    )
    assert_everything_adds_up(odoo, run_id)


def test_a_run_longer_than_the_schedulers_time_has_it_woken_at_once(odoo, plan):
    run_id, _campaign = plan
    odoo.run(
        """
        from odoo.addons.base.models import ir_cron
        ir_cron.MIN_RUNS_PER_JOB = ir_cron.MIN_TIME_PER_JOB = 0.001
        from odoo.addons.lead_distribution.applying import applier as module
        module.BATCH_SIZE = 100
        env["lead.distribution.run"].browse(run_id)._begin()
        env.cr.commit()
        from odoo.sql_db import db_connect
        scheduler = db_connect("postgres").cursor()
        scheduler.execute("LISTEN cron_trigger")
        scheduler.commit()
        env.ref("lead_distribution.ir_cron_distribute").method_direct_trigger()
        scheduler._cnx.poll()
        assert env.cr.dbname in [notify.payload for notify in scheduler._cnx.notifies]
        """,
        run_id=run_id,
    )
    assert odoo.value("SELECT state FROM lead_distribution_run WHERE id = %s", run_id) == "applying"
