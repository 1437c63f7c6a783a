"""axe-core, which finds what keeps people from using a page: for the accessibility tests, in a real browser.

One file of a Python package that is only used for it (``requirements/addons.txt``). It has a licence of its own
(MPL-2.0), so it is no part of the project.
"""

from common import say
from python_env import TARGET

SCRIPT = "lib/python3*/site-packages/axe_playwright_python/axe.min.js"


def ensure():
    """Return the path of the script, or None with the reason said."""
    found = next(TARGET.glob(SCRIPT), None)
    if not found:
        say("    Accessibility tests will be skipped: axe-core is not among the Python packages.")
    return found
