"""May a run be applied? And the ends of runs that do not end well."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..planning.rows import count_planned, find_unfinished
from ..tools.labels import get_labels


def check_may_begin(run):
    """Check that a planned run may be applied, or one that was given up may be gone on with.

    :raise UserError: if not
    """
    env, campaign = run.env, run.campaign_id
    if not is_failed_midway(run):
        if run.state != "planned":
            raise UserError(
                env._("“%(run)s” cannot be applied: it is %(state)s.", run=run.name,
                      state=get_labels(run, "state")[run.state])
            )  # fmt: skip
        if not campaign.active:  # what was begun before goes on
            raise UserError(env._("The campaign “%s” is not active.", campaign.name))
    if run.origin == "import":
        return
    # for two at the same moment there is a unique index
    others = find_unfinished(campaign) - run
    if others:
        raise UserError(env._("“%s” of this campaign is being applied: let it end, or stop it first.", others[0].name))


def is_failed_midway(run):
    """Whether a run was given up before its end, so that it can be gone on with."""
    return run.state == "failed" and count_planned(run) > 0


def close_without_figures(run, reason):
    """Write the end of a run past other addons, one of which refuses it; else it would be tried for ever."""
    run.env.cr.execute(
        SQL(
            "UPDATE lead_distribution_run SET state = 'failed', error = %s, finished_on = %s, leads_done = "
            "(SELECT count(*) FROM lead_distribution_assignment WHERE run_id = %s AND state = 'done' "
            "AND kind = 'distribution') WHERE id = %s",
            reason, fields.Datetime.now(), run.id, run.id,
        )
    )  # fmt: skip
    run.invalidate_recordset(flush=False)
    run.modified(["leads_done", "state"])
