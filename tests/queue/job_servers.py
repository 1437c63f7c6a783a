"""Odoo servers that only work jobs, a job runner, and what passes requests on between them."""

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from plan_fixtures import DATABASE
from run_checks import wait_until

sys.path.insert(0, str(Path(__file__).parents[2] / "dev"))

from common import LOGS, free_port


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


@contextmanager
def two_servers():
    """Start two servers and the runner; yield the servers, whose ends are waited for."""
    ports = [free_port(), free_port()]
    servers = [start_server(number, port) for number, port in enumerate(ports)]
    started = []
    try:
        for port in ports:
            wait_until(lambda port=port: answers(port))
        with balancer(ports) as port:
            started.append(start_runner(port))
            yield servers
    finally:
        for process in (*started, *servers):
            process.terminate()
            process.wait(60)


def start_runner(port):
    return start(
        "-m", "odoo.addons.queue_job.jobrunner", "-c", os.environ["LEAD_DISTRIBUTION_CONFIG"], "-d", DATABASE,
        log="queue-runner.log", ODOO_QUEUE_JOB_CHANNELS="root:4,root.lead_distribution:4",
        ODOO_QUEUE_JOB_HOST="127.0.0.1", ODOO_QUEUE_JOB_PORT=str(port),
    )  # fmt: skip
