"""What Odoo's scheduler and a long action of it tell each other."""

import time
from math import inf


def is_scheduled(env):
    """Say whether it is the scheduler who does it, and nobody waits for an answer."""
    return "cron_end_time" in env.context


def is_time_up(env):
    """Say whether the scheduler's time is over.

    It calls ten times all the same. With a batch each time on a busy server this took more
    than the two minutes after which Odoo kills a worker, and then nobody works for a minute.
    """
    return time.monotonic() > env.context.get("cron_end_time", inf)


def report_progress(env, processed, remaining=None):
    """Commit, and tell the scheduler; seconds left come back."""
    return env["ir.cron"]._commit_progress(processed, remaining=remaining)
