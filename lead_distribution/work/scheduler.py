"""What Odoo's scheduler and a long action of it tell each other."""

import time
from math import inf

from odoo.exceptions import UserError


def is_scheduled(env):
    """Say whether it is the scheduler who does it, and nobody waits for an answer."""
    return "cron_end_time" in env.context


def is_time_up(env):
    """Say whether the scheduler's time is over.

    It calls ten times all the same. With a batch each time on a busy server this took more
    than the two minutes after which Odoo kills a worker, and then nobody works for a minute.
    """
    return time.monotonic() > env.context.get("cron_end_time", inf)


def get_scheduled(env, name):
    """Return the scheduled action that is to do what is too long for a click.

    :param name: its xml id
    :raise UserError: if it is switched off, as in a copy of a database: what is begun would wait for ever
    """
    action = env.ref(name).sudo()  # users do not see scheduled actions
    if not action.active:
        text = env._(
            "Odoo's scheduled action “%s” is switched off, and this is so much that it has to do it. An administrator "
            "can switch it on in Settings → Technical → Scheduled Actions.",
            action.name,
        )
        raise UserError(text)
    return action


def report_progress(env, processed, remaining=None):
    """Commit, and tell the scheduler; seconds left come back."""
    return env["ir.cron"]._commit_progress(processed, remaining=remaining)
