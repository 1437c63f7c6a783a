"""The process that reads a file, as the server starts it: what it leaves behind."""

import importlib.util
import shutil
from pathlib import Path

from lead_distribution.importing.spreadsheet.process import Book

GERMAN = "Name;Straße\nJörg Müller;Königstraße 1\nGünther Weiß;Bärengäßchen 2\n".encode("cp1252")


def test_libraries_that_are_loaded_while_limits_hold_stay_whole_for_every_other_program(tmp_path, monkeypatch):
    """What Python compiles it keeps beside the source; the limit of what may be written would cut that off."""
    installed = Path(importlib.util.find_spec("chardet").origin).parent
    library = tmp_path / "chardet"
    shutil.copytree(installed, library, ignore=shutil.ignore_patterns("__pycache__"))
    assert max(path.stat().st_size for path in library.rglob("*.py")) > 65_536
    monkeypatch.syspath_prepend(str(tmp_path))
    with Book(GERMAN) as book:
        assert [row for _number, row in book.rows()][1][0] == "Jörg Müller"
    assert not list(library.rglob("*.pyc"))
