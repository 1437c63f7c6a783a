"""Runs that were cut off, started twice, reverted by two people, or that meet leads in use: in real processes."""

import signal
from contextlib import closing

import pytest
from run_checks import WAIT, get_state, start_at_once, wait_until
from test_kill_and_race import KILL

REVERT = (
    WAIT
    + """
from odoo.exceptions import UserError
from odoo.addons.lead_distribution.applying import reverter as reverting
reverting.BATCH_SIZE = 50
try:
    env["lead.distribution.run"].browse(%s).action_revert()
    env.cr.commit()
except UserError as error:
    assert "at this moment" in str(error) or "Only a run" in str(error), error
"""
)
START = (
    WAIT
    + """
env["lead.distribution.campaign"].browse(campaign_id).distribute(lead_ids=%s)
env.cr.commit()
"""
)
TURNS = "SELECT DISTINCT rotation_turns FROM lead_distribution_member WHERE campaign_id = %s"
IN_QUEUE = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE %s
"""
BY_STATE = "SELECT state, count(*) FROM lead_distribution_assignment WHERE run_id = %s GROUP BY state"


def apply(odoo, run_id):
    odoo.run("env['lead.distribution.run'].browse(run_id).action_apply()\nenv.cr.commit()", run_id=run_id)


def test_two_people_who_revert_at_once_leave_no_lead_behind(odoo, plan):
    run_id, campaign_id = plan
    apply(odoo, run_id)
    start_at_once(odoo, campaign_id, REVERT % run_id, REVERT % run_id)
    assert odoo.rows(BY_STATE, run_id) == [("reverted", 600)]
    assert odoo.rows("SELECT state, leads_kept FROM lead_distribution_run WHERE id = %s", run_id) == [("reverted", 0)]
    owned = "SELECT count(*) FROM crm_lead l JOIN lead_distribution_assignment a ON a.lead_id = l.id "
    assert odoo.value(owned + "WHERE a.run_id = %s AND (l.user_id, l.distributed_on) IS DISTINCT FROM (NULL, NULL)",
                      run_id) == 0  # fmt: skip
    assert odoo.rows(TURNS, campaign_id) == [(0,)]


@pytest.mark.parametrize(
    "go_on",
    [
        "env['lead.distribution.run'].browse(run_id).action_revert()\nenv.cr.commit()",
        "env.ref('lead_distribution.ir_cron_distribute').method_direct_trigger()",
    ],
    ids=["by hand", "by itself"],
)
def test_a_killed_revert_goes_on_where_it_was(odoo, plan, go_on):
    run_id, campaign_id = plan
    apply(odoo, run_id)
    killed = odoo.start(
        """
        import os, signal
        from odoo.addons.lead_distribution.applying import reverter as reverting
        reverting.BATCH_SIZE = 100
        run = env["lead.distribution.run"].browse(run_id)
        model, batches = reverting.Reverter, []
        original = model.put_back

        def killing(self, rows):
            original(self, rows)
            batches.append(1)
            if len(batches) == 3:
                os.kill(os.getpid(), signal.SIGKILL)

        model.put_back = killing
        run.action_revert()
        """,
        run_id=run_id,
    )
    odoo.finish(killed, code=-signal.SIGKILL)
    assert sorted(odoo.rows(BY_STATE, run_id)) == [("done", 400), ("reverted", 200)]
    odoo.run(go_on, run_id=run_id)
    assert odoo.rows(BY_STATE, run_id) == [("reverted", 600)]
    ended = "SELECT state, leads_put_back, reverting_since FROM lead_distribution_run WHERE id = %s"
    assert odoo.rows(ended, run_id) == [("reverted", 600, None)]
    assert odoo.rows(TURNS, campaign_id) == [(0,)]


def test_an_interrupted_run_that_is_started_again_keeps_its_limits(odoo, plan):
    run_id, campaign_id = plan
    leads = odoo.run(
        """
        import json
        old = env["lead.distribution.run"].browse(run_id)
        lead_ids = old.assignment_ids.lead_id.ids
        old.action_cancel()
        run = old.campaign_id.simulate(lead_ids=lead_ids, max_leads=450)
        env.cr.commit()
        print("RESULT " + json.dumps([run.id, lead_ids]))
        """,
        run_id=run_id,
    )
    first_id, lead_ids = leads
    odoo.finish(odoo.start(KILL, run_id=first_id, method="write_leads"), code=-signal.SIGKILL)
    assert odoo.value("SELECT state FROM lead_distribution_run WHERE id = %s", first_id) == "applying"
    again = odoo.run(
        """
        import json
        run = env["lead.distribution.campaign"].browse(campaign_id).distribute(lead_ids=lead_ids, max_leads=450)
        env.cr.commit()
        print("RESULT " + json.dumps(run.id))
        """,
        campaign_id=campaign_id, lead_ids=lead_ids,
    )  # fmt: skip
    assert again == first_id
    assert odoo.value("SELECT count(*) FROM crm_lead WHERE id = ANY(%s) AND user_id IS NOT NULL", lead_ids) == 450
    figures = "SELECT state, leads_found, leads_distributed, left_over FROM lead_distribution_run WHERE id = %s"
    assert odoo.rows(figures, first_id) == [("done", 600, 450, {"max_leads": 150})]


def test_two_starts_at_the_same_moment_make_one_run(odoo, plan):
    run_id, campaign_id = plan
    lead_ids = odoo.run(
        """
        import json
        old = env["lead.distribution.run"].browse(run_id)
        print("RESULT " + json.dumps(old.assignment_ids.lead_id.ids))
        old.action_cancel()
        env.cr.commit()
        """,
        run_id=run_id,
    )
    start_at_once(odoo, campaign_id, START % lead_ids, START % lead_ids)
    runs = odoo.rows(
        "SELECT id, state FROM lead_distribution_run "
        "WHERE campaign_id = %s AND state <> 'cancelled' AND leads_done > 0",
        campaign_id,
    )
    assert [state for _id, state in runs] == ["done"]
    assert get_state(odoo, runs[0][0])[1] == {"done": 600}


def test_many_leads_in_use_are_waited_for_once_not_each(odoo, plan):
    run_id, _campaign = plan
    lead_ids = [row[0] for row in odoo.rows(
        "SELECT lead_id FROM lead_distribution_assignment WHERE run_id = %s ORDER BY id LIMIT 12", run_id)]  # fmt: skip
    salesperson = odoo.connect()
    with salesperson.cursor() as cursor:
        cursor.execute("SELECT 1 FROM crm_lead WHERE id = ANY(%s) FOR UPDATE", (lead_ids,))
        seconds = odoo.run(
            """
            import json, time
            started = time.monotonic()
            env["lead.distribution.run"].browse(run_id).action_apply()
            env.cr.commit()
            print("RESULT " + json.dumps(time.monotonic() - started))
            """,
            run_id=run_id,
        )
    salesperson.rollback()
    salesperson.close()
    assert get_state(odoo, run_id) == ("done", {"done": 588, "skipped": 12})
    assert seconds < 12  # three seconds of waiting and the run itself; each on its own would be 36


def test_a_lead_that_is_in_use_for_a_moment_is_put_back_all_the_same(odoo, plan):
    run_id, _campaign = plan
    apply(odoo, run_id)
    lead_id = odoo.value("SELECT min(lead_id) FROM lead_distribution_assignment WHERE run_id = %s", run_id)
    salesperson = odoo.connect()
    with salesperson.cursor() as cursor:
        cursor.execute("SELECT 1 FROM crm_lead WHERE id = %s FOR UPDATE", (lead_id,))
        process = odoo.start(
            "env['lead.distribution.run'].browse(run_id).action_revert()\nenv.cr.commit()", run_id=run_id
        )
        wait_until(lambda: process.poll() is None and odoo.value(IN_QUEUE, "%NO KEY UPDATE%"), 60)
        salesperson.rollback()
    salesperson.close()
    odoo.finish(process)
    assert odoo.rows(BY_STATE, run_id) == [("reverted", 600)]


def test_a_lead_that_stays_in_use_is_told_and_can_be_put_back_later(odoo, plan):
    run_id, _campaign = plan
    apply(odoo, run_id)
    revert = "env['lead.distribution.run'].browse(run_id).action_revert()\nenv.cr.commit()"
    lead_id = odoo.value("SELECT min(lead_id) FROM lead_distribution_assignment WHERE run_id = %s", run_id)
    salesperson = odoo.connect()
    with salesperson.cursor() as cursor:
        cursor.execute("SELECT 1 FROM crm_lead WHERE id = %s FOR UPDATE", (lead_id,))
        odoo.run(revert, run_id=run_id)
    salesperson.rollback()
    salesperson.close()
    kept = "SELECT lead_id, note FROM lead_distribution_assignment WHERE run_id = %s AND state = 'done'"
    assert odoo.rows(kept, run_id) == [(lead_id, "Not put back: somebody is changing the lead.")]
    assert odoo.value("SELECT leads_kept FROM lead_distribution_run WHERE id = %s", run_id) == 1
    odoo.run(revert, run_id=run_id)
    assert odoo.rows(BY_STATE, run_id) == [("reverted", 600)]
    assert odoo.value("SELECT leads_kept FROM lead_distribution_run WHERE id = %s", run_id) == 0


def test_who_waits_to_cancel_a_run_that_ends_meanwhile_is_refused_and_nothing_ends_twice(odoo, plan):
    run_id, campaign_id = plan
    live = "UPDATE lead_distribution_campaign SET is_live = %s WHERE id = %s"
    with closing(odoo.connect()) as others, others.cursor() as cursor:
        cursor.execute(live, (True, campaign_id))
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('lead.distribution.live', 0))")
        others.commit()
        cancelling = odoo.start(
            """
            import json
            from odoo.exceptions import UserError
            try:
                env["lead.distribution.run"].browse(run_id).action_cancel()
                env.cr.commit()
                print("RESULT " + json.dumps("cancelled"))
            except UserError as error:
                print("RESULT " + json.dumps(str(error)))
            """,
            run_id=run_id,
        )
        wait_until(lambda: odoo.value(IN_QUEUE, "%pg_advisory_xact_lock%") == 1)
        cursor.execute(live, (False, campaign_id))  # so that handing out does not wait in the same queue
        others.commit()
        apply(odoo, run_id)
        turns = odoo.rows(TURNS, campaign_id)
    assert "not finished" in odoo.finish(cancelling)
    assert get_state(odoo, run_id) == ("done", {"done": 600})
    assert odoo.rows(TURNS, campaign_id) == turns
