"""Takes the pictures of the documents in the sample database; nothing is tested but that each page is there."""

import base64
import io
import os
from pathlib import Path

import album
from freezegun import freeze_time
from PIL import Image

import odoo.service.db
from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
WANTED = os.environ.get("LEAD_DISTRIBUTION_PICTURES", "").split()

# the browser's clock goes as the server's
CLOCK = """(() => {
    const offset = %d - Date.now();
    const Real = Date;
    window.Date = class extends Real {
        constructor(...given) {
            if (given.length) { super(...given); } else { super(Real.now() + offset); }
        }
        static now() { return Real.now() + offset; }
    };
})()"""

# waits until an element is seen, and does with it what is asked
FIND = """(async (selector, text, then, typed) => {
    for (let turn = 0; turn < 400; turn++) {
        const found = [...document.querySelectorAll(selector)].find(
            (node) => node.textContent.includes(text) && node.getClientRects().length
        );
        if (found) {
            if (then === "click") { found.click(); }
            if (then === "scroll") { found.scrollIntoView(); }
            if (then === "type") {
                found.value = typed;
                found.dispatchEvent(new Event("input", { bubbles: true }));
                found.dispatchEvent(new Event("change", { bubbles: true }));
            }
            return true;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
})(%s, %s, %s, %s)"""

BOX = """(() => {
    const box = document.querySelector(%s).getBoundingClientRect();
    return { x: box.x, y: box.y, width: box.width, height: box.height, scale: 1 };
})()"""


@tagged("post_install", "-at_install")
@freeze_time(album.TAKEN, tick=True)
class TestPictures(HttpCase):
    @classmethod
    def setUpClass(cls):
        odoo.service.db._check_faketime_mode(os.environ["LEAD_DISTRIBUTION_DATABASE"])
        super().setUpClass()

    def test_pictures_are_taken(self):
        self.env.user.tz = album.ZONE
        records = find_records(self.env)
        FOLDER.mkdir(exist_ok=True)
        missing = []  # one that fails keeps no other from being taken
        for picture in album.PICTURES:
            if not WANTED or picture.name in WANTED:
                try:
                    (FOLDER / f"{picture.name}.png").write_bytes(pack(self.take(picture, records)))
                except AssertionError as error:
                    missing.append(f"{picture.name}: {error}")
        self.assertFalse(missing)

    def take(self, picture, records):
        """Open the page, click, and return a PNG."""
        self.browser_size = "{}x{}".format(*picture.size)
        self.touch_enabled = picture.size == album.PHONE
        browser = ChromeBrowser(self)
        try:
            with self.allow_requests(browser=browser):
                self.authenticate(picture.login, picture.login, browser=browser)
                self.cr.flush()
                self.cr.clear()
                self.set_clock(browser)
                browser.navigate_to(self.base_url() + picture.path.format(**records), wait_stop=True)
                for selector, text, *typed in picture.steps:
                    self.find(browser, selector, text, "type" if typed else "click", *typed)
                self.find(browser, *picture.ready, "scroll" if picture.scrolled else "")
                taken = take_still(browser, picture.clip)
                self._wait_remaining_requests()
                return taken
        finally:
            browser.stop()

    def set_clock(self, browser):
        moment = odoo.fields.Datetime.now().timestamp() * 1000
        browser._websocket_request("Page.addScriptToEvaluateOnNewDocument", params={"source": CLOCK % moment})
        browser._websocket_request("Emulation.setScrollbarsHidden", params={"hidden": True})
        browser._websocket_request("Emulation.setTimezoneOverride", params={"timezoneId": album.ZONE})

    def find(self, browser, selector, text, then="", typed=""):
        """Wait for what is seen, and click it, scroll to it or type into it."""
        words = map(odoo.tools.json.scriptsafe.dumps, (selector, text, then, typed))
        self.assertTrue(evaluate(browser, FIND % tuple(words)), f"not there: {selector} {text}")


def find_records(env):
    """Return the names in braces of the album → ids."""
    campaigns = env["lead.distribution.campaign"]
    voice = campaigns.search([("name", "=", "Voice")])
    done = [("campaign_id", "=", voice.id), ("state", "=", "done"), ("distribution_date", "=", album.TAKEN[:10])]
    runs = env["lead.distribution.run"].search([*done, ("origin", "in", ("manual", "schedule"))])
    run = max(runs, key=lambda each: each.leads_done)
    # handed out, and still with who got it
    rows = run.assignment_ids.filtered(lambda row: row.state == "done" and row.user_id in voice.member_ids.user_id)
    return {
        "voice": voice.id,
        "partners": campaigns.search([("name", "=", "Partners")]).id,
        "run": run.id,
        "plan": voice.simulate(seed=1).id,
        "lead": rows.lead_id.filtered(lambda lead: lead.user_id in rows.user_id and lead.type == "lead")[:1].id,
        "import": env["lead.import.batch"].search([], limit=1).id,
        "experiment": env["lead.distribution.experiment"].search([], order="id", limit=1).id,
    }


def evaluate(browser, code):
    options = {"expression": code, "awaitPromise": True, "returnByValue": True}
    answer = browser._websocket_request("Runtime.evaluate", params=options, timeout=30)
    return answer["result"].get("value")


def take_still(browser, clip):
    """Take pictures until two are equal: charts grow, dialogs fade in."""
    options = {"clip": evaluate(browser, BOX % repr(clip))} if clip else {}
    before = None
    for _turn in range(40):
        now = browser._websocket_request("Page.captureScreenshot", params=options, timeout=30)["data"]
        if now == before:
            break
        before = now
        evaluate(browser, "new Promise((resolve) => setTimeout(resolve, 400))")
    return base64.b64decode(before)


def pack(png):
    """Return the picture with a palette, which takes a quarter of the bytes.

    :raise AssertionError: if it is too large for a document all the same
    """
    image = Image.open(io.BytesIO(png)).convert("RGB")
    out = io.BytesIO()
    image.quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    assert out.tell() <= album.LARGEST, f"{out.tell()} bytes"
    return out.getvalue()
