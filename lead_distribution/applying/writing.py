"""Writing the leads of one batch, and marking their rows; in one transaction.

Everything goes through ``crm.lead.write``, so other addons and automations see it.
"""

import json
from typing import NamedTuple

from odoo.tools import SQL, groupby

from ..names import CHANGED_HANDS
from . import faster
from .activities import move_along
from .chatter import write_chatter
from .due import Plan, forget, get_ended_sql, take_off
from .interference import find_as_left, note_interference, unmark
from .snapshots import Snapshot
from .values import prepare_shared_values


def hand_out(run, rows, prepare):
    """Give the leads of some rows to their people, and say so in the rows.

    :param rows: locked, as their leads
    :param prepare: called with (row, what all leads of the batch get); returns what is written on the lead
    """
    leads = with_quiet_context(run, rows.lead_id)
    # Odoo reads these when a lead changes hands: here for all people at once
    rows.user_id.mapped("company_ids")
    rows.user_id.partner_id.mapped("email_normalized")
    leads_of = {row.id: row.lead_id.id for row in rows}
    snapshot = Snapshot(leads)
    shared = prepare_shared_values(run.campaign_id, snapshot.moment)
    teams = run.campaign_id.team_id | rows.dropback_rule_id.team_id
    with leads.env.protecting(faster.get_unaffected_by_team(leads, teams)):
        due = Plan(run, rows, snapshot.moment)
        written = write_in_groups(rows, leads, lambda row: {**prepare(row, shared), **due.get_lead_values(row)})
    lost, now = snapshot.compare(leads)
    for lead_id, values in find_as_left(rows, leads_of, now).items():
        lost[lead_id]["left"] = values
    marks = {
        row_id: Mark(lead_id, lost.get(lead_id, {}), due.get_columns(row_id)) for row_id, lead_id in leads_of.items()
    }
    mark_done(rows, snapshot.moment, marks)
    there = [(values, records.browse(i for i in records.ids if i in now)) for values, records in written]
    faster.subscribe_as_written(leads, there)
    taken_away = note_interference(rows, leads_of, now)
    if taken_away:
        unmark(leads.browse(leads_of[row.id] for row in taken_away), written, lost, now)
        take_off(taken_away, leads.browse(leads_of[row.id] for row in taken_away))
    move_along(run, rows - taken_away)
    write_chatter(run, rows - taken_away)


def with_quiet_context(run, leads):
    """Return leads as a run writes them: nobody is told of each one, the batch is told of at once."""
    return faster.for_batch(
        leads.with_company(run.campaign_id.company_id).with_context(
            mail_notrack=True,  # the chatter is written for the batch
            mail_auto_subscribe_no_notify=True,  # one message a run, not one a lead
        )
    )


def write_in_groups(rows, leads, prepare):
    """Write what ``prepare`` returns for each row on its lead, equal values together.

    A team that is not among the values stays, with all that follows from it; Odoo would look for one of
    the new owner's.

    :return: list of (values, leads that they were written on)
    """
    written = []
    for values, group in groupby(rows, lambda row: frozenset(prepare(row).items())):
        values = dict(values)
        records = leads.browse(row.lead_id.id for row in group).with_prefetch(leads._prefetch_ids)
        kept = [] if "team_id" in values else [leads._fields["team_id"]]
        with leads.env.protecting([*kept, *faster.get_unaffected_fields(leads, values)], records):
            records.write(values)
        written.append((values, records))
    return written


class Mark(NamedTuple):
    """What a row that was done gets: ``lost``, what the lead was like just before, to put it back; ``due``: columns."""

    lead_id: int
    lost: dict
    due: tuple


def mark_done(rows, moment, marks):
    """Say of all rows that they were done, with one statement: the ORM needs one a hundred.

    With whoever had a lead before, nothing is due of it any more; and it is counted how often it has changed hands.

    :param marks: {row id: ``Mark``}
    """
    rows.flush_recordset()
    state, *due = zip(*(mark.due for mark in marks.values()), strict=True)
    rows.env.cr.execute(
        SQL(
            "WITH k AS (SELECT * FROM unnest(%s, %s::int[], %s::jsonb[], %s::text[], %s::text[], %s::timestamp[], "
            "%s::timestamp[], %s::timestamp[], %s::jsonb[]) "
            "AS k(id, lead_id, lost, state, checkpoint, due_on, remind_on, check_on, terms)), "
            "over AS (UPDATE lead_distribution_assignment o SET %s FROM k "
            "WHERE o.lead_id = k.lead_id AND o.checkpoint IS NOT NULL AND o.id <> k.id) "
            "UPDATE lead_distribution_assignment a SET state = 'done', applied_on = %s, "
            "before = coalesce(a.before, '{}') || k.lost, deadline_state = k.state, checkpoint = k.checkpoint, "
            "due_on = k.due_on, remind_on = k.remind_on, check_on = k.check_on, deadline_terms = k.terms, "
            "handed_on = CASE WHEN a.previous_user_id IS NOT NULL AND a.kind = ANY(%s) THEN 1 + ("
            "SELECT count(*) FROM lead_distribution_assignment p "
            "WHERE p.lead_id = a.lead_id AND p.state = 'done' AND p.handed_on > 0) ELSE 0 END "
            "FROM k WHERE a.id = k.id",
            list(marks),
            [mark.lead_id for mark in marks.values()],
            [json.dumps(mark.lost) for mark in marks.values()],
            list(state),
            *map(list, due),
            get_ended_sql(),
            moment,
            list(CHANGED_HANDS),
        )
    )
    rows.invalidate_recordset(["state", "applied_on", "before", "handed_on"], flush=False)
    rows.lead_id.invalidate_recordset(["assignment_ids"], flush=False)
    forget(rows.env)
