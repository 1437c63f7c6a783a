import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dev"))
import coverage_document

HEAD = ("| id | item | where | test |", "|---|---|---|---|")
RIGHT = "| A1 | an item | `engine/planner.py`, `load_config` | `tests/engine/test_planner.py`, `test_apply` r68… |"


@pytest.fixture(scope="module")
def sources():
    return coverage_document.Sources()


@pytest.fixture
def look(sources, tmp_path, monkeypatch):
    """Return what is found in a document of some rows."""

    def find(*rows, there="1 of 1"):
        path = tmp_path / "coverage.md"
        path.write_text("\n".join([f"{there} items are there.", *HEAD, *rows]))
        monkeypatch.setattr(coverage_document, "DOCUMENT", path)
        return list(coverage_document.find_problems(sources))

    return find


def test_a_row_whose_places_and_tests_are_there_is_right(look):
    assert look(RIGHT) == []


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ("engine/planner.py", "engine/planers.py", "A1: there is no engine/planers.py"),
        ("`load_config`", "`load_konfig`", "A1: nothing is called load_konfig"),
        ("`engine/planner.py`", "`engine/planner.py: paln`", "A1: engine/planner.py has no paln"),
        ("`test_apply`", "`test_aply`", "A1: there is no test_aply"),
        ("r68…", "r680…", "A1: test_apply has no test r680…"),
        (" | `tests", " `tests", "A1: not four cells"),
    ],
)
def test_what_is_not_there_is_told(look, right, wrong, problem):
    assert right in RIGHT
    assert problem in look(RIGHT.replace(right, wrong))


def test_items_that_stand_twice_and_a_wrong_count_are_told(look):
    assert look(RIGHT, RIGHT) == ["A1: 2 times", "2 of 2 items are there, it says otherwise"]
    missing = "| A2 | another | not yet | – |"
    assert look(RIGHT, missing, there="1 of 2") == []
    assert look(RIGHT, missing, there="2 of 2") == ["1 of 2 items are there, it says otherwise"]
