"""The rows that were not imported, as a file: the original columns, the row number and the reasons."""

from ..tools.safe_export import write_xlsx

NOT_IMPORTED = ("error", "skipped", "cancelled")
AT_ONCE = 2000


def make_error_file(batch):
    """Return (name, bytes) of a workbook that can be mended and uploaded again."""
    env, columns = batch.env, [column.name for column in batch.column_ids]
    header = [*columns, env._("Row"), env._("Reason")]
    stem = (batch.file_name or env._("import")).rsplit(".", 1)[0]
    data = write_xlsx(env._("Not imported"), header, _iterate_rows(batch, len(columns)))
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
