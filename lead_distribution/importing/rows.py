"""Rows of a file as the server works on them: so many at once, and not more text than needs be."""

CHARS = 8_000_000  # of the rows that are worked on at once


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
