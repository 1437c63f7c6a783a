"""Keep a plan with its run: who takes part, the line-ups, one history row for each lead that is handed out."""

from .line_ups import keep_line_ups
from .store import store_decisions, store_decisions_of_both
from .track import create_lines, create_lines_of_both
from .two_ways import PlannedBoth


def keep_plan(run, planned, members):
    """Keep a plan; return ({user id: leads}, {reason: ids of the leads that nobody gets}).

    :param planned: see ``decide.Planned``, or ``two_ways.PlannedBoth``
    :param members: who takes part
    """
    if isinstance(planned, PlannedBoth):
        return planned.received, _keep_both(run, planned)
    create_lines(run, members, planned)
    left = store_decisions(run, planned.plan, members.user_id, keep_line_ups(run, planned))
    return planned.plan.received, left


def _keep_both(run, planned):
    planned.deals.keep()
    members = planned.both.members
    create_lines_of_both(run, members, planned.ways)
    line_ups = {arm: keep_line_ups(run, way, arm) for arm, way in planned.ways.items()}
    return store_decisions_of_both(run, planned.plans, (members["a"] | members["b"]).user_id, line_ups)
