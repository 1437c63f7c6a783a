# pylint: disable=prefer-env-translation
"""Undoing: leads nobody has touched are deleted, fields that were filled are emptied again."""

import logging
import time
from functools import partial

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ..applying.locks import WAIT_FOR_LOCK, wait_for
from ..applying.rotation import turn_rotation_by_way
from ..planning.rows import count_put
from ..work.bisect import bisect
from ..work.errors import describe_error
from ..work.system import as_system
from ..work.transactions import commit, retry
from .lead_values import read_filled
from .limits import get_limit
from .row_table import count_rows

_logger = logging.getLogger(__name__)

UNDO_ROWS = 500  # rows of one transaction
BUSY = "busy"  # code of a row whose lead somebody was changing: to be tried again


def check_may_undo(batch):
    """Refuse to undo what is no finished import of leads, or too old; and with a run that is not its own.

    :raise UserError: why not
    """
    env = batch.env
    is_over = batch.state in ("done", "cancelled", "failed", "undone")
    if batch.kind != "leads" or not is_over or not batch.undo_count:
        raise UserError(env._("Only a finished import of leads can be undone."))
    days = get_limit(env, "undo_days")
    if batch.started_on < fields.Datetime.subtract(fields.Datetime.now(), days=days):
        one = env._("This import is more than 1 day old and cannot be undone any more.")
        many = env._("This import is more than %s days old and cannot be undone any more.", days)
        raise UserError(one if days == 1 else many)
    run = as_system(batch.run_id)
    is_own = run.import_batch_id == batch and run.company_id in (batch.company_id, env["res.company"])
    if run and not is_own:
        raise UserError(env._("The distribution is not that of this import: nothing is undone."))


def undo(batch, explain_kept):
    """Take an import back. Commits after every chunk, and can be called again.

    :param batch: the import, with full rights
    :param explain_kept: returns why a lead stays, or nothing; called with (row, leads, ids of leads talked about)
    """
    rows = batch.env["lead.import.row"].search([("batch_id", "=", batch.id), ("state", "in", ("done", "updated"))])
    busy = []
    for ids in split_every(UNDO_ROWS, rows.ids, list):
        busy += retry(batch.env, undo_rows, batch, ids, explain_kept)
        commit(batch.env, len(ids))
    deadline = time.monotonic() + WAIT_FOR_LOCK
    for ids in split_every(UNDO_ROWS, busy, list):
        retry(batch.env, _undo_waiting, batch, ids, explain_kept, deadline)
        commit(batch.env, len(ids))
    retry(batch.env, _finish_undo, batch)
    commit(batch.env)


def undo_rows(batch, row_ids, explain_kept):
    """Take back what some rows became; return the ids of those whose leads somebody else holds."""
    rows = batch.env["lead.import.row"].browse(row_ids)
    existing = rows.lead_id.exists()
    leads = existing.try_lock_for_update()
    leads.invalidate_recordset()
    busy = rows.filtered(lambda row: row.lead_id in existing - leads) if leads != existing else rows.browse()
    rows -= busy
    talked_about = _get_talked_about(leads)
    kept = [(row, reason) for row in rows if (reason := explain_kept(row, leads, talked_about))]
    free = rows - rows.browse().concat(*(row for row, _reason in kept))
    created = free.filtered(lambda row: row.state == "done")
    for row in free - created:
        _empty_again(row)
    refused = bisect(batch.env, created, partial(_delete_leads_of, batch), partial(_refuse, batch))
    _keep(batch, [*kept, *filter(None, refused)])
    batch.env.flush_all()
    return busy.ids


def _undo_waiting(batch, row_ids, explain_kept, deadline):
    """Take back what was locked: wait once for all of it, and say what still is."""
    rows = batch.env["lead.import.row"].browse(row_ids)
    wait_for(rows.lead_id.exists(), deadline - time.monotonic())
    busy = rows.browse(undo_rows(batch, row_ids, explain_kept))
    busy.write({"code": BUSY, "message": batch.env._("Kept: somebody is changing the lead.")})


def _finish_undo(batch):
    counts = count_rows(batch)
    kept = sum(counts.get(state, 0) for state in ("kept", "done", "updated"))
    undone = {"undone": counts.get("undone", 0), "kept": kept}
    batch.write({"state": "undone", "counts": counts, "figures": {**(batch.figures or {}), "undone": undone}})
    _logger.info("Import %s undone: %s leads deleted, %s kept", batch.id, undone["undone"], undone["kept"])
    if batch.run_id.state in ("done", "cancelled"):
        values = {"state": "reverted", "reverted_on": fields.Datetime.now(), "leads_kept": count_put(batch.run_id)}
        batch.run_id.write(values)


def _delete_leads_of(batch, rows):
    """Delete the leads that some rows became; all of them or none."""
    history, leads = _get_history(batch, rows), rows.lead_id
    received = history.filtered(lambda line: line.kind == "distribution")
    history.write({"state": "reverted", "note": batch.env._("The import was undone: the lead was deleted.")})
    rows.write({"state": "undone", "code": False, "message": False})
    leads.with_context(tracking_disable=True).unlink()
    turn_rotation_by_way(batch.run_id, received, -1)
    batch.env.flush_all()


def _refuse(batch, row, error):
    """Return (row, why its lead could not be deleted)."""
    _logger.warning("Import %s: the lead of row %s could not be deleted", batch.id, row.number, exc_info=error)
    return row, batch.env._("Kept: the lead could not be deleted: %s", describe_error(error, batch.env))


def _keep(batch, kept):
    """Say of rows, and in the history of their leads, why these stay.

    :param kept: list of (row, reason)
    """
    rows_of = {}
    for row, reason in kept:
        rows_of[reason] = rows_of.get(reason, row.browse()) + row
    for reason, rows in rows_of.items():
        rows.write({"state": "kept", "code": False, "message": reason})
        _get_history(batch, rows).write({"note": reason})


def _get_history(batch, rows):
    return batch.env["lead.distribution.assignment"].search(
        [("run_id", "=", batch.run_id.id), ("lead_id", "in", rows.lead_id.ids), ("state", "=", "done")]
    )


def explain_kept_lead(batch, row, talked_about):
    """Return why a lead is not deleted, or not emptied again; or nothing.

    :param talked_about: ids of leads with messages or files of people, or with activities
    """
    _, lead = batch.env._, row.lead_id
    if not lead:
        return _("Deleted meanwhile.")
    if lead.company_id not in (batch.company_id, batch.env["res.company"]):
        return _("Kept: the lead belongs to another company now.")
    if row.state == "done" and lead.import_batch_id != batch:
        return _("Kept: the lead is not of this import.")
    if row.state == "updated":
        return None
    if lead.id in talked_about:
        return _("Kept: there are messages, files or activities on the lead.")
    if not lead.active or lead.type != "lead":
        return _("Kept: the lead was closed or made an opportunity.")
    if lead.distributed_on and lead.distributed_on > row.done_on:
        return _("Kept: another distribution has handed out the lead since.")
    changed = lead.write_date > row.done_on and lead.write_uid.id != SUPERUSER_ID
    if changed or (lead.last_worked_on and lead.last_worked_on > row.done_on):
        return _("Kept: somebody has worked on the lead since.")
    return None


def _get_talked_about(leads):
    """Return the ids of leads with messages or files of people, or with activities."""
    domain = Domain("model", "=", "crm.lead") & Domain("res_id", "in", leads.ids)
    by_people = Domain("message_type", "in", ("comment", "email", "sms", "whatsapp"))
    messages = leads.env["mail.message"]._read_group(
        domain & (by_people | Domain("mail_activity_type_id", "!=", False)), ["res_id"]
    )
    activities = leads.env["mail.activity"].with_context(active_test=False)
    groups = activities._read_group([("res_model", "=", "crm.lead"), ("res_id", "in", leads.ids)], ["res_id"])
    files = leads.env["ir.attachment"]._read_group(
        [("res_model", "=", "crm.lead"), ("res_id", "in", leads.ids), ("create_uid", "!=", SUPERUSER_ID)], ["res_id"]
    )
    return {res_id for (res_id,) in [*messages, *groups, *files]}


def _empty_again(row):
    """Take away what the import has filled in, where it is still what the import wrote."""
    lead, values = row.lead_id, {}
    for name, written in (row.before or {}).items():
        now = read_filled(lead, name)
        if now == written or (name == "website" and written in (now or "")):
            values[name] = False
    if values:
        lead.with_context(mail_notrack=True).write(values)
    kept = set(row.before or {}) - set(values)
    if kept:
        text = row.env._("Changed since, kept: %s.", ", ".join(sorted(kept)))
        row.write({"state": "kept", "code": False, "message": text})
    else:
        row.write({"state": "undone", "code": False, "message": False})
