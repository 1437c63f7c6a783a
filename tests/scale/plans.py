"""Catches the statements that Odoo sends while something is done, and reads PostgreSQL's plans for them.

Plans do not tell how far an index is walked; PostgreSQL's own count of the rows read does.
"""

import re
import time
from contextlib import contextmanager

from odoo.sql_db import Cursor

PLANNED = re.compile(r"\s*(\(?\s*SELECT|WITH|UPDATE|DELETE)\b", re.IGNORECASE)


@contextmanager
def caught_statements():
    """Collect the statements sent meanwhile that have a plan, with their parameters."""
    statements, original = [], Cursor.execute

    def execute(self, query, params=None, log_exceptions=True):
        if hasattr(query, "code"):
            text, values = query.code, query.params
        else:
            text, values = query, params
        if PLANNED.match(text):
            statements.append(self._obj.mogrify(text, values or None).decode())
        return original(self, query, params, log_exceptions)

    Cursor.execute = execute
    try:
        yield statements
    finally:
        Cursor.execute = original


def find_scans(env, statements, tables):
    """Return [(table, statement)] of the statements whose plan reads a whole table."""
    found = []
    for statement in statements:
        if not any(table in statement for table in tables):
            continue
        env.cr.execute("EXPLAIN (FORMAT JSON) " + statement.replace("%", "%%"), ())
        [[plan]] = env.cr.fetchall()
        scanned = set(_walk(plan[0]["Plan"]))
        found += [(table, statement) for table in scanned if table in tables]
    return found


def _walk(node, limited=False):
    """Yield the tables read whole, by an index without a condition, too; not what ends when a page is full."""
    is_whole = node["Node Type"] == "Seq Scan" or (
        node["Node Type"] in ("Index Scan", "Index Only Scan") and not {"Index Cond", "Filter"} & node.keys()
    )
    if is_whole and not limited:
        yield node["Relation Name"]
    passes_on = node["Node Type"] in ("Subquery Scan", "Result", "LockRows", "Incremental Sort") and limited
    for child in node.get("Plans", ()):
        yield from _walk(child, node["Node Type"] == "Limit" or passes_on)


def count_rows_read(env, tables):
    """Return the rows of these tables that this process has read and not yet reported, by whatever way."""
    env.cr.execute(
        "SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint FROM pg_stat_xact_user_tables "
        "WHERE relname = ANY(%s)",
        ([*tables],),
    )
    return env.cr.fetchone()[0]


def look_at(env, tables, actions):
    """Do each action and roll it back; return {name: {"scans", "seconds", "statements", "rows"}}."""
    results = {}
    for name, action in actions.items():
        env.invalidate_all()
        # the rows that helpers read are not counted; nor do they make a plan better
        env.cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        rows_before, started = count_rows_read(env, tables), time.perf_counter()
        with caught_statements() as statements:
            action()
            env.flush_all()
        seconds = time.perf_counter() - started
        rows = count_rows_read(env, tables) - rows_before
        env.cr.execute("SET LOCAL max_parallel_workers_per_gather = DEFAULT")
        scans = find_scans(env, statements, tables)
        env.cr.rollback()
        results[name] = {
            "scans": scans, "seconds": round(seconds, 3), "statements": len(statements), "rows": rows,
        }  # fmt: skip
        print(f"{seconds:8.3f} s {len(statements):4} statements {rows:10,} rows  {name}", flush=True)
    return results
