"""Lines of the server's log about runs: ids and counts, never a name. One for the plan, one for the end."""

import logging

_logger = logging.getLogger(__name__)


def log_plan(run):
    """Say what is going to be done."""
    _logger.info(
        "Run %s of campaign %s is planned: %s of %s leads for %s people, %s dropped back, strategy %s, %.2f s",
        run.id, run.campaign_id.id, run.leads_planned, run.leads_found, run.salespeople_eligible,
        run.leads_dropped_back, run.strategy, run.planning_seconds,
    )  # fmt: skip


def log_end(run):
    """Say what was done."""
    _logger.info(
        "Run %s of campaign %s ends as %s: %s of %s leads handed out, %s dropped back, %.2f s",
        run.id, run.campaign_id.id, run.state, run.leads_done, run.leads_found, run.leads_dropped_back,
        run.execution_seconds,
    )  # fmt: skip
