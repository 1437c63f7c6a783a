"""Working off the rows of an import: at once, in steps that commit, or a part of them beside other processes."""

import logging
import time

from odoo import fields
from odoo.tools import SQL

from ..work.scheduler import get_scheduled
from ..work.transactions import commit, retry
from .chunk import add_to_counts, import_chunk
from .row_table import WAITING

_logger = logging.getLogger(__name__)

IMPORT = "lead_distribution.ir_cron_import"


def import_at_once(session):
    """Import all rows in the transaction of the caller, who counts them at the end."""
    while import_chunk(session):
        session.batch.env.flush_all()


def import_in_steps(session):
    """Import rows, commit after each chunk; stop when the scheduler's time is up.

    :return: whether there is no chunk that could be taken
    """
    batch = session.batch
    while True:
        started = time.monotonic()
        done = retry(batch.env, _import_next, session)
        if not done:
            return True
        _logger.debug("Import %s: %s rows in %.1f s", batch.id, done, time.monotonic() - started)
        if not commit(batch.env, done):
            return False


def import_part(session, first, last):
    """Import the rows between two numbers while other processes import others; return how many were settled.

    Rows that others have in hand are passed over.
    """
    batch, done = session.batch, 0
    while settled := retry(batch.env, _import_next_of_part, session, first, last):
        commit(batch.env, len(settled))
        retry(batch.env, _count_settled, batch, settled)  # on its own: all parts write this one record
        commit(batch.env)
        done += len(settled)
    return done


def _import_and_count(session):
    settled = import_chunk(session)
    if settled:
        add_to_counts(session.batch, settled)
        session.batch.env.flush_all()
    return len(settled)


def _import_next(session):
    """Import a chunk, unless somebody has stopped the import meanwhile, or another process works on it."""
    name = f"lead_import_batch:{session.batch.id}"
    query = SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", name)
    [(is_mine,)] = session.batch.env.execute_query(query)
    return _import_and_count(session) if is_mine and _may_go_on(session.batch) else 0


def _import_next_of_part(session, first, last):
    return import_chunk(session, first, last) if _may_go_on(session.batch) else []


def _count_settled(batch, settled):
    batch.invalidate_recordset(["rows_done", "counts"])
    add_to_counts(batch, settled)


def _may_go_on(batch):
    """Say whether another chunk may begin; as it is now, not as it was read before."""
    batch.invalidate_recordset(["state", "is_stopping", "rows_done", "counts"])
    return batch.state == "importing" and not batch.is_stopping


def mark_working(batch):
    """Remember that somebody works on it: a mark that is still there was left by a killed process."""
    retry(batch.env, _write_working, batch)
    commit(batch.env)


def _write_working(batch):
    batch.invalidate_recordset(["working_since", "interruptions"])
    if batch.working_since:
        batch.interruptions += 1
    batch.working_since = fields.Datetime.now()


def unmark_working(batch):
    """Say that nobody works on it any more, and that it has not been interrupted."""
    retry(batch.env, batch.write, {"working_since": False})
    commit(batch.env)


def mark_stopping(batch):
    """See to it that no chunk begins any more; one that has failed is gone on with to its end."""
    retry(batch.env, _write_stopping, batch)
    commit(batch.env)


def _write_stopping(batch):
    batch.invalidate_recordset(["state", "is_stopping"])
    if batch.state == "failed":
        batch.state = "importing"
    batch.is_stopping = batch.state == "importing"


def take_end(batch):
    """Take hold of an import that has come to its end; cancel what is left of one that was stopped.

    :return: the state that it ends in; None while another process works on rows of it, and once it has ended
    """
    if not batch.try_lock_for_update(allow_referencing=True):
        return None
    batch.invalidate_recordset(["state", "is_stopping", "counts"])
    if batch.state != "importing":
        return None
    rows, waiting = batch.env["lead.import.row"], [("batch_id", "=", batch.id), ("state", "in", WAITING)]
    if batch.is_stopping:
        free = rows.search(waiting).try_lock_for_update(allow_referencing=True)  # nobody has them in hand
        free.write({"state": "cancelled", "message": batch.env._("The import was stopped before this row.")})
        batch.env.flush_all()
    if rows.search_count(waiting, limit=1):
        return None
    return "cancelled" if batch.is_stopping else "done"


def wake_scheduler(env):
    """Have the scheduler go on with imports at once."""
    env.ref(IMPORT).sudo()._trigger()  # users do not see scheduled actions


def hand_to_scheduler(env):
    """Have the scheduler do what is too long for a click.

    :raise UserError: if its action is switched off
    """
    get_scheduled(env, IMPORT)._trigger()
