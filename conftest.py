"""For all tests: those in a browser share one, and what it has fetched."""

import sys
import tempfile

import pytest

PATIENCE = 600  # tenths of a second; Odoo gives up after 100, and skips the test


@pytest.fixture(scope="session", autouse=True)
def _browser_that_stays_warm():
    """Where Odoo's tests are loaded, have them use one Chromium after another, instead of one each."""
    common = sys.modules.get("odoo.tests.common")
    if not common:
        yield
        return
    from warm_chromium import WarmBrowser, bus, kick_all

    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        patch.setattr(common, "CHECK_BROWSER_ITERATIONS", PATIENCE)  # for what starts one of its own
        patch.setattr(WarmBrowser, "cache", folder)
        patch.setattr(common, "ChromeBrowser", WarmBrowser)
        patch.setattr(bus, "_kick_all", kick_all)
        yield
        WarmBrowser.end_kept()
