"""Working off the list of waiting leads in micro-batches, each of them one transaction.

One process at a time does it, so two are as fair as one. Who finds another one at work leaves; who was at work looks
again after letting go, so a lead that was committed before the other one asked is seen.
"""

import logging
import time
from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..applying.locks import LIVE, only_one
from ..reporting.live_news import PAUSE, is_anybody_untold, tell_new_leads
from ..work.scheduler import is_scheduled, is_time_up
from ..work.transactions import commit, retry
from .batch import work_batch
from .end_of_day import end_days, find_over
from .fallback import settle_told
from .queue import wake
from .rows import find_next_try, is_anything_due
from .worked import Worked

_logger = logging.getLogger(__name__)

IN_A_MOMENT = timedelta(seconds=5)
FEW = 50  # leads: a batch of so many costs hardly more than one of a single lead
GATHERED = 0.25  # seconds
TURN = 1.0  # seconds; who takes leads, gives one back or plans a run waits no longer for the lock than this and a batch


def work_off(env, get_ways):
    """Hand out what waits and may be tried; return what became of it, see ``Worked``. Commits after every batch.

    :param env: with full rights
    :param get_ways: live campaign → its ``Ways``
    """
    env = env(user=SUPERUSER_ID, su=True)  # whoever asks for it, the scheduler does it
    worked, is_mine = Worked(), True
    while is_mine and is_anything_due(env) and not is_time_up(env):
        before = worked.total
        with only_one(env, LIVE) as is_mine:
            commit(env)  # what is due is looked at with what others have committed by now
            if is_mine:
                _work(env, get_ways, worked)
        commit(env)
        if is_mine and worked.total == before and is_anything_due(env):  # somebody has what is due in hand
            wake(env, fields.Datetime.now() + IN_A_MOMENT)
            commit(env)
            break
    told_again = _tell(env)  # what a process that died, or a minute that is over, has left to tell
    if worked or told_again or is_time_up(env):
        _wake_again(env, told_again)
    if not worked:  # there is time
        retry(env, end_days, env)
        commit(env)
    return worked


def is_anything_to_do(env):
    """Say whether ``work_off`` finds something to do; who has it done by others asks before.

    :param env: with full rights
    """
    return is_anything_due(env) or is_anybody_untold(env) or bool(find_over(env))


def _work(env, get_ways, worked):
    """Work off batch by batch until nothing is due, it is the turn of others, or the scheduler's time is up.

    Where leads never cease to come something is always due: whoever else hands out leads would wait for ever.
    """
    until = time.monotonic() + TURN
    while not is_time_up(env):
        started, statements = time.monotonic(), env.cr.sql_log_count
        try:
            batch = retry(env, work_batch, env, get_ways)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.warning("Live: others were in the way, it goes on in a moment", exc_info=True)
            env.cr.rollback()
            return
        if not batch:
            return
        worked.add(batch)
        commit(env, batch.total)
        _logger.info(
            "Live: %s leads handed out, %s wait, %s not taken, in %.0f ms and %s statements",
            batch.handed_out, batch.waiting, batch.not_taken, (time.monotonic() - started) * 1000,
            env.cr.sql_log_count - statements,
        )  # fmt: skip
        _tell(env)
        if time.monotonic() >= until:
            return
        if batch.total < FEW and is_scheduled(env):
            time.sleep(GATHERED)  # what comes meanwhile is one batch, and the processor is left to people at work


def _tell(env):
    """Tell people of the leads they got, now that these are committed; return when to tell somebody next, or None."""
    try:
        moment = retry(env, tell_new_leads, env)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:  # the leads are handed out: nothing of that is in danger
        return fields.Datetime.now() + PAUSE
    except Exception:
        _logger.exception("Live: telling people of their new leads failed")
        env.cr.rollback()
        return None
    commit(env)
    return moment


def _wake_again(env, told_again):
    """Have the list looked at when the next lead may be tried, or somebody is to be told."""
    settle_told(env)
    moments = [moment for moment in (find_next_try(env), told_again) if moment]
    if moments:
        wake(env, min(moments))
    commit(env)
