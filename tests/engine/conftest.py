"""The engine is imported alone: importing it through the addon would pull in Odoo."""

import os
import sys
import types
from pathlib import Path

from hypothesis import settings

ADDON = str(Path(__file__).resolve().parents[2] / "lead_distribution")
sys.path.insert(0, ADDON)
# rooms that import from each other need a package around them, without the models of the addon's own
package = sys.modules["lead_distribution"] = types.ModuleType("lead_distribution")
package.__path__ = [ADDON]

# A busy machine is no reason to fail: what is slow is measured by the benchmarks. What fails, fails always: a change
# is not refused for what another one brought. New cases are tried by HYPOTHESIS_PROFILE=search, many a test.
settings.register_profile("lead_distribution", deadline=None, derandomize=True, database=None, max_examples=40)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "lead_distribution"))
