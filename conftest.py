"""For all tests: a browser may take its time to start, and keeps what it has fetched for the next test."""

import sys
import tempfile

import pytest

PATIENCE = 600  # tenths of a second; Odoo gives up after 100, and skips the test


@pytest.fixture(scope="session", autouse=True)
def _patient_browsers_that_share_a_cache():
    """Have the scripts of the pages fetched and compiled once for all tests, not once a test: half of a test's time.

    Each test has a browser and a profile of its own nonetheless. Where Odoo's tests are not loaded, nothing.
    """
    common = sys.modules.get("odoo.tests.common")
    if not common:
        yield
        return
    spawn = common.ChromeBrowser._spawn_chrome
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:

        def spawn_with_cache(self, command):
            return spawn(self, [*command[:-1], f"--disk-cache-dir={folder}", command[-1]])

        patch.setattr(common, "CHECK_BROWSER_ITERATIONS", PATIENCE)
        patch.setattr(common.ChromeBrowser, "_spawn_chrome", spawn_with_cache)
        yield
