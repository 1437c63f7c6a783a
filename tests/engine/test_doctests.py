"""The worked examples in the docstrings of the engine come out as written."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import engine

ROOMS = [
    f"lead_distribution.{name}" for name in (
        "config.schema",
        "importing.cleaning", "importing.column_guess", "importing.rows", "importing.spreadsheet.file_guard",
        "importing.spreadsheet.text_files", "importing.targets", "reporting.left", "reporting.results",
        "tools.codes", "tools.html_text", "tools.safe_export", "tools.storable",
    )
]  # fmt: skip
MODULES = [
    *ROOMS,
    *(module.name for module in pkgutil.walk_packages(engine.__path__, prefix=f"{engine.__name__}.")),
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of(name):
    assert doctest.testmod(import_module(name)).failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    assert sum(len(t.examples) for m in MODULES for t in finder.find(import_module(m))) >= 4
