"""Long work is cut into steps: each is done once more if others were in the way, and committed."""

import logging
import time
from itertools import count

from odoo.modules import module as odoo_module
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

TRIES = 5


def retry(env, step, *arguments, delay=0, count_conflicts=None):
    """Do a step; if another transaction changed the same rows meanwhile, roll back and do it once more.

    :param delay: seconds to wait before; or a function that says how many, given how often others were in the way
    :param count_conflicts: called with how often others were in the way, when the step has succeeded after all
    :raise: the conflict of the last try
    """
    for conflicts in count():
        try:
            result = step(*arguments)
            if conflicts and count_conflicts:
                count_conflicts(conflicts)  # a write like others: somebody may count at the same time
            env.flush_all()
            return result
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
            env.cr.rollback()  # no lock is held while it waits
            if conflicts == TRIES - 1:
                raise
            if delay:
                time.sleep(delay(conflicts + 1) if callable(delay) else delay)
            _logger.info("Rows were changed meanwhile (%s), trying again", type(error).__name__)


def commit(env, processed=0):
    """Commit, and tell the scheduler how much was done.

    :return: the seconds left, infinite when no scheduler counts them
    """
    if odoo_module.current_test and not env.context.get("ir_cron_progress_id"):
        env.flush_all()  # a test's transaction belongs to the test
        return float("inf")
    return env["ir.cron"]._commit_progress(processed)
