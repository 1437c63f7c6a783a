"""The rows that were not imported, as a file: the original columns, the row number and the reasons."""

from functools import partial

from ..tools.safe_export import write_xlsx
from ..work.leaving import note_file, stamp_workbook

NOT_IMPORTED = ("error", "skipped", "cancelled")
AT_ONCE = 2000


def make_error_file(batch):
    """Return (name, bytes) of a workbook that can be mended and uploaded again."""
    env, columns = batch.env, [column.name for column in batch.column_ids]
    header = [*columns, env._("Row"), env._("Reason")]
    stem = (batch.file_name or env._("import")).rsplit(".", 1)[0]
    rows = _iterate_rows(batch, len(columns))
    data = write_xlsx(env._("Not imported"), header, rows, partial(stamp_workbook, env=env))
    note_file(batch, "xlsx", sum((batch.counts or {}).get(state, 0) for state in NOT_IMPORTED))
    what = env._("not imported")
    return f"{stem}_{what}.xlsx", data


def _iterate_rows(batch, width):
    last = 0
    domain = [("batch_id", "=", batch.id), ("state", "in", NOT_IMPORTED)]
    while True:
        rows = batch.env["lead.import.row"].search([*domain, ("number", ">", last)], order="number", limit=AT_ONCE)
        if not rows:
            return
        for row in rows:
            raw = (row.raw or [])[:width] if width else [" | ".join(row.raw or [])]
            yield [*raw, *[""] * (width - len(raw)), row.number, row.message or ""]
        last = rows[-1].number
        rows.invalidate_recordset()
