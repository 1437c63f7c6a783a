"""A small part of a run of the day: decided by the engine as its continuation, stored, and applied at once.

All of it happens in the transaction of the caller, who holds the lock of ``applying.locks``: whose turn it is and the
limits are written by one process at a time.
"""

import logging
from dataclasses import replace

from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..planning.going_on import keep_progress
from ..planning.line_ups import keep_line_ups
from ..planning.request import NextPart
from ..planning.rows import get_planned_rows
from ..planning.store import store_decisions
from ..planning.track import create_lines_of_receivers
from ..tools.labels import get_labels
from ..work.errors import describe_error
from .run import count_left_today, describe_day

_logger = logging.getLogger(__name__)


class Part:
    """The next leads of a run of the day.

    :param ways: see ``Ways``; of the campaign that decides
    :param run: of the day, see ``run.get_run``
    :param side: see ``run.find_run``
    """

    def __init__(self, ways, run, side=None):
        self.ways, self.run, self.side = ways, run, side
        self.env = run.env

    def decide(self, task, kind="distribution", most=None, without=None):
        """Let the engine decide, and keep its plan; return {reason: ids of leads that nobody gets}.

        :param kind: of the rows of the history
        :param most: leads that may be handed out at most, beside the campaign's limit a run
        :param without: {lead id: ids of people who must not have it}
        """
        if not task.candidates:
            return {}
        if not task.members:
            return {"no_salespeople": task.get_lead_ids()}
        progress = describe_day(self.run.campaign_id, self.run, task.members, self.run.strategy, self.side)
        limits = [number for number in (most, count_left_today(self.run)) if number is not None]
        request = NextPart(
            seed=self.run.seed, max_leads=min(limits, default=None), progress=progress, without=without or {}
        )
        planned = decide_or_fall_back(self.ways, self.run, replace(task, request=request))
        keep_progress(self.run, task.members, planned)
        line_ups = keep_line_ups(self.run, planned)
        return store_decisions(self.run, planned.plan, task.members.user_id, line_ups, kind)

    def apply(self):
        """Write the leads of what is planned.

        :return: (rows that were done, the others, those of the others whose leads somebody is changing)
        """
        rows = get_planned_rows(self.run)
        create_lines_of_receivers(self.run, rows)
        busy = self.ways.get_applier(self.run).apply(rows)
        done = rows.filtered(lambda row: row.state == "done")
        return done, rows - done, busy


def decide_or_fall_back(ways, run, task):
    """Return the plan of a run; a strategy that fails gives way to round robin, if the campaign wants so.

    :param task: see ``planning.decide.Task``
    :return: see ``planning.decide.Planned``
    """
    env = run.env
    try:
        with env.cr.savepoint():
            return ways.decide(run.strategy, task)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise  # somebody has changed the campaign, or its experiment: all is done once more
    except UserError:
        raise  # something to do for somebody, such as installing a package
    except Exception as error:
        if not ways.campaign.fallback_round_robin or run.strategy == "round_robin":
            raise
        _logger.exception("Run %s: strategy %s failed", run.id, run.strategy)
        text = env._(
            "The strategy %(name)s failed, so it was round robin: %(error)s",
            name=get_labels(run, "strategy")[run.strategy],
            error=describe_error(error, env),
        )
        if text not in (run.warnings or []):
            run.warnings = [*(run.warnings or []), text]
        return ways.decide("round_robin", task)
