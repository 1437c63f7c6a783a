# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
import logging
import time
from collections import Counter
from datetime import datetime

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

from ...applying.locks import WAIT_FOR_LOCK, only_one, wait_for
from ...applying.snapshots import Snapshot, find_existing, put_back
from ...names import AS_LEFT, SNAPSHOT_FIELDS
from ...work.errors import describe_error
from ...work.inside import YES, with_own_context
from .run_apply import BATCH_SIZE

_logger = logging.getLogger(__name__)


class LeadDistributionRun(models.Model):
    """Reverting: puts back every lead that nobody has touched since."""

    _inherit = "lead.distribution.run"

    leads_kept = fields.Integer(
        string="Not put back", readonly=True, help="Leads of a reverted run that stayed where the run had put them."
    )

    def action_revert(self):
        """Put the leads of an applied run back where they came from.

        A lead somebody has worked on since stays where it is, and its row says why.
        Commits after every batch, and can be called again: for what was cut off, and for leads
        that could not be put back the time before.

        :raise UserError: if nothing can be put back, or somebody else is doing it at this moment
        """
        self.campaign_id._check_manager()
        for run in with_own_context(self.sudo()):
            if run.state not in ("done", "cancelled", "failed", "reverted") or not run._get_rows_to_revert(0, 1):
                raise UserError(self.env._("Only a run that has handed out leads can be reverted."))
            with only_one(self.env, f"lead.distribution.run.revert:{run.id}") as is_mine:
                if not is_mine:
                    raise UserError(self.env._("“%s” is being reverted by somebody else at this moment.", run.name))
                run._revert()
        return True

    def _revert(self):
        self.ensure_one()
        last_id, busy = 0, []
        while True:
            count, last_id, waiting = self._retrying(self._revert_next_batch, last_id)
            if not count:
                break
            busy += waiting
            self._commit_batch(count)
        deadline = time.monotonic() + WAIT_FOR_LOCK
        for ids in split_every(BATCH_SIZE, busy, list):
            self._retrying(self._revert_waiting, ids, deadline)
            self._commit_batch(len(ids))
        self._retrying(self._finish_revert)
        self._commit_batch(0)

    def _get_rows_to_revert(self, last_id, limit=None):
        return self.env["lead.distribution.assignment"].search(
            [("run_id", "=", self.id), ("state", "=", "done"), ("id", ">", last_id)],
            order="id",
            limit=limit or BATCH_SIZE,
        )

    def _revert_next_batch(self, last_id):
        """Put back the leads of the next rows.

        :return: (number of rows, id of the last one, ids of those whose leads somebody else holds)
        """
        rows = self._get_rows_to_revert(last_id)
        return len(rows), rows[-1:].id, self._revert_rows(rows).ids

    def _revert_waiting(self, row_ids, deadline):
        """Put back leads that were locked: wait once for all of them, and say which still are."""
        rows = self.env["lead.distribution.assignment"].browse(row_ids)
        wait_for(rows.lead_id, deadline - time.monotonic())
        busy = self._revert_rows(rows)
        busy.write({"note": self.env._("Not put back: somebody is changing the lead.")})

    def _finish_revert(self):
        planned = self._get_planned_rows()
        planned.write({"state": "skipped", "note": self.env._("The run was reverted.")})
        kept = self._count_rows("user_id")
        kept_back = self._count_rows("user_id", kind="dropback")
        self.write(
            {
                "state": "reverted",
                "reverted_on": fields.Datetime.now(),
                "leads_kept": sum(kept.values()) + sum(kept_back.values()),
            }
        )

    def _revert_rows(self, rows):
        """Put back the leads of some rows; return the rows whose leads somebody else holds."""
        existing = rows.lead_id.exists()
        leads = existing.try_lock_for_update(allow_referencing=True)
        leads.invalidate_recordset(
            [*SNAPSHOT_FIELDS, "active", "type", "write_date", "write_uid", "distributed_on", "company_id"]
        )
        busy = rows.filtered(lambda row: row.lead_id in existing - leads) if leads != existing else rows.browse()
        rows -= busy
        talked_about = self._get_talked_about(rows, leads)
        last_writes = self._get_last_writes(leads)
        back, kept = rows.browse(), {}
        for row in rows:
            note = self._explain_kept(row, talked_about, last_writes)
            if note:
                kept.setdefault(note, []).append(row.id)
            else:
                back += row
        for note, ids in kept.items():
            rows.browse(ids).write({"note": note})
        self._put_back_or_split(back)
        return busy

    def _explain_kept(self, row, talked_about, last_writes):
        """Return why a lead stays with its new owner, or nothing."""
        lead = row.lead_id
        if not lead:
            return self._explain_gone(row)
        if lead.id in talked_about:
            return self.env._("Not put back: there are new messages or activities on the lead.")
        if not lead.active or lead.type != (row.before or {}).get("type", "lead"):
            return self.env._("Not put back: the lead was closed or made an opportunity.")
        if lead.distributed_on != row.applied_on:
            return self.env._("Not put back: the lead was handed out once more since.")
        if self._is_worked_on(lead, row, last_writes):
            return self.env._("Not put back: somebody has worked on the lead since.")
        return None

    def _explain_gone(self, row):
        """Return that a lead is gone, with what its row says of that: into which lead it was merged, say."""
        if not row.note:
            return self.env._("Not put back: the lead was deleted.")
        said_before = row.note.startswith(self.env._("Not put back: %s", ""))
        return row.note if said_before else self.env._("Not put back: %s", row.note)

    def _is_worked_on(self, lead, row, last_writes):
        """Whether a person changed the lead, or anybody what the run has written on it.

        Odoo's own scheduled actions (enrichment, scoring) write on leads, too; that is no work.
        """
        values = {name: lead[name].id or None for name in AS_LEFT}
        if values != row.before["left"] if "left" in (row.before or {}) else not row._is_as_written(values):
            return True
        moment, user_id = last_writes[lead.id]
        return moment > row.applied_on and user_id != SUPERUSER_ID

    @api.model
    def _get_last_writes(self, leads):
        """Return {lead id: (when, by whom)} of the last write that was no reverting of ours; one query.

        A run that handed the lead out later and was reverted kept what the last write before it was.
        """
        rows = self.env["lead.distribution.assignment"].search_fetch(
            [("lead_id", "in", leads.ids), ("reverted_on", "!=", False)], ["lead_id", "reverted_on", "before"]
        )
        undone = {(row.lead_id.id, row.reverted_on): (row.before or {}).get("touched") for row in rows}
        last = {}
        for lead in leads:
            moment, user_id = lead.write_date, lead.write_uid.id
            while touched := undone.pop((lead.id, moment), None):
                moment, user_id = datetime.fromisoformat(touched[0]), touched[1]
            last[lead.id] = (moment, user_id)
        return last

    @api.model
    def _get_talked_about(self, rows, leads):
        """Return the ids of leads with messages, mails or activities later than the assignment."""
        since = min(rows.mapped("applied_on"), default=None)
        if since is None:
            return set()
        by_people = Domain("message_type", "in", ("comment", "email", "sms", "whatsapp"))
        messages = self.env["mail.message"]._read_group(
            Domain("model", "=", "crm.lead") & Domain("res_id", "in", leads.ids) & Domain("date", ">", since)
            & (by_people | Domain("mail_activity_type_id", "!=", False)),
            ["res_id"],
            ["date:max"],
        )  # fmt: skip
        activities = self.env["mail.activity"].with_context(active_test=False)._read_group(
            [("res_model", "=", "crm.lead"), ("res_id", "in", leads.ids), ("create_date", ">", since)],
            ["res_id"],
            ["create_date:max"],
        )  # fmt: skip
        latest = {}
        for lead_id, moment in [*messages, *activities]:
            latest[lead_id] = max(moment, latest.get(lead_id, moment))
        return {row.lead_id.id for row in rows if latest.get(row.lead_id.id, row.applied_on) > row.applied_on}

    def _put_back_or_split(self, rows):
        """Put leads back at once; if that fails, halves, down to the lead that is to blame."""
        if not rows:
            return
        try:
            with self.env.cr.savepoint():
                self._put_back(rows)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(rows) == 1:
                _logger.warning("Run %s: lead %s could not be put back", self.id, rows.lead_id.id, exc_info=True)
                rows.note = self.env._("Not put back: %s", describe_error(error, self.env))
                return
            middle = len(rows) // 2
            self._put_back_or_split(rows[:middle])
            self._put_back_or_split(rows[middle:])

    def _put_back(self, rows):
        leads = rows.lead_id.with_company(self.campaign_id.company_id).with_context(
            mail_notrack=True,
            mail_auto_subscribe_no_notify=True,
            lead_distribution_batch=YES,  # who had it follows it still
        )
        kept = {row.lead_id.id: self._get_columns_before(row) for row in rows}
        existing = find_existing(self.env, kept.values())
        snapshot = Snapshot(leads)
        self._write_in_groups(rows, leads, lambda row: self._prepare_values_before(row, kept[row.lead_id.id], existing))
        lost, _now = snapshot.compare(leads)
        for row in rows:  # what the run has left as it is, Odoo may work out anew without an owner: the company, say
            if "columns" in (row.before or {}):
                kept[row.lead_id.id] = {**lost.get(row.lead_id.id, {}).get("columns", {}), **kept[row.lead_id.id]}
        put_back(leads, kept, existing)
        rows.write({"state": "reverted", "reverted_on": self.env.cr.now(), "note": False})
        leads.env.flush_all()
        back = Counter(row.user_id.id for row in rows if row.kind == "distribution")
        self._turn_rotation(back, -1)

    @api.model
    def _get_columns_before(self, row):
        """Return {column: value} of what the lead was like, as JSON has it.

        Rows of earlier versions, and of imports, have kept only a part of it.
        """
        before = row.before or {}
        if "columns" in before:
            return before["columns"]
        names = (*SNAPSHOT_FIELDS, "distribution_campaign_id", "distributed_on", "received_on")
        columns = {name: before.get(name) for name in names}
        if row.kind == "dropback" and row.dropback_rule_id.priority:
            columns["priority"] = str(row.priority)
        return columns

    @api.model
    def _prepare_values_before(self, row, columns, existing):
        """Return what is written through the ORM, for all who listen to a lead that changes hands.

        The rest, and what Odoo works out anew from this, is written as it was by ``put_back``.
        """
        values = {"distributed_on": False, "received_on": False}
        for name in (*SNAPSHOT_FIELDS, "distribution_campaign_id"):
            value = columns[name] if name in columns else row.lead_id[name].id
            values[name] = value if name not in columns or value in existing.get(name, ()) else False
        if columns.get("company_id") in existing.get("company_id", ()):
            values["company_id"] = columns["company_id"]
        if "priority" in columns:
            values["priority"] = columns["priority"]
        return values
