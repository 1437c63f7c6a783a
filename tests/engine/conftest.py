"""The engine is imported alone: importing it through the addon would pull in Odoo."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lead_distribution"))
