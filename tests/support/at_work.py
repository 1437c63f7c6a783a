"""Odoo with several workers, people who work in it, and how long they waited."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import requests
from odoo_shell import PROGRAM
from plan_fixtures import DATABASE
from run_checks import wait_until
from salesperson import Salesperson

sys.path.insert(0, str(Path(__file__).parents[2] / "dev"))

from common import LOGS, free_port

WARM_UP, CALLS_BEFORE = 60, 120  # of each person; the first calls of a worker load what it needs


def start_server(port, cron_threads, log="load.log"):
    """Start Odoo with two workers for requests."""
    LOGS.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [*PROGRAM, "-c", os.environ["LEAD_DISTRIBUTION_CONFIG"], "-d", DATABASE,
         "--workers", "2", "--max-cron-threads", str(cron_threads), "--http-port", str(port),
         "--gevent-port", str(free_port()), "--log-level", "warn", "--logfile", str(LOGS / log)],
    )  # fmt: skip


def keep_only_our_crons(odoo):
    """Switch the others off: some ask Odoo's servers about each lead."""
    odoo.run(
        """
        ours = env["ir.model.data"].search([("module", "=", "lead_distribution"), ("model", "=", "ir.cron")])
        (env["ir.cron"].search([]) - env["ir.cron"].browse(ours.mapped("res_id"))).active = False
        env.cr.commit()
        """
    )


def give_leads(odoo, campaign_id):
    """Give each member of a campaign 100 leads to work on, and a password; return their logins."""
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
    return [row[0] for row in odoo.rows(query, campaign_id)]


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


class People(list):
    """Salespeople at work in one Odoo; ``server``: its main process."""

    @property
    def address(self):
        return self[0].client.address


@contextmanager
def server_with(logins, cron_threads, log="load.log"):
    """Start Odoo with people who have worked long enough to compare with; yield them, stop all afterwards."""
    port = free_port()
    server = start_server(port, cron_threads, log)
    people = People(Salesperson(f"http://127.0.0.1:{port}", DATABASE, login) for login in logins)
    people.server = server
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
