"""One Chromium for all browser tests of a process: each has a tab of its own, and a profile that is empty again.

To start Chromium for each test, with a profile that knows nothing, was half of what a test took. What a test may leave
behind is taken away when it ends: tabs, workers, cookies, all that pages store. What stays are files that were fetched,
under names that change with what is in them, and what was compiled of them.
"""

import atexit
import shutil
import signal
import subprocess
import time
from concurrent.futures import wait
from contextlib import suppress
from pathlib import Path
from unittest import SkipTest
from unittest.mock import patch

import psutil
import requests
import websocket
from chromium import Page

from odoo.tests import common

from odoo.addons.bus import websocket as bus

PATIENCE = 60  # seconds until Chromium has started, or has answered
PAUSE = 0.02
# Odoo ends the processes that a class of tests leaves to its parent, so Chromium is none of ours; it ends when our end
# of the pipe does, however we end
SPAWN = """
exec 3<&0
( "$@" 3<&- </dev/null >/dev/null & echo $!; exec >&-; read -r _ <&3; kill $! ) &
"""
CLEANED = ("page", "iframe", "worker", "shared_worker", "service_worker")  # kinds of targets


def is_over(process):
    """Whether a process has ended, also where nobody has asked yet how."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def kick_all(code):
    """Odoo's ``_kick_all``, for after a test: what closes by itself meanwhile, as its tab is gone, needs no kick."""
    for each in list(bus._websocket_instances):
        if each.state is bus.ConnectionState.OPEN:
            with suppress(OSError):  # its thread has just closed what the word goes through
                each.close(code)


class WarmChromium:
    """A Chromium, with a parked tab through which it is told what to close and to forget.

    What Odoo asks of the process that it has started is here as in ``Popen``.
    """

    def __init__(self, command, folder):
        self.folder, self.touch = folder, "--touch-events" in command
        self.is_in_use = False
        with Path(folder, "err.log").open("wb") as log:
            self.shell = subprocess.Popen(
                ["sh", "-c", SPAWN, "sh", *command],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, preexec_fn=common._preexec,
            )  # fmt: skip
        with self.shell.stdout as out:
            self.process = psutil.Process(int(out.readline()))
        self.shell.wait()
        self.pid = self.process.pid
        try:
            self.port = self._find_port()
            [tab] = self._list_tabs()
            self.parked, self.parked_id = Page(tab["webSocketDebuggerUrl"]), tab["id"]
        except Exception:
            self.end()
            raise

    def _find_port(self):
        port_file, end = Path(self.folder, "DevToolsActivePort"), time.monotonic() + PATIENCE
        while not port_file.exists() or len(lines := port_file.read_text().split()) < 2:
            if time.monotonic() > end or self.poll() is not None:
                raise SkipTest(f"Chromium does not start: {Path(self.folder, 'err.log').read_text()}")
            time.sleep(PAUSE)
        return int(lines[0])

    def _list_tabs(self):
        tabs = requests.get(f"http://{common.HOST}:{self.port}/json/list", timeout=PATIENCE).json()
        return [tab for tab in tabs if tab["type"] == "page"]

    def poll(self):
        return 1 if is_over(self.process) else None

    def answers(self):
        """Whether another test can have it: it runs, the last test has been cleaned up after, and it is not stuck."""
        if self.is_in_use or self.poll() is not None:
            return False
        self.parked.socket.settimeout(PATIENCE)
        with suppress(OSError, websocket.WebSocketException):
            return bool(self.parked.ask("Browser.getVersion"))
        return False

    def open_tab(self):
        """Return the address of a new tab."""
        self.is_in_use = True
        tab = requests.put(f"http://{common.HOST}:{self.port}/json/new?about:blank", timeout=PATIENCE)
        return tab.json()["webSocketDebuggerUrl"]

    def clean(self, origin):
        """Close what the test has opened, and forget what its pages have stored."""
        for target in self._list_targets():
            if target["type"] == "page":
                self.parked.ask("Target.closeTarget", targetId=target["targetId"])
        self._forget(origin)  # with it, service workers stop
        end = time.monotonic() + PATIENCE
        while left := self._list_targets():
            assert time.monotonic() < end, left
            time.sleep(PAUSE)
        self._forget(origin)  # what workers have stored to the last
        self.is_in_use = False

    def _list_targets(self):
        targets = self.parked.ask("Target.getTargets")["targetInfos"]
        return [each for each in targets if each["type"] in CLEANED and each["targetId"] != self.parked_id]

    def _forget(self, origin):
        self.parked.ask("Network.clearBrowserCookies")
        self.parked.ask("Storage.clearDataForOrigin", origin=origin, storageTypes="all")

    def _is_over_within(self, seconds):
        end = time.monotonic() + seconds
        while not (over := is_over(self.process)) and time.monotonic() < end:
            time.sleep(PAUSE)
        return over

    def end(self):
        self.shell.stdin.close()
        if not self._is_over_within(5):
            self.process.kill()
            self._is_over_within(5)
        shutil.rmtree(self.folder, ignore_errors=True)


class WarmBrowser(common.ChromeBrowser):
    """Odoo's browser of a test, which leaves Chromium to the next one; one that is watched is as Odoo's."""

    kept = None
    cache = None  # folder of files that were fetched: outlives a Chromium that is replaced

    def _chrome_start(self, user_data_dir, touch_enabled, headless=True, debug=False):
        self.is_watched = not headless or debug is not False
        if not self.is_watched and self._take(touch_enabled):
            shutil.rmtree(user_data_dir)
            return WarmBrowser.kept, WarmBrowser.kept.port
        return super()._chrome_start(user_data_dir, touch_enabled, headless, debug)

    @classmethod
    def _take(cls, touch_enabled):
        """Whether there is a Chromium with the switches of this test, and it is well; another one ends."""
        kept = WarmBrowser.kept
        if kept and kept.touch == touch_enabled and kept.answers():
            return True
        cls.end_kept()
        return False

    @staticmethod
    def end_kept():
        kept, WarmBrowser.kept = WarmBrowser.kept, None
        if kept:
            kept.end()

    def _spawn_chrome(self, cmd):
        if self.is_watched:
            return super()._spawn_chrome(cmd)
        command = [*cmd[:-1], f"--disk-cache-dir={self.cache}", cmd[-1]]
        WarmBrowser.kept = WarmChromium(command, self.user_data_dir)
        return WarmBrowser.kept, WarmBrowser.kept.port

    def _open_websocket(self):
        if self.is_watched:
            return super()._open_websocket()
        tab = websocket.create_connection(self.chrome.open_tab(), enable_multithread=True, suppress_origin=True)
        tab.settimeout(0.1)  # how long Odoo listens before it asks whether it is still to listen
        return tab

    def _wait_ready(self, *args, **options):
        """Odoo asks whether the page is ready, and asks again at once, which keeps it from becoming so."""
        ask = self._websocket_request

        def ask_with_a_pause(*args, **options):
            time.sleep(PAUSE)
            return ask(*args, **options)

        with patch.object(self, "_websocket_request", ask_with_a_pause):
            return super()._wait_ready(*args, **options)

    def stop(self):
        if self.is_watched:
            return super().stop()
        try:
            self._end_test()
            self.chrome.clean(self.test_case.base_url())
        except Exception:  # whatever it is, it is not to keep the next test from its browser
            self._logger.warning("Chromium could not be cleaned up, and is replaced", exc_info=True)
            self.end_kept()
        finally:
            if hasattr(self, "ws"):
                self.ws.close()
            signal.signal(signal.SIGXCPU, self.sigxcpu_handler)

    def _end_test(self):
        """As Odoo ends a test before it closes Chromium: what is under way is awaited, what comes later is no news."""
        self.screencaster.stop()
        self._websocket_request("Page.stopLoading")
        wait(self._responses.values(), 10)
        self._result.cancel()


atexit.register(WarmBrowser.end_kept)
