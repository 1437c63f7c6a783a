"""An import that stood still goes on: others may have handed out leads meanwhile, so limits are looked at again."""

from odoo.tools import SQL, split_every

from ..engine import LeftOver
from ..planning.over_limits import RoomsOfRun, describe_over_limit
from ..work.system import as_system
from .row_table import update_rows

ROWS_AT_ONCE = 5000
CLASS = "fresh"  # of all rows, as in their plan


def take_from_full(batch):
    """Leave the rows of an import to nobody that people can no longer get, the last ones first.

    :param batch: one that has failed; those that are going on count as handed out
    """
    rooms = RoomsOfRun(as_system(batch).run_id)
    if not rooms:
        return
    rooms.claim()
    surplus = [row_id for row_id, user_id, arm in _find_shared(batch) if not rooms.take(user_id, CLASS, arm)]
    nobodys = {
        "user_id": None, "turn": None, "line_up": None, "reason": None,
        "code": LeftOver.EVERYBODY_FULL.value, "message": describe_over_limit(batch.env),
    }  # fmt: skip
    for ids in split_every(ROWS_AT_ONCE, surplus, list):
        update_rows(batch.env, [{"id": row_id, **nobodys} for row_id in ids], *nobodys)


def _find_shared(batch):
    """Return [(id, user id, way)] of the rows that somebody is to get, in the order of the file."""
    batch.env["lead.import.row"].flush_model()
    return batch.env.execute_query(
        SQL(
            "SELECT id, user_id, arm FROM lead_import_row WHERE batch_id = %s AND state = 'ready' "
            "AND user_id IS NOT NULL ORDER BY number",
            batch.id,
        )
    )
