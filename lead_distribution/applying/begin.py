"""May a run be applied, and all that was planned? And the ends of runs that do not end well."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..names import ASIDE, GIVEN, HANDED_OUT
from ..planning.arms import get_deciding
from ..planning.facts import find_classes
from ..planning.limits import claim_rooms, count_rooms
from ..planning.line_ups import get_class_of
from ..planning.request import PlanRequest
from ..planning.rows import count_planned, find_unfinished, get_planned_rows
from ..tools.labels import get_labels


def begin(run):
    """Mark a run as being applied; one that was given up before its end is gone on with.

    :raise UserError: if it may not be applied
    """
    is_failed_midway = run.state == "failed" and count_planned(run) > 0
    _check_may_begin(run, is_failed_midway)
    if is_failed_midway:
        run.write({"state": "applying", "failure_count": 0, "error": False})
        return
    over = _find_over_limits(run, get_planned_rows(run))
    over.write({"state": "skipped", "note": run.env._("The limit of this person was reached meanwhile.")})
    run.write({"state": "applying", "started_on": fields.Datetime.now()})


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


def _find_over_limits(run, rows):
    """Return the planned rows that people can no longer get, the last planned ones first.

    A plan may wait before it is applied, and others may be applied in the meantime.

    :param rows: of the run, in the order in which they were planned
    """
    over = rows.browse()
    people, request = run.member_line_ids.user_id, PlanRequest.read(run.options)
    arms = ("a", "b") if run.experiment_id and not run.arm else (None,)
    rooms = {arm: count_rooms(get_deciding(run, arm), people, request) for arm in arms}
    if not any(rooms.values()):
        return over
    claim_rooms(people)
    classes = find_classes(run.env, rows.lead_id.ids) if len(arms) > 1 and _has_classes(rooms) else None
    for row in rows.filtered(lambda row: row.kind in HANDED_OUT):
        lead_class = get_class_of(row) if classes is None else classes.get(row.lead_id.id)
        own = rooms[row.arm if row.arm in rooms else arms[0]]
        if not own.take(row.user_id.id, lead_class):
            over += row
            continue
        for other in rooms.values():  # what somebody gets by one way leaves less room in the other
            if other is not own:
                other.take(row.user_id.id, lead_class)
    return over


def _has_classes(rooms):
    return any(of_way.by_class for of_way in rooms.values())


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
