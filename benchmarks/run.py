"""``make bench``: measures runs against Odoo's own assignment, bare writes and bare SQL.

All cases of a size take turns in one process on the same leads, several times over, so
that a machine that slows down slows all of them. Medians and ratios are what counts.
"""

import os
import platform
import sys
import time
from pathlib import Path

import odoo.init  # what `from odoo import …` offers
import odoo.sql_db
from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tools import config

sys.path.insert(0, str(Path(__file__).parent))

import cases
import dashboard
import data
import importing
import million
import planning
import table

DATABASE = os.environ["LEAD_DISTRIBUTION_DATABASE"]
SIZES = {1_000: 3, 10_000: 3}  # leads: how many times each case


def main():
    quick = "--quick" in sys.argv
    config.parse_config(
        ["-c", os.environ["LEAD_DISTRIBUTION_CONFIG"], "-d", DATABASE, "--log-level", "error"],
        setup_logging=True,
    )
    only = {"--planning", "--runs", "--import", "--million", "--dashboard"} & set(sys.argv)

    def wanted(part):
        return not only or part in only

    if wanted("--planning"):
        _report("planning", planning.render(planning.measure()), quick)
    with Registry(DATABASE).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        data.prepare(env)
        results = {}
        for size, times in SIZES.items() if wanted("--runs") else ():
            print(f"{size:,} leads", flush=True)
            data.make_leads(env, size)
            results[size] = _measure_all(env, 1 if quick else times)
        if results:
            _report("runs", table.render(results, _machine()), quick)
        if wanted("--import"):
            turns = 1 if quick else importing.TURNS
            _report("import", importing.render(importing.measure(env, turns)), quick)
        if wanted("--million"):
            _report("million", million.render(*million.measure(env)), quick)
        if wanted("--dashboard"):
            _report("dashboard", dashboard.render(*dashboard.measure(env)), quick)


def _report(part, text, quick):
    print(text, flush=True)
    if not quick:
        table.write(part, text)


def _measure_all(env, times):
    measured = {name: [] for name in cases.CASES}
    for turn in range(times):
        for name, case in cases.CASES.items():
            data.reset(env)
            measured[name].append(_measure(env, case))
            print(f"  {turn + 1}/{times} {name}: {measured[name][-1]['seconds']:.2f} s", flush=True)
    return measured


def _measure(env, case):
    """Return seconds, SQL statements and the peak of memory above the start, in MiB."""
    Path("/proc/self/clear_refs").write_text("5")
    before, statements = _memory("VmRSS"), odoo.sql_db.sql_counter
    started = time.perf_counter()
    case(env)
    env.cr.commit()
    seconds = time.perf_counter() - started
    env.invalidate_all()
    return {
        "seconds": seconds,
        "statements": odoo.sql_db.sql_counter - statements,
        "memory": _memory("VmHWM") - before,
    }


def _memory(key):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
    return 0


def _machine():
    processor = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return f"{os.cpu_count()} cores ({processor}), Python {platform.python_version()}"


if __name__ == "__main__":
    main()
