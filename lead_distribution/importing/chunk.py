"""Rows become leads, chunk by chunk.

The lead, its history row and the mark on its row commit together. A process that is killed leaves
rows that are not done, and whoever goes on takes exactly these.
"""

import logging
from contextlib import contextmanager
from functools import partial

from ..applying import faster, foresee
from ..applying.due import Coming
from ..planning.arms import keep_dealt
from ..planning.store import get_shared_values
from ..work.bisect import bisect
from ..work.defaults import share_defaults
from ..work.errors import describe_error
from .duplicates import find_duplicates, get_contacts, get_keys
from .keys import claim
from .lead_values import FILLED, describe_filled, fill_lead, resolve_names
from .row_table import LAST, lock_rows, settle_rows
from .unable import take_from_unable, take_from_uncalled
from .words import describe_match, describe_problem

_logger = logging.getLogger(__name__)

CHUNK = 1000  # rows of one transaction


def import_chunk(session, first=0, last=LAST):
    """Import the next rows between two numbers; return what became of them, a list of ``Settled``."""
    rows = lock_rows(session.batch, CHUNK, first, last)
    if not rows:
        return []
    with _forgetting_on_error(session.lookups):
        settled = [
            *_import_ready(session, [row for row in rows if row.state == "ready"]),
            *_update_existing(session, [row for row in rows if row.state == "update"]),
        ]
        settle_rows(session.batch.env, settled)
    _logger.debug("Import %s: %s rows settled", session.batch.id, len(settled))
    return settled


@contextmanager
def _forgetting_on_error(lookups):
    """Sources, tags and the like that this creates are taken back with it if it fails: they are read anew then."""
    try:
        yield
    except Exception:
        lookups.forget_named()
        raise


def add_to_counts(batch, settled):
    """Add what became of rows to the numbers of the import."""
    counts = dict(batch.counts or {})
    for row in settled:
        counts[row.was] = counts.get(row.was, 0) - 1
        counts[row.state] = counts.get(row.state, 0) + 1
    counts = {state: count for state, count in counts.items() if count}
    batch.write({"rows_done": batch.rows_done + len(settled), "counts": counts})


def _import_ready(session, rows):
    """Make leads of rows, other than of people who are in the database by now."""
    batch = session.batch
    emails, phones, names = get_contacts(rows)
    # other imports that bring the same people end first
    claim(session.batch.env, [f"{batch.company_id.id} {key}" for key in emails | phones | names])
    skipped = _skip_new_duplicates(batch, rows) if batch.channel == "file" else {}
    fresh = [row for row in rows if row.id not in skipped]
    take_from_unable(batch, fresh)
    take_from_uncalled(batch, fresh, session.lookups)
    created = bisect(session.batch.env, fresh, partial(_create_leads, session), partial(_refuse, session.batch))
    return [*skipped.values(), *(row for part in created for row in part)]


def _skip_new_duplicates(batch, rows):
    """Leads may have come in since the check: compare once more, in one statement.

    :return: {id of a row: what became of it}
    """
    fresh = [row for row in rows if not row.match_lead_id]
    found = find_duplicates(batch, *get_contacts(fresh))
    found = {key: [match for match in matches if match.kind != "contact"] for key, matches in found.items()}
    own = _find_own_leads(batch, [match.id for matches in found.values() for match in matches])
    skipped = {}
    for row in fresh:
        keys = get_keys(row, batch.match_name)
        matches = [match for key in keys for match in found.get(key, ()) if match.id not in own]
        match = min(matches, default=None)
        if match and batch[f"on_{match.kind}"] != "import":
            text = describe_match(batch.env, match)
            skipped[row.id] = row.become("skipped", code=f"duplicate_{match.kind}", message=text)
    return skipped


def _find_own_leads(batch, ids):
    if not ids:
        return set()
    leads = batch.env["crm.lead"].with_context(active_test=False)
    return set(leads.search([("id", "in", ids), ("import_batch_id", "=", batch.id)]).ids)


def _refuse(batch, row, error):
    """Say of a row that it failed; it costs the others nothing."""
    _logger.warning("Import %s: row %s could not be imported", batch.id, row.number, exc_info=error)
    text = describe_problem(batch.env, "failed", {"error": describe_error(error, batch.env)})
    return [row.become("error", code="failed", message=text)]


def _create_leads(session, rows):
    """Create the leads of some rows with everything known given at once, and their history."""
    with _forgetting_on_error(session.lookups):
        env = session.batch.env
        values = [session.prepare_lead(row, row.user_id, session) for row in rows]
        due = Coming(session.batch.run_id, values, env.cr.now())
        values = [{**vals, **due.get_lead_values(number)} for number, vals in enumerate(values)]
        leads = foresee.for_import(env["crm.lead"], [row.values for row in rows], session.domains)
        foresee.foresee(leads, values)
        with foresee.keeping_currencies_at_hand(leads):
            leads = leads.create(values)
            leads.env.flush_all()
        leads_of = leads.filtered("user_id").grouped("user_id")
        faster.subscribe_as_written(leads, [({"user_id": user.id}, received) for user, received in leads_of.items()])
        _keep_deals(session, rows, leads)
        _create_history(session, zip(rows, leads, strict=True), due)
        return [row.become("done", lead_id=lead.id) for row, lead in zip(rows, leads, strict=True)]


def _keep_deals(session, rows, leads):
    """Keep the way of each lead that was dealt when the import was planned, also of those that nobody got."""
    dealt = [
        (lead.id, row.arm, lead.source_id.id or None, lead.priority)
        for row, lead in zip(rows, leads, strict=True)
        if row.arm
    ]
    experiment = session.batch.run_id.experiment_id
    if dealt and experiment:
        keep_dealt(experiment, dealt)


def _create_history(session, created, due):
    """Write one history row for each lead that was handed to somebody."""
    run = session.batch.run_id
    shared = {
        **get_shared_values(run), "strategy": run.strategy,
        "state": "done", "applied_on": session.batch.env.cr.now(), "handed_on": 0,
    }  # fmt: skip
    strategies = (session.batch.figures or {}).get("strategies", {})
    ways = {None: {}} | {
        arm: {"arm": arm, "experiment_id": run.experiment_id.id, "strategy": name} for arm, name in strategies.items()
    }
    history = [
        {**shared, **ways.get(row.arm, {}), **_prepare_history(row, lead), **due.get_row_values(number)}
        for number, (row, lead) in enumerate(created) if lead.user_id
    ]  # fmt: skip
    share_defaults(session.batch.env["lead.distribution.assignment"]).create(history)


def _prepare_history(row, lead):
    status = row.values.get("lead_status_id")
    before = {"lead_status_id": status, "team_id": lead.team_id.id}
    return {
        "lead_id": lead.id, "lead_name": lead.name, "user_id": lead.user_id.id, "user_name": lead.user_id.name,
        "turn": row.turn, "line_up": row.line_up, "reason": row.reason, "lead_status_id": status,
        "source_id": lead.source_id.id, "marketing_campaign_id": lead.campaign_id.id,
        "priority": int(lead.priority or 0), "before": {name: value for name, value in before.items() if value},
    }  # fmt: skip


def _update_existing(session, rows):
    """Fill the empty fields of leads that are in the database already."""
    env = session.batch.env
    leads = env["crm.lead"].browse([row.match_lead_id for row in rows if row.match_lead_id]).exists()
    leads.fetch(FILLED)
    known = set(leads.ids)
    text = env._("The lead was deleted meanwhile.")
    gone = [row.become("skipped", code="gone", message=text) for row in rows if row.match_lead_id not in known]
    present = [row for row in rows if row.match_lead_id in known]
    filled = bisect(env, present, partial(_fill_leads, session, leads), partial(_refuse, session.batch))
    return [*gone, *(row for part in filled for row in part)]


def _fill_leads(session, leads, rows):
    with _forgetting_on_error(session.lookups):
        filled = []
        for row in rows:
            lead = leads.browse(row.match_lead_id).with_prefetch(leads.ids)
            written = fill_lead(lead, resolve_names(row.values, session.lookups))
            text = describe_filled(session.batch.env, written)
            filled.append(row.become("updated", lead_id=lead.id, before=written, message=text))
        session.batch.env.flush_all()
        return filled
