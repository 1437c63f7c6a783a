"""Rows of a file as the server works on them: so many at once, and not more text than needs be. Pure Python."""

from typing import NamedTuple

CHUNK = 1000  # rows that are cleaned and compared at once
CHARS = 8_000_000  # of the rows that are worked on at once


class RawRow(NamedTuple):
    """A row as it stands in a file or a request.

    ``raw`` are its texts as they are kept; ``cells`` are (target, name of the column, text) for the cleaner;
    ``problems`` are (code, parameters) found before it is cleaned.
    """

    number: int
    raw: list
    cells: list
    problems: tuple = ()


def split_rows(rows, count):
    """Yield lists of rows: ``count`` in each, fewer where they are long.

    :param rows: (number, list of texts)

    >>> [len(part) for part in split_rows(iter([(1, ["a"]), (2, ["b"]), (3, ["c"])]), 2)]
    [2, 1]
    """
    part, chars = [], 0
    for number, cells in rows:
        part.append((number, cells))
        chars += sum(map(len, cells))
        if len(part) == count or chars > CHARS:
            yield part
            part, chars = [], 0
    if part:
        yield part
