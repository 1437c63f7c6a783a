"""Chromium at a real Odoo server: pages are opened, tours are run, as Odoo's own tests do it in theirs."""

import base64
import itertools
import json
import resource
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
import websocket

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROGRAM = next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """One page, driven over the protocol of the developer tools."""

    def __init__(self, address):
        self.socket = websocket.create_connection(address, timeout=30)
        self.numbers = itertools.count(1)
        self.console = []
        self.ask("Runtime.enable")

    def ask(self, method, **params):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv())).get("id") != number:
            if answer.get("method") == "Runtime.consoleAPICalled":
                self.console += [str(arg.get("value")) for arg in answer["params"]["args"]]
        assert "error" not in answer, answer
        return answer["result"]

    def evaluate(self, script):
        answer = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return answer["result"].get("value")

    def wait(self, script, seconds=60):
        """Wait until a script says something that is true; return it."""
        end = time.monotonic() + seconds
        while not (value := self.evaluate(script)):
            assert time.monotonic() < end, f"{script}\n" + "\n".join(self.console[-20:])
            time.sleep(0.1)
        return value

    def open(self, address, path, session_id):
        self.ask("Network.setCookie", name="session_id", value=session_id, url=address)
        self.ask("Page.navigate", url=f"{address}{path}")

    def run_tour(self, name, seconds=60):
        """Run a tour of the page to its end; the page was opened with ``?debug=tests``."""
        self.wait(f"window.odoo?.isTourReady ? odoo.isTourReady('{name}') : false", seconds)
        self.evaluate(f"odoo.startTour('{name}', {{stepDelay: 0, keepWatchBrowser: false, debug: false}}); true")
        end = time.monotonic() + seconds
        while "tour succeeded" not in self.console:
            failed = [line for line in self.console if "FAILED" in line]
            assert not failed and time.monotonic() < end, "\n".join(failed or self.console[-20:])
            self.evaluate("1")
            time.sleep(0.1)

    def shoot(self, path):
        """Keep a picture of the page."""
        Path(path).write_bytes(base64.b64decode(self.ask("Page.captureScreenshot")["data"]))


@contextmanager
def open_page(size="1440,900"):
    """Start Chromium; yield a ``Page``."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             f"--window-size={size}", f"--user-data-dir={folder}", "--remote-debugging-port=0",
             "--remote-allow-origins=*", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=_lift_limit,
        )  # fmt: skip
        try:
            yield Page(_find_page(Path(folder, "DevToolsActivePort")))
        finally:
            process.terminate()
            process.wait(30)


def _lift_limit():
    """Chromium reserves more memory than Odoo leaves to processes that it starts."""
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _find_page(port_file, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if port_file.exists() and (lines := port_file.read_text().split()):
            pages = requests.get(f"http://127.0.0.1:{lines[0]}/json", timeout=10).json()
            found = [page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page"]
            if found:
                return found[0]
        time.sleep(0.1)
    raise AssertionError("Chromium does not start")
