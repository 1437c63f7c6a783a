"""One bad record costs one record: work on many at once, and on fewer where that fails."""

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY


def bisect(env, items, work, refuse):
    """Work on all items in one savepoint; if that fails, on each half, down to the one that is to blame.

    :param items: list or records
    :param work: called with some of them; what it does must be in the database when it returns
    :param refuse: called with (item, error) for the one that is to blame, after the savepoint was rolled back
    :return: list of what ``work`` and ``refuse`` returned, in the order of the items
    :raise: conflicts with other transactions, which cost nobody an item
    """
    if not items:
        return []
    try:
        with env.cr.savepoint():
            return [work(items)]
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception as error:
        if len(items) == 1:
            return [refuse(items[0], error)]
        middle = len(items) // 2
        return [*bisect(env, items[:middle], work, refuse), *bisect(env, items[middle:], work, refuse)]
