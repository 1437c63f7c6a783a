"""The worked examples in the docstrings of the engine come out as written."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import engine

TOOLS = [
    f"tools.{name}" for name in ("cleaning", "column_guess", "html_text", "import_targets", "safe_export",
                                 "spreadsheet_guard", "spreadsheet_text", "storable")
]  # fmt: skip
ROOMS = ["importing.rows", "reporting.left", "reporting.results"]
MODULES = [
    *TOOLS,
    *ROOMS,
    *(module.name for module in pkgutil.walk_packages(engine.__path__, prefix=f"{engine.__name__}.")),
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of(name):
    assert doctest.testmod(import_module(name)).failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    assert sum(len(t.examples) for m in MODULES for t in finder.find(import_module(m))) >= 4
