"""Catches the statements that Odoo sends while something is done, and reads PostgreSQL's plans for them."""

import re
import time
from contextlib import contextmanager

from odoo.sql_db import Cursor

READS = re.compile(r"\s*(\(?\s*SELECT|WITH)\b", re.IGNORECASE)


@contextmanager
def caught_statements():
    """Collect the reading statements sent meanwhile, with their parameters."""
    statements, original = [], Cursor.execute

    def execute(self, query, params=None, log_exceptions=True):
        if hasattr(query, "code"):
            text, values = query.code, query.params
        else:
            text, values = query, params
        if READS.match(text):
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
    """Yield the tables read whole. What is read from the start until a page is full is not."""
    if node["Node Type"] == "Seq Scan" and not limited:
        yield node["Relation Name"]
    passes_on = node["Node Type"] in ("Subquery Scan", "Result") and limited
    for child in node.get("Plans", ()):
        yield from _walk(child, node["Node Type"] == "Limit" or passes_on)


def look_at(env, tables, actions):
    """Do each action and roll it back; return {name: {"scans", "seconds", "statements"}}."""
    results = {}
    for name, action in actions.items():
        env.invalidate_all()
        started = time.perf_counter()
        with caught_statements() as statements:
            action()
            env.flush_all()
        seconds = time.perf_counter() - started
        scans = find_scans(env, statements, tables)
        env.cr.rollback()
        results[name] = {"scans": scans, "seconds": round(seconds, 3), "statements": len(statements)}
    return results
