"""For all tests: a browser may take its time to start."""

import sys

PATIENCE = 600  # tenths of a second; Odoo gives up after 100, and skips the test


def pytest_collection_finish():
    """By now Odoo's tests are loaded, where there are any."""
    common = sys.modules.get("odoo.tests.common")
    if common:
        common.CHECK_BROWSER_ITERATIONS = PATIENCE
