"""The rows of imports in the database: written and locked many at once, as there may be 100,000 of them."""

import json
from dataclasses import dataclass, fields
from typing import NamedTuple

from odoo.tools import SQL

COLUMNS = {
    "batch_id": "int", "number": "int", "state": "text", "code": "text", "message": "text", "raw": "jsonb",
    "values": "jsonb", "email_key": "text", "phone_keys": "jsonb", "name_key": "text", "do_not_call": "text",
    "match_lead_id": "int", "match_partner_id": "int", "user_id": "int", "turn": "int", "line_up": "int",
    "reason": "text", "lead_id": "int",
    "before": "jsonb", "done_on": "timestamp", "arm": "text",
}  # fmt: skip
WAITING = ("ready", "update")  # states of rows that are not done yet
LAST = 2**31 - 1  # no row has a higher number


@dataclass(slots=True)
class WaitingRow:
    """A row that is to be imported; the names are those of its columns."""

    id: int
    number: int
    state: str
    code: str | None
    message: str | None
    values: dict
    email_key: str | None
    phone_keys: list | None
    name_key: str | None
    do_not_call: str | None
    match_lead_id: int | None
    match_partner_id: int | None
    user_id: int | None
    turn: int | None
    line_up: int | None
    reason: str | None
    arm: str | None = None  # the way it was dealt to in an experiment

    def become(self, state, **changes):
        """Return what has become of the row."""
        return Settled(self.id, self.state, state, **{"code": self.code, "message": self.message, **changes})


class Settled(NamedTuple):
    """What became of a row: ``state``, after it ``was`` ready or to update; and why, and which lead it is."""

    id: int
    was: str
    state: str
    code: str | None
    message: str | None
    lead_id: int | None = None
    before: dict | None = None  # what an update wrote


def insert_rows(env, rows):
    """Insert many rows with one statement.

    :param rows: list of dicts with keys of ``COLUMNS``
    """
    if not rows:
        return
    names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
    types = SQL(", ").join(SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in COLUMNS.items())
    statement = SQL(
        "INSERT INTO lead_import_row (%s, create_uid, create_date) SELECT %s, %s, %s FROM "
        "jsonb_to_recordset(%s::jsonb) AS r(%s)",
        names, names, env.uid, env.cr.now(), _dump(rows), types,
    )  # fmt: skip
    env.cr.execute(statement)
    env["lead.import.row"].invalidate_model()


def update_rows(env, rows, *names):
    """Set these columns of many rows with one statement; ``rows`` are dicts with ``id``."""
    if not rows:
        return
    types = SQL(", ").join(SQL("%s %s", SQL.identifier(name), SQL(COLUMNS[name])) for name in names)
    settings = SQL(", ").join(SQL("%s = v.%s", SQL.identifier(name), SQL.identifier(name)) for name in names)
    statement = SQL(
        "UPDATE lead_import_row r SET %s FROM jsonb_to_recordset(%s::jsonb) AS v(id int, %s) WHERE r.id = v.id",
        settings, _dump(rows), types,
    )  # fmt: skip
    env.cr.execute(statement)
    env["lead.import.row"].invalidate_model()


def _dump(rows):
    return json.dumps(rows, default=str, ensure_ascii=True)


def lock_rows(batch, count, first=0, last=LAST):
    """Return the next rows between two numbers, locked; those of other processes are passed over.

    :return: list of ``WaitingRow``, at most ``count``
    """
    batch.env["lead.import.row"].flush_model()
    names = [field.name for field in fields(WaitingRow)]
    found = batch.env.execute_query(
        SQL(
            "SELECT %s FROM lead_import_row WHERE batch_id = %s AND state IN %s "
            "AND number BETWEEN %s AND %s ORDER BY number LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
            SQL(", ").join(SQL.identifier(name) for name in names),
            batch.id,
            WAITING,
            first,
            last,
            count,
        )
    )
    return [WaitingRow(*row) for row in found]


def settle_rows(env, settled):
    """Write what became of rows, with one statement."""
    done_on = env.cr.now()
    rows = [{**row._asdict(), "done_on": done_on} for row in settled]
    update_rows(env, rows, "state", "code", "message", "lead_id", "before", "done_on")


def delete_rows(batch):
    """Delete the rows of an earlier check; with one statement, as there may be very many."""
    rows = batch.env["lead.import.row"]
    rows.flush_model()
    rows.env.cr.execute(SQL("DELETE FROM lead_import_row WHERE batch_id = %s", batch.id))
    rows.invalidate_model()


def count_rows(batch):
    """Return {state: how many rows of the import}."""
    return dict(batch.env["lead.import.row"]._read_group([("batch_id", "=", batch.id)], ["state"], ["__count"]))
