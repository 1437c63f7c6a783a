"""What a run did for one person: the only figures of a run that a salesperson sees."""

from collections import Counter
from typing import NamedTuple

from odoo.fields import Domain

from ..names import GIVEN

CARRIED_OUT = Domain("state", "in", ("done", "reverted"))


class OwnFigures(NamedTuple):
    received: int = 0  # leads the person got as a share of the run
    dropped_back: int = 0  # old leads that came by a dropback rule
    given_up: int = 0  # leads that left the person
    put_back: int = 0  # of what came, what a revert took away again


def count_own(runs):
    """Return {run id: OwnFigures} of the reader; two queries, whatever the number of runs."""
    rows, user_id = runs.env["lead.distribution.assignment"], runs.env.uid
    of_runs = CARRIED_OUT & Domain("run_id", "in", runs.ids)
    came, put_back = Counter(), Counter()
    for run, kind, state, count in rows._read_group(
        of_runs & Domain("user_id", "=", user_id), ["run_id", "kind", "state"], ["__count"]
    ):
        came[run.id, kind] += count
        put_back[run.id] += count if state == "reverted" else 0
    left = of_runs & Domain("previous_user_id", "=", user_id) & Domain("user_id", "!=", user_id)
    gone = {run.id: count for run, count in rows._read_group(left, ["run_id"], ["__count"])}
    return {
        run.id: OwnFigures(
            received=sum(came[run.id, kind] for kind in GIVEN),
            dropped_back=came[run.id, "dropback"],
            given_up=gone.get(run.id, 0),
            put_back=put_back[run.id],
        )
        for run in runs
    }
