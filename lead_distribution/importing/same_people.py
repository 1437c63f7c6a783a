"""The rows of one person in a file: where one of them says that nobody may call, the others mean it, too."""

from typing import NamedTuple

from odoo.tools import SQL

from .duplicates import get_keys


class Same(NamedTuple):
    """A row as it is compared with others of its file."""

    id: int
    email_key: str | None
    phone_keys: list | None
    name_key: str | None
    is_marked: bool
    is_open: bool


def find_uncalled_people(batch):
    """Return the ids of the rows somebody would get although another row of the person says that nobody may call.

    Whoever shares a key with a row is the same person, and so is whoever shares one with that.
    """
    if not _has_marks(batch):
        return []
    rows = _read_rows(batch)
    persons = _find_persons([get_keys(row, batch.match_name) for row in rows])
    marked = {person for person, row in zip(persons, rows, strict=True) if row.is_marked}
    return [row.id for person, row in zip(persons, rows, strict=True) if row.is_open and person in marked]


def _has_marks(batch):
    query = SQL("SELECT FROM lead_import_row WHERE batch_id = %s AND do_not_call IS NOT NULL LIMIT 1", batch.id)
    return bool(batch.env.execute_query(query))


def _read_rows(batch):
    query = SQL(
        "SELECT id, email_key, phone_keys, name_key, do_not_call IS NOT NULL, state = 'ready' AND do_not_call IS NULL "
        "FROM lead_import_row WHERE batch_id = %s",
        batch.id,
    )
    return [Same(*row) for row in batch.env.execute_query(query)]


def _find_persons(keys_of_rows):
    """Return for each row who it is: the same number for all rows that keys connect. One pass, however many they are.

    :param keys_of_rows: list of the keys of each row

    >>> _find_persons([["a"], ["b"], ["c"], ["a", "c"]])
    [3, 1, 3, 3]
    """
    parents, first = [], {}
    for number, keys in enumerate(keys_of_rows):
        parents.append(number)
        for key in keys:
            parents[_find_root(parents, first.setdefault(key, number))] = number
    return [_find_root(parents, number) for number in range(len(parents))]


def _find_root(parents, number):
    while parents[number] != number:
        parents[number] = parents[parents[number]]  # shorter for who comes after
        number = parents[number]
    return number
