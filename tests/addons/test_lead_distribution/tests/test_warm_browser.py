"""Browser tests share a Chromium (``tests/support/warm_chromium.py``), and nothing else."""

import socket
from unittest import skipUnless
from unittest.mock import patch

import psutil

from odoo.http import root
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.bus import websocket as bus

try:
    import warm_chromium
except ImportError:  # run by Odoo itself, without conftest.py
    warm_chromium = None
PAGE = "/web/health"
LEAVE = """
(async () => {
    document.cookie = "left=1; path=/";
    localStorage.setItem("left", "1");
    sessionStorage.setItem("left", "1");
    window.name = "left";
    await (await caches.open("left")).put("/left", new Response("1"));
    await new Promise((done) => (indexedDB.open("left").onsuccess = done));
    await navigator.serviceWorker.register("/web/service-worker.js", { scope: "/odoo" });
    await new Promise((done) => {
        const worker = new SharedWorker("data:text/javascript,onconnect = (event) => event.ports[0].postMessage(1)");
        worker.port.onmessage = done;
    });
    window.open("/web/health#left", "left");
    console.log("test successful");
})();
"""
LOOK = """
(async () => {
    const found = {
        cookie: document.cookie.includes("left"),
        local: localStorage.length,
        session: sessionStorage.length,
        name: window.name,
        caches: (await caches.keys()).length,
        databases: (await indexedDB.databases()).length,
        workers: (await navigator.serviceWorker.getRegistrations()).length,
        history: history.length > 2, // the empty tab, and this page
        width: window.innerWidth - 1366,
        touch: "ontouchstart" in window,
    };
    const left = Object.keys(found).filter((key) => found[key]);
    left.length ? console.error(`left: ${left}`) : console.log("test successful");
})();
"""
IS_BLANK = "location.protocol === 'http:' && document.readyState === 'complete'"


@skipUnless(warm_chromium, "each test starts a Chromium of its own")
@tagged("post_install", "-at_install")
class TestWarmBrowser(HttpCase):
    def look(self):
        """Let a test find nothing of others; return the process of its Chromium."""
        self.browser_js(PAGE, LOOK, ready=IS_BLANK)
        return self.get_kept().process

    def get_kept(self):
        return warm_chromium.WarmBrowser.kept

    def test_what_a_test_leaves_the_next_does_not_find_in_the_same_chromium(self):
        before = self.look()
        self.browser_size = "390x844"
        self.browser_js(PAGE, LEAVE, ready=IS_BLANK, login="admin", cookies={"left": "1"})
        self.browser_size = "1366x768"
        self.assertFalse(self.get_kept()._list_targets(), "a tab or a worker is still there")
        self.assertEqual(self.look(), before)

    def test_looking_finds_what_is_left(self):
        def leave(chromium, _origin):
            chromium.is_in_use = False

        self.addCleanup(warm_chromium.WarmBrowser.end_kept)
        with (
            patch.object(warm_chromium.WarmChromium, "clean", leave),
            mute_logger(f"{self._logger.name}.browser"),
            self.assertRaisesRegex(AssertionError, "left: cookie,local,caches,databases,workers"),
        ):
            self.browser_js(PAGE, LEAVE, ready=IS_BLANK)
            self.look()

    def test_a_phone_has_a_chromium_with_a_touch_screen(self):
        before = self.look()
        self.touch_enabled = True
        with mute_logger(f"{self._logger.name}.browser"), self.assertRaisesRegex(AssertionError, "left: touch"):
            self.look()
        self.touch_enabled = False
        self.assertNotEqual(self.look(), before)

    def test_a_chromium_that_crashed_is_replaced(self):
        before = self.look()
        before.kill()
        psutil.wait_procs([before], timeout=0)
        self.assertNotEqual(self.look(), before)

    def test_a_chromium_that_hangs_is_replaced_and_ended(self):
        before = self.look()
        before.suspend()
        with patch.object(warm_chromium, "PATIENCE", 1):
            self.assertFalse(self.get_kept().answers())
            self.assertFalse(warm_chromium.WarmBrowser._take(False))
        self.assertTrue(warm_chromium.is_over(before))
        self.assertNotEqual(self.look(), before)

    def test_one_that_was_not_cleaned_up_is_not_used_again(self):
        before = self.look()
        with (
            patch.object(warm_chromium.WarmChromium, "clean", side_effect=OSError),
            mute_logger(self._logger.name),
        ):
            self.browser_js(PAGE, LEAVE, ready=IS_BLANK)
        self.assertNotEqual(self.look(), before)

    def test_a_connection_that_closes_by_itself_as_the_test_ends_does_not_fail_it(self):
        closing = bus.Websocket.close

        def close_too_late(websocket, *args):
            websocket._Websocket__cmd_queue.close()
            closing(websocket, *args)

        connection, other = socket.socketpair()
        self.addCleanup(other.close)
        self.addCleanup(connection.close)
        websocket = bus.Websocket(connection, root.session_store.new(), {})
        with patch.object(bus.Websocket, "close", close_too_late):
            with self.assertRaises(OSError):
                websocket.close(bus.CloseCode.KILL_NOW)
            bus._kick_all(bus.CloseCode.KILL_NOW)

    def test_an_error_of_the_page_fails_its_test_and_not_the_next(self):
        with mute_logger(f"{self._logger.name}.browser"), self.assertRaisesRegex(AssertionError, "on purpose"):
            self.browser_js(PAGE, "console.error('on purpose')", ready=IS_BLANK)
        self.look()
