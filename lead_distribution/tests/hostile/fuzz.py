"""Tries cases made by chance: so many in the tests, for so many minutes in the long ones; what fails can be tried again.

Set by the environment: ``FUZZ_MINUTES`` (of each fuzzer), ``FUZZ_CASES``, ``FUZZ_SEED``, ``FUZZ_ONLY`` (a number: that case
alone), ``FUZZ_FOLDER`` (where cases that failed are kept).
"""

import json
import os
import random
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

MOST_FAILURES = 20


def fuzz(name, cases, make, try_case):
    """Make cases and try them.

    :param cases: how many, where the environment does not say
    :param make: gets a random generator, returns a case: bytes, or what JSON can hold
    :param try_case: gets a case; returns what is wrong, or nothing; it may raise, which is wrong, too
    :return: texts: what failed, and how to try it again
    """
    options, started = read_options(cases), time.process_time()
    seed, failures, tried, until = options["seed"], [], 0, time.monotonic() + 60 * options["minutes"]
    for number in options["numbers"]:
        if (options["minutes"] and time.monotonic() > until) or len(failures) >= MOST_FAILURES:
            break
        case = make(random.Random(f"{name} {seed} {number}"))
        tried += 1
        if problem := _try(try_case, case):
            kept = keep(name, seed, number, case)
            failures.append(f"{problem}\n    kept as {kept}; again: FUZZ_SEED={seed} FUZZ_ONLY={number}")
    took = time.process_time() - started
    line = f"fuzz {name}: {tried} cases, seed {seed}, {took:.0f} s of processor, {len(failures)} failed\n"
    sys.stdout.write(line)  # pytest shows it of what fails, and with -s
    return failures


def _try(try_case, case):
    try:
        return try_case(case)
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:500]}"


def read_options(cases):
    """Return what the environment says: ``seed``, ``minutes`` and ``numbers`` of the cases."""
    minutes, only = float(os.environ.get("FUZZ_MINUTES") or 0), os.environ.get("FUZZ_ONLY")
    seed = os.environ.get("FUZZ_SEED") or (str(time.time_ns()) if minutes else "1")
    numbers = range(int(os.environ.get("FUZZ_CASES") or cases))
    if minutes:
        numbers = count()
    return {"seed": seed, "minutes": minutes, "numbers": [int(only)] if only else numbers}


def keep(name, seed, number, case):
    """Write a case that failed to a file; return its path."""
    folder = Path(os.environ.get("FUZZ_FOLDER") or tempfile.gettempdir()) / "lead_distribution_fuzz"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{seed}-{number}"
    path.write_bytes(case if isinstance(case, bytes) else json.dumps(case, indent=1, default=str).encode())
    return path
