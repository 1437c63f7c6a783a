"""Files made by chance from those of the corpus, each read within limits: no outcome that nobody has thought of."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lead_distribution.importing.column_guess import find_header, guess_columns, header_names
from lead_distribution.importing.spreadsheet.file_guard import MIB, Limits

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lead_distribution" / "tests"))

import forked_reader
from hostile.corpus import CODES, FILES
from hostile.fuzz import fuzz
from hostile.mutate import change_file, load_files
from thorough import often

LIMITS = replace(Limits(), seconds=2, memory_bytes=192 * MIB, rows=2_000)
SPARE_SECONDS, SPARE_BYTES = 2, 32 * MIB
ENDINGS = {"time", "memory"}


@pytest.fixture(scope="module")
def files():
    forked_reader.load()
    return load_files(FILES)


def test_no_file_has_an_outcome_that_nobody_has_thought_of(files):
    def make(draw):
        own, other = (draw.choice(files[draw.choice(FILES)])[1] for _time in range(2))
        return change_file(draw, own, other)

    assert fuzz("files", often(120, 300), make, try_file) == []


def try_file(data):
    """Return what is wrong with what came of a file."""
    reading = forked_reader.read_file(data, LIMITS)
    if reading.problem and reading.problem not in CODES:
        return f"{reading.problem}: {reading.said[-500:]}"
    if reading.seconds > LIMITS.seconds + SPARE_SECONDS or reading.memory > LIMITS.memory_bytes + SPARE_BYTES:
        return f"it took {reading.seconds} s and {reading.memory} bytes"
    numbers = [number for number, _cells in reading.rows]
    if numbers != sorted(set(numbers)) or not all(type(cell) is str for _number, row in reading.rows for cell in row):
        return "rows that are none"
    if reading.rows:
        guess(reading.rows)


def guess(rows):
    """What the addon does next with rows: it looks for the header, and guesses the columns."""
    cells = [row for _number, row in rows[:200]]
    header, width = find_header(cells), max(map(len, cells))
    names = header_names(cells[header] if header is not None else [], width)
    guess_columns(names, [[row[place] for row in cells if place < len(row)] for place in range(width)])
