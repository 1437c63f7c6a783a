"""What became of a plan: counted when its run ends, in the run's own columns."""

import logging

from ..names import GIVEN, NOT_DONE
from .left import prepare_left, read_left
from .notify import tell_dropback_failure, try_telling

_logger = logging.getLogger(__name__)


def count_left_over(run):
    """Return the columns of the leads left over, with those that were planned but not handed out."""
    groups = run.env["lead.distribution.assignment"]._read_group(
        [("run_id", "=", run.id), ("state", "in", NOT_DONE), ("kind", "in", GIVEN)],
        ["state"],
        ["__count", "lead_id:array_agg"],
    )
    left = _get_planned_left(run)
    left.update((state, lead_ids) for state, _count, lead_ids in groups)
    return prepare_left(left)


def _get_planned_left(run):
    """Return {reason: ids} of what the plan left over; None stands for an id that was not kept."""
    ids_of = read_left(run.left_over_leads, run.left_over_rest)
    counts = {r: count for r, count in (run.left_over or {}).items() if r not in NOT_DONE}
    return {r: [*ids_of.get(r, []), *[None] * (n - len(ids_of.get(r, [])))] for r, n in counts.items()}


def settle_dropback(run):
    """Count what was dropped back and what failed, and tell of that; the rest is left alone."""
    planned, refused = run.leads_dropped_back + run.dropback_failed, dict(run.exclusions or {})
    if not planned and not refused.get("dropback"):  # a run that was given up has counted there what it did not reach
        return
    counts = _count_dropped(run)
    done, failed = counts.get("done", 0), counts.get("failed", 0)
    refused["dropback"] = refused.get("dropback", 0) + planned - done - failed
    run.write(
        {
            "leads_dropped_back": done,
            "dropback_failed": failed,
            "exclusions": {k: n for k, n in refused.items() if n},
        }
    )
    if failed:
        env = run.env
        one = env._("1 old lead could not be dropped back; it stays where it is.")
        many = env._("%s old leads could not be dropped back; they stay where they are.", failed)
        text = one if failed == 1 else many
        run.warnings = [*(run.warnings or []), text]
        _logger.warning("Lead distribution: run %s could not drop back %s leads", run.id, failed)
        try_telling(run, tell_dropback_failure)


def _count_dropped(run):
    """Return {state: number} of the rows of what drops back."""
    return dict(
        run.env["lead.distribution.assignment"]._read_group(
            [("run_id", "=", run.id), ("kind", "=", "dropback"), ("state", "in", ("done", "failed"))],
            ["state"],
            ["__count"],
        )
    )
