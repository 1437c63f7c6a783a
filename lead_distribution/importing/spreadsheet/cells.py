"""What workbooks have in common: cells as texts, rows without what is empty at their end. Pure Python."""

from datetime import date, datetime, time

from .file_guard import MANY_BLANK_ROWS, check_row


def to_text(value):
    """Return the text of a cell's value: whole numbers without a point, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def trimmed(rows, limits):
    """Yield rows without empty cells at their end, and stop where only blank rows are left."""
    blanks = 0
    for row in rows:
        while row and not row[-1]:
            row.pop()
        blanks = 0 if row else blanks + 1
        if blanks > MANY_BLANK_ROWS:
            return
        yield check_row(row, limits)
