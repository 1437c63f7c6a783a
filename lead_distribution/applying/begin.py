"""May a run be applied, and all that was planned? And the ends of runs that do not end well."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..names import ASIDE, GIVEN
from ..planning.over_limits import skip_over_limits
from ..planning.rows import find_unfinished, get_planned_rows, has_more_to_do
from ..tools.labels import get_labels


def begin(run):
    """Mark a run as being applied; one that was given up before its end is gone on with.

    :raise UserError: if it may not be applied
    """
    goes_on = has_more_to_do(run)
    _check_may_begin(run, goes_on)
    # before the state: what is being applied counts as handed out
    skip_over_limits(run, get_planned_rows(run))
    begun = {"failure_count": 0, "error": False} if goes_on else {"started_on": fields.Datetime.now()}
    run.write({"state": "applying", **begun})


def _check_may_begin(run, is_failed_midway):
    env, campaign = run.env, run.campaign_id
    if not is_failed_midway:
        if run.state == "planned" and run.error:  # there is no plan
            raise UserError(run.error)
        if run.state != "planned":
            raise UserError(
                env._("“%(run)s” cannot be applied: it is %(state)s.", run=run.name,
                      state=get_labels(run, "state")[run.state])
            )  # fmt: skip
        goes_on = campaign.is_by_hand or run.origin == "cover_return"  # what was begun before
        if not (campaign.active or goes_on):
            raise UserError(env._("The campaign “%s” is not active.", campaign.name))
    if run.origin in ASIDE:
        return
    # for two at the same moment there is a unique index
    others = find_unfinished(campaign) - run
    if others:
        raise UserError(env._("“%s” of this campaign is being applied: let it end, or stop it first.", others[0].name))


def close_without_figures(run, reason):
    """Write the end of a run past other addons, one of which refuses it; else it would be tried for ever."""
    run.env.cr.execute(
        SQL(
            "UPDATE lead_distribution_run SET state = 'failed', error = %s, finished_on = %s, leads_done = "
            "(SELECT count(*) FROM lead_distribution_assignment WHERE run_id = %s AND state = 'done' "
            "AND kind = ANY(%s)) WHERE id = %s",
            reason, fields.Datetime.now(), run.id, list(GIVEN), run.id,
        )
    )  # fmt: skip
    run.invalidate_recordset(flush=False)
    run.modified(["leads_done", "state"])
