"""One bad row costs one row: work on many at once, and on fewer where that fails."""

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY


def settle(rows, work, refuse, env):
    """Work on all rows in one savepoint; if that fails, on each half, down to the row that is to blame.

    :param rows: list
    :param work: called with a list of rows; what it does must be in the database when it returns
    :param refuse: called with (row or None, error) after the savepoint was rolled back; with None
        before the rows are tried once more in smaller parts
    :raise: conflicts with other transactions, which cost nobody a row
    """
    if not rows:
        return
    try:
        with env.cr.savepoint():
            work(rows)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception as error:
        if len(rows) == 1:
            refuse(rows[0], error)
            return
        refuse(None, error)
        middle = len(rows) // 2
        settle(rows[:middle], work, refuse, env)
        settle(rows[middle:], work, refuse, env)
