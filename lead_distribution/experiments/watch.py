"""What becomes of experiments with time: enough leads, the last outcome, or harm. Looked at daily, and when read."""

import logging
from datetime import timedelta

from odoo import fields
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..names import OPEN_EXPERIMENTS
from ..planning.arms import count_handed_out
from ..work.system import as_system
from .outcomes import find_lasts
from .result import HARM, keep, work_out
from .told import tell

_logger = logging.getLogger(__name__)


def look_daily(experiments):
    """Look at open experiments one by one: what goes wrong with one keeps no other from its end."""
    for experiment in experiments:
        try:
            with experiment.env.cr.savepoint():
                look(experiment)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("Lead distribution: experiment %s could not be looked at", experiment.id)


def look(experiments, *, for_harm=True):
    """Take open experiments as far as they are: dealing ends, outcomes are all there, harm is seen.

    Their records are locked, so that what two look at is done and told once; those that somebody else looks at
    are passed over.

    :param for_harm: whether to look for harm, too; everything else is cheap
    """
    # as a clock would: what is due is done by whoever looks first
    found = experiments.sudo().filtered(lambda experiment: experiment.state in OPEN_EXPERIMENTS)
    if not found:
        return
    counts = count_handed_out(found)
    for experiment in found:
        if experiment.state == "running" and counts.get(experiment.id, 0) >= experiment.planned_leads > 0:
            _stop_dealing(experiment)
        if for_harm and experiment.stop_on_harm and experiment.state == "running":
            _look_for_harm(experiment)
        if experiment.state == "waiting":
            _look_for_end(experiment)


def end(experiment, *, early=False, numbers=None):
    """End an experiment, and keep its result.

    :param early: somebody has stopped it
    :param numbers: its result, where it was worked out just now; else it is worked out
    """
    experiment, now = as_system(experiment), fields.Datetime.now()
    experiment.write(
        {
            "state": "done",
            "ended_on": now,
            "ended_early": early,
            "dealt_until": experiment.dealt_until or now,
        }
    )
    keep(experiment, numbers)


def _stop_dealing(experiment):
    """Enough leads were handed out: what is left is to wait for what comes of them."""
    if _lock(experiment, "running"):
        experiment.write({"state": "waiting", "dealt_until": fields.Datetime.now()})


def _look_for_harm(experiment):
    numbers = work_out(experiment)
    if numbers["kind"] == HARM and _lock(experiment, "running"):
        end(experiment, numbers=numbers)
        tell(experiment)


def _look_for_end(experiment):
    """End it once the days of the last lead that was handed out are over, and no run will hand out another one."""
    if fields.Datetime.now() < _find_last_moment(experiment) or not _lock(experiment, "waiting"):
        return
    end(experiment)
    tell(experiment)


def _find_last_moment(experiment):
    """Return until when outcomes count: of the last lead; at least of a moment after the dealing."""
    last = find_lasts(experiment).get(experiment.id) or experiment.dealt_until
    return last + timedelta(days=experiment.days)


def _lock(experiment, state):
    """Whether the experiment is ours to write, and still in this state."""
    locked = experiment.try_lock_for_update(allow_referencing=True)
    if not locked:
        return False
    experiment.invalidate_recordset(["state"])
    return experiment.state == state
