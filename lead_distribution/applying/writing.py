"""Writing the leads of one batch, and marking their rows; in one transaction.

Everything goes through ``crm.lead.write``, so other addons and automations see it.
"""

import json

from odoo.tools import SQL, groupby

from . import faster
from .chatter import write_chatter
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
        written = write_in_groups(rows, leads, lambda row: prepare(row, shared))
    lost, now = snapshot.compare(leads)
    for lead_id, values in find_as_left(rows, leads_of, now).items():
        lost[lead_id]["left"] = values
    mark_done(rows, snapshot.moment, {row_id: lost.get(lead_id, {}) for row_id, lead_id in leads_of.items()})
    there = [(values, records.browse(i for i in records.ids if i in now)) for values, records in written]
    faster.subscribe_as_written(leads, there)
    taken_away = note_interference(rows, leads_of, now)
    if taken_away:
        unmark(leads.browse(leads_of[row.id] for row in taken_away), written, lost, now)
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


def mark_done(rows, moment, lost):
    """Say of all rows that they were done, with one statement: the ORM needs one a hundred.

    :param lost: {row id: what the lead was like just before}, kept to put it back
    """
    rows.flush_recordset()
    rows.env.execute_query(
        SQL(
            "UPDATE lead_distribution_assignment a SET state = 'done', applied_on = %s, "
            "before = coalesce(a.before, '{}') || k.lost FROM unnest(%s, %s::jsonb[]) AS k(id, lost) "
            "WHERE a.id = k.id RETURNING 1",
            moment,
            list(lost),
            [json.dumps(values) for values in lost.values()],
        )
    )
    rows.invalidate_recordset(["state", "applied_on", "before"], flush=False)
    rows.lead_id.invalidate_recordset(["assignment_ids"], flush=False)
