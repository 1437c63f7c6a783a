"""The corpus of hostile files, each read within limits that the system keeps; beside each stands its outcome."""

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from lead_distribution.importing.spreadsheet.file_guard import MIB, Limits

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lead_distribution" / "tests"))

import forked_reader
from hostile.case import Refused
from hostile.corpus import CASES, FILES

LIMITS = replace(Limits(), memory_bytes=192 * MIB, rows=2_000)
SOON = replace(LIMITS, seconds=2)  # where the limit is what is to come: nobody waits for more of it
AT_ONE_LIMIT = {"time", "memory", "bomb"}
SPARE_SECONDS, SPARE_BYTES = 2, 32 * MIB  # beyond the limits: what ending takes, and what is counted in pages
ENOUGH = 200


@pytest.fixture(scope="module", autouse=True)
def libraries():
    forked_reader.load()


@pytest.mark.parametrize("case", [case for reader in FILES for case in CASES[reader]], ids=str)
def test_a_hostile_file_has_the_outcome_that_stands_beside_it(case):
    limits = SOON if getattr(case.outcome, "code", None) == "limit" else LIMITS
    reading = forked_reader.read_file(case.make(), limits)
    assert reading.problem != "crashed", reading.said
    if isinstance(case.outcome, Refused) and not case.outcome.later:
        wanted = AT_ONE_LIMIT if case.outcome.code == "limit" else {case.outcome.code}
        assert reading.problem in wanted, reading
    else:
        assert reading.problem is None, reading
        assert len(reading.rows) >= getattr(case.outcome, "rows", 0)
    assert reading.seconds < limits.seconds + SPARE_SECONDS
    assert reading.memory < LIMITS.memory_bytes + SPARE_BYTES


def test_the_corpus_is_as_large_as_it_is_to_be_and_every_reader_has_its_share():
    cases = [str(case) for kind in CASES.values() for case in kind]
    assert len(cases) >= ENOUGH
    assert [name for name, count in Counter(cases).items() if count > 1] == []
    assert {reader: len(CASES[reader]) for reader in FILES if len(CASES[reader]) < 30} == {}
