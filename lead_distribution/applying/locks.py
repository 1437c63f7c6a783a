"""Waiting for what somebody else holds, and doing a thing once at a time."""

import logging
from contextlib import contextmanager

from psycopg2.errors import LockNotAvailable, QueryCanceled

from odoo import SUPERUSER_ID, fields
from odoo.api import Environment
from odoo.tools import SQL

from ..work.transactions import commit

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
            cr.execute(SQL("SET LOCAL statement_timeout = %s", max(1, int(seconds * 1000))))  # 0: none
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


@contextmanager
def beside_live(env):
    """Do what comes within the block while nobody hands out leads as they come; commits before it and at its end.

    Begin and end of runs write whose turn it is, and claim limits. Under live load they would be in the way of the many
    small batches, and these in theirs, for ever. Where no campaign is live, nothing happens, no commit either.
    """
    if not _is_live(env):
        yield
        return
    with one_at_a_time(env):
        yield


@contextmanager
def one_at_a_time(env):
    """Do what comes within the block while nobody else hands out leads in small parts; commits before and at its end.

    Whoever hands out leads of the day, as they come or after the hand-out, holds this one lock: whose turn it is, and
    how much room there is, is read and written by one process at a time.
    """
    commit(env)  # who waits holds no locks, and what comes after sees what others have committed until then
    try:
        with env.registry.cursor() as guard:
            guard.execute(SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", LIVE))
            yield
            commit(env)
    except Exception:
        _wake_apart(env)
        raise
    _wake_waiting(env)


def _wake_apart(env):
    """Wake the worker where what was done within the lock is undone: it may have come in vain all the same."""
    try:
        with env.registry.cursor() as cr:
            _wake_waiting(Environment(cr, SUPERUSER_ID, {}))
    except Exception:  # no connection left, say; who asked hears of what went wrong first
        _logger.exception("The worker of leads as they come could not be woken")


def _is_live(env):
    campaigns = env["lead.distribution.campaign"].sudo()  # of any company
    return bool(campaigns.search_count([("is_live", "=", True)], limit=1))


def _wake_waiting(env):
    """Wake the worker that may have tried in vain meanwhile: leads that are due, or changes nobody has followed."""
    waiting = env["lead.distribution.waiting"].sudo()  # of any company
    changes = env["lead.distribution.change"].sudo()
    if waiting.search_count([("next_try", "<=", fields.Datetime.now())], limit=1) or changes.search_count([], limit=1):
        waiting.wake()
        commit(env)
