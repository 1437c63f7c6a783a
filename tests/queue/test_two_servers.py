"""Two Odoo servers and the job runner work one run, or one import, together; one server is killed on the way.

The last test leaves a live campaign behind.
"""

import signal

from job_servers import two_servers
from plan_fixtures import make_plan
from run_checks import get_state, wait_until

LEADS, BATCH = 24_000, 2_000
ROWS, PART = 24_000, 2_000
JOBS = "SELECT count(*) FROM queue_job WHERE distribution_run_id = %s"
IMPORT_JOBS = "SELECT count(*) FROM queue_job WHERE import_batch_id = %s"


def kill_one_on_the_way(odoo, servers, jobs, record_id):
    """Wait until both servers have done a job; kill the first with one in hand. Return what counts jobs done."""
    by_server = jobs + " AND state = 'done' AND worker_pid = %s"
    for server in servers:
        wait_until(lambda server=server: odoo.value(by_server, record_id, server.pid) >= 1)
    busy = jobs + " AND state = 'started' AND worker_pid = %s"
    wait_until(lambda: odoo.value(busy, record_id, servers[0].pid) > 0)
    servers[0].send_signal(signal.SIGKILL)
    return by_server


def test_two_servers_share_a_run_and_the_death_of_one_loses_nothing(odoo):
    run_id, _campaign = make_plan(odoo, LEADS)
    odoo.run(
        """
        env["lead.distribution.run"].browse(run_id).action_start()
        env["lead.distribution.campaign"]._cron_distribute()
        env.cr.commit()
        """,
        run_id=run_id,
    )
    assert odoo.value(JOBS, run_id) == LEADS // BATCH + 1
    with two_servers() as servers:
        by_server = kill_one_on_the_way(odoo, servers, JOBS, run_id)
        state = "SELECT state FROM lead_distribution_run WHERE id = %s"
        wait_until(lambda: odoo.value(state, run_id) == "done")
        wait_until(lambda: odoo.value(JOBS + " AND state <> 'done'", run_id) == 0)
    assert get_state(odoo, run_id) == ("done", {"done": LEADS})
    assert odoo.value(by_server, run_id, servers[1].pid) >= LEADS // BATCH // 2
    assert odoo.value(JOBS + " AND retry > 1", run_id) >= 1, "no job was lost with the server, so nothing was shown"


def start_import(odoo, rows):
    """Start an import in the background, checked already; return its id."""
    return odoo.run(
        """
        import base64, json
        from odoo.addons.lead_distribution.importing import checking as module
        module.CHECK_AT_ONCE = rows + 1
        users = env["res.users"].with_context(no_reset_password=True).create([
            {"name": f"Q{n}", "login": f"q{n}@test",
             "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)]} for n in range(3)])
        campaign = env["lead.distribution.campaign"].create({"name": "Jobs", "tz": "UTC"})
        lines = ["Name,E-mail,Source"] + [f"P {n},p{n}@jobs.com,Fair {n % 7}" for n in range(rows)]
        batch = env["lead.import.batch"].create({
            "file": base64.b64encode("\\n".join(lines).encode()), "file_name": "people.csv"})
        batch.action_next()
        batch.create_missing = True
        batch.action_next()
        batch.action_next()
        batch.write({"campaign_id": campaign.id, "caller_ids": [(0, 0, {"user_id": user.id}) for user in users]})
        batch.action_next()
        batch.action_start()
        env["lead.import.batch"]._cron_import()
        env.cr.commit()
        print("RESULT " + json.dumps(batch.id))
        """,
        rows=rows,
    )


def test_two_servers_share_an_import_and_the_death_of_one_loses_nothing(odoo):
    batch_id = start_import(odoo, ROWS)
    assert odoo.value(IMPORT_JOBS, batch_id) == ROWS // PART + 1
    with two_servers() as servers:
        by_server = kill_one_on_the_way(odoo, servers, IMPORT_JOBS, batch_id)
        state = "SELECT state FROM lead_import_batch WHERE id = %s"
        wait_until(lambda: odoo.value(state, batch_id) == "done")
        wait_until(lambda: odoo.value(IMPORT_JOBS + " AND state <> 'done'", batch_id) == 0)
    assert odoo.rows("SELECT state, count(*) FROM lead_import_row WHERE batch_id = %s GROUP BY 1", batch_id) == [
        ("done", ROWS)
    ]
    assert odoo.rows(
        "SELECT count(*), count(DISTINCT email_normalized), count(user_id), count(DISTINCT source_id) FROM crm_lead "
        "WHERE import_batch_id = %s",
        batch_id,
    ) == [(ROWS, ROWS, ROWS, 7)]
    assert odoo.rows(
        "SELECT count(*), count(DISTINCT a.lead_id) FROM lead_distribution_assignment a JOIN crm_lead l "
        "ON l.id = a.lead_id AND l.user_id = a.user_id WHERE l.import_batch_id = %s AND a.state = 'done'",
        batch_id,
    ) == [(ROWS, ROWS)]
    assert odoo.rows("SELECT rows_done, rows_to_do FROM lead_import_batch WHERE id = %s", batch_id) == [(ROWS, ROWS)]
    assert odoo.value("SELECT count(*) FROM utm_source WHERE name LIKE 'Fair %%'") == 7
    assert odoo.value(by_server, batch_id, servers[1].pid) >= ROWS // PART // 2
    assert odoo.value(IMPORT_JOBS + " AND retry > 1", batch_id) >= 1, "no job was lost with the server"


def test_a_campaign_that_is_due_runs_by_jobs_while_another_one_is_live(odoo):
    _run_id, campaign_id = make_plan(odoo, 600)
    odoo.run(
        """
        from odoo import fields
        env["lead.distribution.campaign"].create({"name": "Live", "tz": "UTC", "is_live": True})
        campaign = env["lead.distribution.campaign"].browse(campaign_id)
        campaign.frequency = "daily"
        campaign.next_run = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        env["lead.distribution.campaign"]._cron_distribute()
        env.cr.commit()
        """,
        campaign_id=campaign_id,
    )
    scheduled = "SELECT {} FROM lead_distribution_run WHERE campaign_id = %s AND origin = 'schedule'"
    with two_servers():
        wait_until(lambda: odoo.value(scheduled.format("bool_or(state = 'done')"), campaign_id))
    assert odoo.rows(scheduled.format("state, leads_done"), campaign_id) == [("done", 600)]
    assert odoo.value("SELECT count(*) FROM queue_job WHERE state = 'failed'") == 0
