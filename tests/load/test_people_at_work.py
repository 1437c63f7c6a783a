"""Salespeople read lists and save leads while a run of 50,000 goes on, in Odoo with several workers."""

import os
import subprocess
import sys
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
PEOPLE = 8
WARM_UP, CALLS_BEFORE = 60, 120  # of each person; the first calls of a worker load what it needs


def start_server(port):
    LOGS.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [*PROGRAM, "-c", os.environ["LEAD_DISTRIBUTION_CONFIG"], "-d", DATABASE,
         "--workers", "2", "--max-cron-threads", "1", "--http-port", str(port), "--gevent-port", str(free_port()),
         "--log-level", "warn", "--logfile", str(LOGS / "load.log")],
    )  # fmt: skip


def prepare(odoo):
    """Return (run id, logins): a planned run, and people who have some leads already."""
    run_id, campaign_id = make_plan(odoo, LEADS, PEOPLE)
    odoo.run(
        """
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


def test_nobody_sees_an_error_and_nothing_saved_is_lost_while_50000_leads_are_handed_out(odoo):
    run_id, logins = prepare(odoo)
    port = free_port()
    server = start_server(port)
    try:
        wait_until(lambda: answers(port))
        people = [Salesperson(f"http://127.0.0.1:{port}", DATABASE, login) for login in logins]
        for person in people:
            person.log_in()
        for person in people:
            person.start()
        wait_until(lambda: all(len(person.times) >= WARM_UP for person in people))
        warm = [len(person.times) for person in people]
        wait_until(lambda: all(len(person.times) >= WARM_UP + CALLS_BEFORE for person in people))
        marks = [len(person.times) for person in people]
        odoo.run("env['lead.distribution.run'].browse(run_id).action_start()\nenv.cr.commit()", run_id=run_id)
        state = "SELECT state FROM lead_distribution_run WHERE id = %s"
        wait_until(lambda: odoo.value(state, run_id) == "done", 900)
        for person in people:
            person.stopped.set()
        for person in people:
            person.join(130)
    finally:
        server.terminate()
        server.wait(60)

    seconds = odoo.value("SELECT applying_seconds FROM lead_distribution_run WHERE id = %s", run_id)
    turns = zip(people, warm, marks, strict=True)
    before = [time for person, first, mark in turns for time in person.times[first:mark]]
    during = [time for person, mark in zip(people, marks, strict=True) for time in person.times[mark:]]
    print(f"\nrun of {LEADS:,} leads: {seconds:.0f} s; {PEOPLE} people; (calls, median ms, 95 % ms)")
    print(f"before: {summarise(before)}\nduring: {summarise(during)}")

    assert [problem for person in people for problem in person.problems] == []
    saved = {lead_id: text for person in people for lead_id, text in person.saved.items()}
    found = dict(odoo.rows("SELECT id, contact_name FROM crm_lead WHERE id = ANY(%s)", list(saved)))
    assert {lead_id: (text, found[lead_id]) for lead_id, text in saved.items() if found[lead_id] != text} == {}
    run_state, rows = get_state(odoo, run_id)
    assert (run_state, rows.get("done", 0) + rows.get("skipped", 0)) == ("done", LEADS)
