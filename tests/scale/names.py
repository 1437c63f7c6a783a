"""What pytest and the process with Odoo both know."""

import os

LEADS = int(os.environ.get("SCALE_LEADS") or 1_000_000)
HISTORY = int(os.environ.get("SCALE_HISTORY") or 5 * LEADS)
CONTROL = "what no index serves"
