"""The engine is imported alone: importing it through the addon would pull in Odoo."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lead_distribution"))

# a busy machine is no reason to fail: what is slow is measured by the benchmarks
settings.register_profile("lead_distribution", deadline=None)
settings.load_profile("lead_distribution")
