"""Two Odoo servers and the job runner work one run together; one server is killed on the way."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from plan_fixtures import DATABASE, make_plan
from run_checks import get_state, wait_until

sys.path.insert(0, str(Path(__file__).parents[2] / "dev"))

from common import LOGS, free_port

LEADS, BATCH = 24_000, 2_000


def start(*arguments, log, **environment):
    LOGS.mkdir(parents=True, exist_ok=True)
    env = dict(os.environ, **environment)
    with (LOGS / log).open("w") as out:
        return subprocess.Popen([sys.executable, "-W", "ignore", *arguments], env=env, stdout=out, stderr=out)


def start_server(number, port):
    return start(
        "-m", "odoo", "-c", os.environ["LEAD_DISTRIBUTION_CONFIG"], "-d", DATABASE,
        "--load", "base,web,queue_job", "--http-port", str(port), "--max-cron-threads", "0",
        "--log-level", "info",
        log=f"queue-server-{number}.log", ODOO_QUEUE_JOB_CHANNELS="root:0",
    )  # fmt: skip


@contextmanager
def balancer(ports):
    """Pass requests on to the servers in turn; to the next one when one does not answer."""
    turns = iter(range(10**9))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            turn = next(turns)
            for place in range(len(ports)):
                url = f"http://127.0.0.1:{ports[(turn + place) % len(ports)]}{self.path}"
                try:
                    with urlopen(Request(url, headers={"X-Odoo-Database": DATABASE}), timeout=120) as answer:
                        self.send_response(answer.status)
                        self.end_headers()
                        return
                except HTTPError as error:
                    self.send_response(error.code)
                    self.end_headers()
                    return
                except (URLError, OSError):
                    continue
            self.send_error(503)

        def log_message(self, *_arguments):
            pass

        def handle_one_request(self):
            try:
                super().handle_one_request()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the runner does not wait for the end of a job

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()


def answers(port):
    try:
        with urlopen(f"http://127.0.0.1:{port}/web/health", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_two_servers_share_a_run_and_the_death_of_one_loses_nothing(odoo):
    run_id, _campaign = make_plan(odoo, LEADS)
    ports = [free_port(), free_port()]
    servers = [start_server(number, port) for number, port in enumerate(ports)]
    started = []
    try:
        for port in ports:
            wait_until(lambda port=port: answers(port))
        odoo.run(
            """
            env["lead.distribution.run"].browse(run_id).action_start()
            env["lead.distribution.campaign"]._cron_distribute()
            env.cr.commit()
            """,
            run_id=run_id,
        )
        jobs = "SELECT count(*) FROM queue_job WHERE distribution_run_id = %s"
        assert odoo.value(jobs, run_id) == LEADS // BATCH + 1
        with balancer(ports) as port:
            runner = start(
                "-m", "odoo.addons.queue_job.jobrunner", "-c", os.environ["LEAD_DISTRIBUTION_CONFIG"], "-d", DATABASE,
                log="queue-runner.log", ODOO_QUEUE_JOB_CHANNELS="root:4,root.lead_distribution:4",
                ODOO_QUEUE_JOB_HOST="127.0.0.1", ODOO_QUEUE_JOB_PORT=str(port),
            )  # fmt: skip
            started.append(runner)
            by_server = jobs + " AND state = 'done' AND worker_pid = %s"
            for server in servers:
                wait_until(lambda server=server: odoo.value(by_server, run_id, server.pid) >= 1)
            busy = jobs + " AND state = 'started' AND worker_pid = %s"
            wait_until(lambda: odoo.value(busy, run_id, servers[0].pid) > 0)
            servers[0].send_signal(signal.SIGKILL)
            state = "SELECT state FROM lead_distribution_run WHERE id = %s"
            wait_until(lambda: odoo.value(state, run_id) == "done")
            done = jobs + " AND state <> 'done'"
            wait_until(lambda: odoo.value(done, run_id) == 0)
    finally:
        for process in (*started, *servers):
            process.terminate()
            process.wait(60)
    assert get_state(odoo, run_id) == ("done", {"done": LEADS})
    survivor = odoo.value(by_server, run_id, servers[1].pid)
    assert survivor >= LEADS // BATCH // 2
    again = odoo.value("SELECT count(*) FROM queue_job WHERE distribution_run_id = %s AND retry > 1", run_id)
    assert again >= 1, "no job was lost with the server, so nothing was shown"
