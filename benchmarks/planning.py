"""Planning alone: the engine on many leads and people, each case in a process of its own.

So the peak of memory is that of the case. ``python planning.py CASE`` runs one and prints
its seconds and MiB.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from statistics import median

CASES = {
    # name: strategy, leads, people, share of leads that somebody holds
    "round_robin, 1,000,000 leads × 1,000 people": ("round_robin", 1_000_000, 1_000, 0.5),
    "level_based, 1,000,000 leads × 1,000 people": ("level_based", 1_000_000, 1_000, 0.5),
    "level_based, 100,000 leads × 1,000 people": ("level_based", 100_000, 1_000, 0.5),
    "optimal, 100,000 leads × 200 people, 10 segments": ("optimal", 100_000, 200, 0.5),
}
TURNS = 3
SEGMENTS = 10


def measure():
    """Return {case: list of (seconds, MiB at the peak, leads handed out)}, cases in turn."""
    results = {name: [] for name in CASES}
    for _turn in range(TURNS):
        for name in CASES:
            output = subprocess.run([sys.executable, __file__, name], capture_output=True, text=True, check=True)
            results[name].append(tuple(json.loads(output.stdout)))
    return results


def render(results):
    lines = [
        f"Medians of {TURNS} runs in turn; in brackets the extremes. The peak is that of the whole process.",
        "",
        "| what | seconds | peak, MiB | handed out |",
        "|---|---|---|---|",
    ]
    for name, runs in results.items():
        seconds = [run[0] for run in runs]
        spread = f"{median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f})"
        lines.append(f"| {name} | {spread} | {max(run[1] for run in runs):.0f} | {runs[0][2]:,} |")
    return "\n".join(lines)


def run_case(name):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lead_distribution"))
    from tools.transport import solve

    from engine import Lead, Person, get_strategy, make_plan

    strategy, lead_count, people_count, held = CASES[name]
    rng = Random(1)
    room = 2 * lead_count // people_count
    people = [
        Person(
            n, f"P{n}", rng.randint(1, 3), target=rng.randint(room // 2, room * 2), current=rng.randint(0, room // 4),
            rates={segment: rng.random() / 3 for segment in range(SEGMENTS)},
        )
        for n in range(people_count)
    ]  # fmt: skip
    leads = [
        Lead(n, (rng.randrange(people_count),) if rng.random() < held else (), segment=rng.randrange(SEGMENTS))
        for n in range(lead_count)
    ]
    options = {"solve": solve} if strategy == "optimal" else {}
    started = time.perf_counter()
    plan = make_plan(leads, people, get_strategy(strategy, **options), rng=Random(2))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return seconds, peak, sum(plan.received.values())


if __name__ == "__main__":
    print(json.dumps(run_case(sys.argv[1])))
