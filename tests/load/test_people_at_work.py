"""Salespeople read lists and save leads while a run and an import go on, in Odoo with several workers."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import requests
from odoo_shell import PROGRAM
from plan_fixtures import DATABASE, make_plan
from run_checks import get_state, wait_until
from salesperson import Salesperson

sys.path.insert(0, str(Path(__file__).parents[2] / "dev"))

from common import LOGS, free_port

LEADS = int(os.environ.get("LOAD_LEADS") or 50_000)
ROWS = int(os.environ.get("LOAD_ROWS") or 20_000)
PEOPLE = 8
WARM_UP, CALLS_BEFORE = 60, 120  # of each person; the first calls of a worker load what it needs

RUN_STATE = "SELECT state FROM lead_distribution_run WHERE id = %s"


def start_server(port, cron_threads):
    LOGS.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [*PROGRAM, "-c", os.environ["LEAD_DISTRIBUTION_CONFIG"], "-d", DATABASE,
         "--workers", "2", "--max-cron-threads", str(cron_threads), "--http-port", str(port),
         "--gevent-port", str(free_port()), "--log-level", "warn", "--logfile", str(LOGS / "load.log")],
    )  # fmt: skip


def prepare(odoo):
    """Return (run id, logins): a planned run, and people who have some leads already."""
    run_id, campaign_id = make_plan(odoo, LEADS, PEOPLE)
    odoo.run(
        """
        ours = env.ref("lead_distribution.ir_cron_distribute") + env.ref("lead_distribution.ir_cron_import")
        (env["ir.cron"].search([]) - ours).active = False  # some ask Odoo's servers about each lead
        users = env["lead.distribution.campaign"].browse(campaign_id).member_ids.user_id
        for user in users:
            user.password = user.login
        stage = env["crm.stage"].search([], limit=1)
        for user in users:
            env.cr.execute(
                "INSERT INTO crm_lead (name, type, active, stage_id, priority, user_id, open_user_id, holder_id, "
                "source_date, won_status) SELECT 'Own ' || n, 'lead', true, %(stage)s, '0', %(user)s, %(user)s, "
                "%(user)s, current_date, 'pending' FROM generate_series(1, 100) n",
                {"stage": stage.id, "user": user.id})
        env.cr.commit()
        """,
        campaign_id=campaign_id,
    )
    query = (
        "SELECT u.login FROM res_users u JOIN lead_distribution_member m ON m.user_id = u.id "
        "WHERE m.campaign_id = %s ORDER BY u.id"
    )
    return run_id, [row[0] for row in odoo.rows(query, campaign_id)]


def answers(port):
    try:
        return requests.get(f"http://127.0.0.1:{port}/web/health", timeout=5).ok
    except requests.RequestException:
        return False


def summarise(times):
    """Return {what: (calls, median, 95th percentile)} in milliseconds."""
    found = {}
    for what in ("list", "form", "save"):
        values = [seconds * 1000 for name, seconds in times if name == what]
        found[what] = (len(values), round(median(values)), round(quantiles(values, n=20)[-1]))
    return found


@contextmanager
def server_with(logins, cron_threads):
    """Start Odoo with people who have worked long enough to compare with; yield them, stop all afterwards."""
    port = free_port()
    server = start_server(port, cron_threads)
    people = [Salesperson(f"http://127.0.0.1:{port}", DATABASE, login) for login in logins]
    try:
        wait_until(lambda: answers(port))
        for person in people:
            person.log_in()
        for person in people:
            person.start()
        wait_until(lambda: all(len(person.times) >= WARM_UP for person in people))
        for person in people:
            person.warm = len(person.times)
        wait_until(lambda: all(len(person.times) >= WARM_UP + CALLS_BEFORE for person in people))
        for person in people:
            person.mark = len(person.times)
        yield people
        for person in people:
            person.stopped.set()
        for person in people:
            person.join(130)
    finally:
        server.terminate()
        server.wait(60)


def check_people(odoo, people, title):
    """Print how long they waited; nobody saw an error, and what was saved last on each lead is what is on it."""
    before = [time for person in people for time in person.times[person.warm : person.mark]]
    during = [time for person in people for time in person.times[person.mark :]]
    print(f"\n{title}; {len(people)} people; (calls, median ms, 95 % ms)")
    print(f"before: {summarise(before)}\nduring: {summarise(during)}")
    assert [problem for person in people for problem in person.problems] == []
    saved = {lead_id: text for person in people for lead_id, text in person.saved.items()}
    found = dict(odoo.rows("SELECT id, contact_name FROM crm_lead WHERE id = ANY(%s)", list(saved)))
    assert {lead_id: (text, found[lead_id]) for lead_id, text in saved.items() if found[lead_id] != text} == {}


def check_run(odoo, run_id):
    run_state, rows = get_state(odoo, run_id)
    assert (run_state, rows.get("done", 0) + rows.get("skipped", 0)) == ("done", LEADS)


def get_seconds(odoo, table, record_id):
    query = f"SELECT extract(epoch FROM finished_on - started_on) FROM {table} WHERE id = %s"
    return odoo.value(query, record_id)


def test_nobody_sees_an_error_and_nothing_saved_is_lost_while_50000_leads_are_handed_out(odoo):
    run_id, logins = prepare(odoo)
    with server_with(logins, cron_threads=1) as people:
        odoo.run("env['lead.distribution.run'].browse(run_id).action_start()\nenv.cr.commit()", run_id=run_id)
        wait_until(lambda: odoo.value(RUN_STATE, run_id) == "done", 900)
    check_people(odoo, people, f"run of {LEADS:,} leads: {get_seconds(odoo, 'lead_distribution_run', run_id):.0f} s")
    check_run(odoo, run_id)


def prepare_import(odoo):
    """Check a file whose leads nobody here gets, as far as the preview; return the id of the import."""
    return odoo.run(
        """
        import base64, json
        from odoo.addons.lead_distribution.importing import checking as module
        module.CHECK_AT_ONCE = rows + 1
        users = env["res.users"].with_context(no_reset_password=True).create([
            {"name": f"L{n}", "login": f"l{n}@test",
             "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)]} for n in range(10)])
        campaign = env["lead.distribution.campaign"].create({"name": "Load", "tz": "UTC"})
        lines = ["Name,E-mail,Phone,City"] + [
            f"Person {n},person{n}@load.com,+1 212 555 {n:05d},Town {n % 90}" for n in range(rows)]
        batch = env["lead.import.batch"].create({
            "file": base64.b64encode("\\n".join(lines).encode()), "file_name": "people.csv"})
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


def test_nobody_sees_an_error_while_50000_leads_are_handed_out_and_20000_imported(odoo):
    run_id, logins = prepare(odoo)
    batch_id = prepare_import(odoo)
    with server_with(logins, cron_threads=2) as people:
        odoo.run(
            """
            env["lead.distribution.run"].browse(run_id).action_start()
            env["lead.import.batch"].browse(batch_id).action_start()
            env.cr.commit()
            """,
            run_id=run_id, batch_id=batch_id,
        )  # fmt: skip
        wait_until(lambda: both(odoo, run_id, batch_id) == ("applying", "importing"))
        wait_until(lambda: both(odoo, run_id, batch_id) == ("done", "done"), 1800)
    run, batch = (get_seconds(odoo, *of) for of in (("lead_distribution_run", run_id), ("lead_import_batch", batch_id)))
    check_people(odoo, people, f"run of {LEADS:,} leads: {run:.0f} s, import of {ROWS:,} rows: {batch:.0f} s")
    check_run(odoo, run_id)
    assert odoo.rows("SELECT state, count(*) FROM lead_import_row WHERE batch_id = %s GROUP BY 1", batch_id) == [
        ("done", ROWS)
    ]
    assert odoo.rows(
        "SELECT count(*), count(DISTINCT email_normalized), count(user_id) FROM crm_lead WHERE import_batch_id = %s",
        batch_id,
    ) == [(ROWS, ROWS, ROWS)]


def both(odoo, run_id, batch_id):
    return odoo.value(RUN_STATE, run_id), odoo.value("SELECT state FROM lead_import_batch WHERE id = %s", batch_id)
