"""A case of the corpus: its name says what is in it, and beside it stands what is to become of it."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

CASES = defaultdict(list)  # reader → its cases


class Refused(NamedTuple):
    """The file is refused; ``code`` says why, ``later``: it can be read, but holds nothing that an import can use."""

    code: str
    later: bool = False


class Read(NamedTuple):
    """The file is read: so many rows, these of them refused for these reasons, these texts among the values."""

    rows: int
    errors: dict = {}
    holds: tuple = ()


class Case(NamedTuple):
    name: str
    reader: str
    make: Callable[[], Any]
    outcome: Any
    file_name: str

    def __str__(self):
        return f"{self.reader}-{self.name}"


def hostile(reader, outcome, file_name=None):
    """Put what a function makes into the corpus; the name of the function says what it is."""

    def add(make):
        CASES[reader].append(Case(make.__name__, reader, make, outcome, file_name or f"leads.{reader}"))
        return make

    return add


def add_case(reader, name, outcome, value, file_name=None):
    """Put a value into the corpus that needs no function to be made."""
    CASES[reader].append(Case(name, reader, lambda: value, outcome, file_name or f"leads.{reader}"))


def refused(code, later=False):
    return Refused(code, later)


def read(rows, errors=None, *holds):
    return Read(rows, errors or {}, holds)
