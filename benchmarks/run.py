"""``make bench``: measures the addon against its budgets, and writes ``benchmarks/README.md``.

All cases of a size take turns in one process on the same data, several times over, so that a
machine that slows down slows all of them. ``--quick``: a tenth of each size, one turn, and
nothing is written. ``--runs``, ``--planning`` …: only these parts.
"""

import os
import sys
import time
from pathlib import Path

import odoo.init  # noqa: F401 what `from odoo import …` offers
from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tools import config

DATABASE = os.environ["LEAD_DISTRIBUTION_DATABASE"]
sys.path.insert(0, str(Path(__file__).parent))
# from here on the addon can be imported, as parts of the benchmarks do
config.parse_config(
    ["-c", os.environ["LEAD_DISTRIBUTION_CONFIG"], "-d", DATABASE, "--log-level", "error"], setup_logging=True
)

import dashboard
import data
import deadlines
import find
import imports
import live
import million
import plan
import presence
import runs
import table
import verifying
from budgets import Verdicts
from meter import Meter

QUICK = 10  # by what --quick divides all sizes
PARTS = (
    "planning", "runs", "import", "live", "presence", "finding", "deadlines", "dashboard", "verifying", "million",
)  # fmt: skip


def main():
    shrink = QUICK if "--quick" in sys.argv else 1
    wanted = [part for part in PARTS if f"--{part}" in sys.argv] or PARTS
    verdicts, started = Verdicts(), time.perf_counter()
    with Registry(DATABASE).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        data.prepare(env)
        meter = Meter(env)
        for part in wanted:
            text, judged = _measure(part, env, meter, shrink)
            verdicts.add(judged)
            print(f"\n{text}\n", flush=True)
            if shrink == 1:
                table.write(part, text)
    if shrink > 1:
        print(f"The budgets are about sizes {shrink} times as large.")
    print(f"{verdicts.sum_up()}\n{(time.perf_counter() - started) / 60:.0f} minutes.")


def _measure(part, env, meter, shrink):
    """Return (text, verdicts) of one part."""
    print(f"{part}:", flush=True)
    if part == "planning":
        return plan.render(plan.measure(shrink))
    if part == "runs":
        return runs.render(runs.measure(env, meter, shrink), shrink)
    if part == "import":
        return imports.render(imports.measure(env, meter, shrink), shrink)
    if part == "live":
        return live.render(live.measure(env, meter, shrink))
    if part == "presence":
        return presence.render(presence.measure(env, meter, shrink))
    if part == "finding":
        return find.render(find.measure(env, meter, shrink))
    if part == "deadlines":
        return deadlines.render(*deadlines.measure(env, meter, shrink))
    if part == "verifying":
        return verifying.render(*verifying.measure(env, meter, shrink))
    if part == "million":
        return million.render(*million.measure(env, meter, shrink))
    return dashboard.render(*dashboard.measure(env, meter, shrink))


if __name__ == "__main__":
    main()
