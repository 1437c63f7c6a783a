"""Planning alone: the engine on many leads and people, each case in a process of its own.

So the peak of memory is that of the case. ``python planning.py STRATEGY LEADS PEOPLE`` runs
one and prints its seconds, processor seconds and MiB.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from statistics import median

import table
from budgets import PLANNING, Verdicts

SIZES, PEOPLE = (1_000, 10_000, 100_000, 1_000_000), 1_000
CASES = [
    *(("round_robin", leads, PEOPLE) for leads in SIZES),
    *(("level_based", leads, PEOPLE) for leads in SIZES),
    ("optimal", 100_000, 200),  # of ten kinds
]
TURNS = 3
HELD, KINDS = 0.5, 10  # share of the leads that somebody holds; kinds of leads


def measure(shrink=1):
    """Return {case: list of (seconds, processor seconds, MiB at the peak, leads handed out)}, cases in turn."""
    chosen = [(strategy, leads // shrink, people) for strategy, leads, people in CASES]
    results = {case: [] for case in chosen}
    for _turn in range(1 if shrink > 1 else TURNS):
        for case in chosen:
            command = [sys.executable, __file__, *map(str, case)]
            output = subprocess.run(command, capture_output=True, text=True, check=True)
            results[case].append(tuple(json.loads(output.stdout)))
    return results


def render(results):
    """Return (the text, the verdicts)."""
    rows, verdicts, grown = [], Verdicts(), {}
    for (strategy, leads, people), runs in results.items():
        seconds, processor, peaks, handed_out = zip(*runs, strict=True)
        grown.setdefault(strategy, {})[leads] = median(seconds)
        rows.append(
            [f"{leads:,}", f"{people:,}", strategy, table.spread(seconds, 3), table.spread(processor, 3),
             f"{median(seconds) / leads * 1e6:.1f}", f"{max(peaks):.0f}", f"{handed_out[0]:,}"]
        )  # fmt: skip
    for strategy, times in grown.items():
        largest = max(times)
        if len(times) > 1:
            note = f"{strategy}, {largest:,} leads × {PEOPLE:,} people"
            verdicts.judge(PLANNING["seconds"], times[largest], note)
            verdicts.judge(PLANNING["memory"], max(run[2] for run in results[strategy, largest, PEOPLE]), note)
    header = ["leads", "people", "strategy", "seconds", "processor", "µs a lead", "peak, MiB", "handed out"]
    text = [
        "Medians of the turns; in brackets the extremes. The peak is that of the whole process; no statements.",
        "",
        table.render(header, rows),
        "",
        *(f"- {table.tell_growth(name, times)}" for name, times in grown.items() if len(times) > 1),
        "",
        verdicts.render(),
    ]
    return "\n".join(text), verdicts


def run_case(strategy, lead_count, people_count):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lead_distribution"))
    from planning.transport import solve

    from engine import Lead, Person, get_strategy, make_plan

    rng = Random(1)
    room = max(2, 2 * lead_count // people_count)
    people = [
        Person(
            n, f"P{n}", rng.randint(1, 3), target=rng.randint(room // 2, room * 2), current=rng.randint(0, room // 4),
            rates={segment: rng.random() / 3 for segment in range(KINDS)},
        )
        for n in range(people_count)
    ]  # fmt: skip
    leads = [
        Lead(n, (rng.randrange(people_count),) if rng.random() < HELD else (), segment=rng.randrange(KINDS))
        for n in range(lead_count)
    ]
    options = {"solve": solve} if strategy == "optimal" else {}
    processor, started = time.process_time(), time.perf_counter()
    plan = make_plan(leads, people, get_strategy(strategy, **options), rng=Random(2))
    seconds = time.perf_counter() - started
    processor = time.process_time() - processor
    lines = Path("/proc/self/status").read_text().splitlines()  # ru_maxrss would be that of the parent, if larger
    peak = next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    return seconds, processor, peak, sum(plan.received.values())


if __name__ == "__main__":
    name, leads_text, people_text = sys.argv[1:]
    print(json.dumps(run_case(name, int(leads_text), int(people_text))))
