"""Waiting for what somebody else holds, and doing a thing once at a time."""

import logging
from contextlib import contextmanager

from psycopg2.errors import LockNotAvailable, QueryCanceled

from odoo.tools import SQL

_logger = logging.getLogger(__name__)

LIVE = "lead.distribution.live"  # name of the lock within which leads are handed out as they come
WAIT_FOR_LOCK = 3.0  # seconds that a run waits for leads that somebody is saving, for all of them together


def wait_for(records, seconds):
    """Wait until the records are free, all of them together at most so many seconds, and lock them.

    What is still held by somebody then is not locked: whoever goes on takes what is free.

    :raise SerializationFailure: if somebody has changed one of them meanwhile
    """
    if not records or seconds <= 0:
        return
    cr = records.env.cr
    try:
        with cr.savepoint():
            cr.execute(SQL("SET LOCAL statement_timeout = %s", int(seconds * 1000)))
            cr.execute(
                SQL(
                    "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                    SQL.identifier(records._table),
                    records.ids,
                ),
                log_exceptions=False,
            )
            cr.execute(SQL("SET LOCAL statement_timeout TO DEFAULT"))
    except (QueryCanceled, LockNotAvailable):
        _logger.info("Records of %s stay locked by somebody else", records._name)


@contextmanager
def only_one(env, name):
    """Say whether nobody else is within the same ``with`` block; commits do not end it, a dying process does.

    :param name: what is done once at a time, as a text
    """
    with env.registry.cursor() as guard:
        guard.execute(SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", name))
        yield guard.fetchone()[0]
