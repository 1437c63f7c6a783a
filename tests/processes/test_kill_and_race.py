"""Promises that only hold, or break, between real processes: kill -9, races, locks."""

import signal

import pytest
from run_checks import wait_at_gate

APPLY = """
import os, signal
from odoo.addons.lead_distribution.applying import applier as module
module.BATCH_SIZE = 100
run = env["lead.distribution.run"].browse(run_id)
"""
KILL = (
    APPLY
    + """
model, batches = module.Applier, []
original = getattr(model, method)

def killing(self, *args):
    result = original(self, *args)
    batches.append(1)
    if len(batches) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(model, method, killing)
run.action_apply()
"""
)
WAIT_THEN_APPLY = (
    APPLY
    + """
env.cr.execute("SELECT pg_advisory_lock_shared(4712)")
env.cr.commit()
run.action_apply()
env.cr.commit()
"""
)


def assert_everything_adds_up(odoo, run_id, total=600):
    """Every row of the run is done, and its lead belongs to exactly the planned person."""
    assert odoo.rows(
        "SELECT state, count(*) FROM lead_distribution_assignment WHERE run_id = %s GROUP BY state",
        run_id,
    ) == [("done", total)]
    assert not odoo.rows(
        "SELECT 1 FROM lead_distribution_assignment a JOIN crm_lead l ON l.id = a.lead_id "
        "WHERE a.run_id = %s AND (l.user_id, l.open_user_id, l.holder_id) "
        "IS DISTINCT FROM (a.user_id, a.user_id, a.user_id)",
        run_id,
    )
    assert odoo.rows(
        "SELECT state, leads_distributed, leads_not_distributed FROM lead_distribution_run WHERE id = %s",
        run_id,
    ) == [("done", total, 0)]
    shares = odoo.rows(
        "SELECT leads_received, leads_after_total - leads_before_total "
        "FROM lead_distribution_run_member WHERE run_id = %s",
        run_id,
    )
    assert shares == [(total // 3, total // 3)] * 3


# where the process dies, and how many leads it has handed out by then
@pytest.mark.parametrize(
    ("method", "handed_out"),
    [
        ("write_leads", 200),  # everything of the third batch is written, nothing committed
        ("lock_rows", 200),  # the rows of the third batch are locked
        ("commit", 200),  # right after the third commit, the first one being that of the plan
    ],
)
def test_a_killed_run_loses_nothing_and_a_second_start_finishes_it(odoo, plan, method, handed_out):
    run_id, _campaign = plan
    odoo.finish(odoo.start(KILL, run_id=run_id, method=method), code=-signal.SIGKILL)

    assert odoo.value("SELECT state FROM lead_distribution_run WHERE id = %s", run_id) == "applying"
    done = odoo.value(
        "SELECT count(*) FROM lead_distribution_assignment WHERE run_id = %s AND state = 'done'",
        run_id,
    )
    owned = odoo.value(
        "SELECT count(*) FROM crm_lead l JOIN lead_distribution_assignment a ON a.lead_id = l.id "
        "WHERE a.run_id = %s AND l.user_id IS NOT NULL",
        run_id,
    )
    assert (done, owned) == (handed_out, handed_out)

    odoo.run("env.ref('lead_distribution.ir_cron_distribute').method_direct_trigger()")
    assert_everything_adds_up(odoo, run_id)
    turns = odoo.rows("SELECT rotation_turns FROM lead_distribution_member WHERE campaign_id = %s", plan[1])
    assert turns == [(200,)] * 3


def test_killed_while_planning_nothing_is_left_behind(odoo, plan):
    _run, campaign_id = plan
    before = odoo.value("SELECT count(*) FROM lead_distribution_run")
    killed = odoo.start(
        """
        import os, signal
        campaign = env["lead.distribution.campaign"].browse(campaign_id)
        model = type(env["lead.distribution.run"])
        model._update_summary = lambda self: os.kill(os.getpid(), signal.SIGKILL)
        campaign.simulate()
        """,
        campaign_id=campaign_id,
    )
    odoo.finish(killed, code=-signal.SIGKILL)
    assert odoo.value("SELECT count(*) FROM lead_distribution_run") == before


def test_two_processes_applying_one_run_share_the_work_and_double_nothing(odoo, plan):
    run_id, _campaign = plan
    race(odoo, run_id, run_id)
    assert_everything_adds_up(odoo, run_id)


def test_two_plans_applied_at_once_never_give_one_lead_two_owners(odoo, plan):
    run_id, campaign_id = plan
    other_id = odoo.run(
        """
        import json
        lead_ids = env["lead.distribution.run"].browse(run_id).assignment_ids.lead_id.ids
        other = env["lead.distribution.campaign"].browse(campaign_id).copy()  # one of them has one run at a time
        run = other.simulate(lead_ids=lead_ids)
        env.cr.commit()
        print("RESULT " + json.dumps(run.id))
        """,
        run_id=run_id, campaign_id=campaign_id,
    )  # fmt: skip
    race(odoo, run_id, other_id)
    both = (run_id, other_id)
    assert odoo.value(
        "SELECT count(*) FROM lead_distribution_assignment WHERE run_id IN %s AND state = 'done'",
        both,
    ) == 600  # fmt: skip
    assert odoo.value(
        "SELECT count(DISTINCT lead_id) FROM lead_distribution_assignment a "
        "JOIN crm_lead l ON l.id = a.lead_id AND l.user_id = a.user_id "
        "WHERE run_id IN %s AND state = 'done'",
        both,
    ) == 600  # fmt: skip
    states = odoo.rows("SELECT DISTINCT state FROM lead_distribution_run WHERE id IN %s", both)
    assert states == [("done",)]


def race(odoo, *run_ids):
    """Have processes apply runs, all starting at the same moment."""
    scripts = [f"run_id = {run_id}\n{WAIT_THEN_APPLY}" for run_id in run_ids]
    for process in wait_at_gate(odoo, *scripts):
        odoo.finish(process)


def test_a_lead_that_somebody_is_changing_is_left_alone_and_the_rest_goes_on(odoo, plan):
    run_id, _campaign = plan
    lead_id = odoo.value(
        "SELECT lead_id FROM lead_distribution_assignment WHERE run_id = %s ORDER BY id OFFSET 50 LIMIT 1",
        run_id,
    )
    salesperson = odoo.connect()
    with salesperson.cursor() as cursor:
        cursor.execute("UPDATE crm_lead SET description = 'on the phone' WHERE id = %s", (lead_id,))
        odoo.run(APPLY + "run.action_apply()\nenv.cr.commit()", run_id=run_id)
    salesperson.commit()
    salesperson.close()
    assert odoo.rows("SELECT user_id, description FROM crm_lead WHERE id = %s", lead_id) == [(None, "on the phone")]
    assert odoo.rows(
        "SELECT state, leads_distributed, left_over FROM lead_distribution_run WHERE id = %s",
        run_id,
    ) == [("done", 599, {"skipped": 1})]


def test_a_lead_saved_between_plan_and_first_batch_costs_only_itself(odoo, plan):
    """The plan is committed before it is applied, so a conflict cannot take it away."""
    run_id, _campaign = plan
    result = odoo.run(
        """
        import json
        run = env["lead.distribution.run"].browse(run_id)
        lead_ids = run.assignment_ids.lead_id.ids
        campaign = run.campaign_id
        run.action_cancel()
        env.cr.commit()
        model = type(campaign)
        original = model._plan_run

        def plan_then_somebody_saves(self, options):
            planned = original(self, options)
            env.flush_all()
            with env.registry.cursor() as other:
                other.execute("UPDATE crm_lead SET description = 'saved' WHERE id = %s", (lead_ids[7],))
            return planned

        model._plan_run = plan_then_somebody_saves
        done = campaign.distribute(lead_ids=lead_ids)
        env.cr.commit()
        print("RESULT " + json.dumps([done.id, done.state, done.leads_distributed]))
        """,
        run_id=run_id,
    )
    assert result[1:] == ["done", 600]
