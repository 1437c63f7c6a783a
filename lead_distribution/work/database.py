import time
from contextlib import contextmanager

from psycopg2.errors import QueryCanceled

from odoo.tools import SQL, mute_logger


class TimeLimitReached(Exception):
    """A statement took longer than it may."""


@contextmanager
def time_limit(cr, seconds):
    """Stop a statement of this block that takes longer; what the block has done is undone.

    :param seconds: of each statement; 0: no limit
    :raise TimeLimitReached: when a statement was stopped
    """
    if not seconds:
        yield
        return
    cr.execute(SQL("SELECT current_setting('statement_timeout')"))
    before, started = cr.fetchone()[0], time.monotonic()
    try:
        with cr.savepoint(), mute_logger("odoo.sql_db"):
            cr.execute(SQL("SELECT set_config('statement_timeout', %s, true)", str(max(1, int(seconds * 1000)))))
            yield
            cr.execute(SQL("SELECT set_config('statement_timeout', %s, true)", before))
    except QueryCanceled as error:
        if time.monotonic() - started < seconds:  # somebody else stopped it
            raise
        raise TimeLimitReached from error


def compile_nothing(env):
    """Keep PostgreSQL from compiling statements until the transaction ends.

    It compiles what it believes to be expensive, and statements on big tables look so even if
    they read a few rows of an index: at a million leads each look for the duplicates of 1,000
    rows took 2.9 s, of which 2.7 were spent on compiling.
    """
    env.cr.execute(SQL("SET LOCAL jit = off"))


def count_in_memory(env):
    """Keep PostgreSQL from compiling statements, and give it room to count groups, until the transaction ends.

    Of an expression it takes each row for a group of its own: a year's hours to the first action, 480 different minutes
    of 900,000 rows, were sorted on disk, which took 0.87 s instead of 0.48. It keeps what is more than this.
    """
    room = SQL("greatest(pg_size_bytes(current_setting('work_mem')), pg_size_bytes('64MB')) / 1024 || 'kB'")
    env.cr.execute(SQL("SELECT set_config('jit', 'off', true), set_config('work_mem', %s, true)", room))


def think_small(env):
    """Keep PostgreSQL from compiling statements, and from starting processes for them, until the transaction ends.

    For the many small transactions that hand out leads as they come: their statements read a few rows of big tables,
    which look expensive while PostgreSQL's figures lag behind. Starting processes took 28 of 40 ms on busy processors.
    """
    env.cr.execute(
        SQL("SELECT set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)")
    )
