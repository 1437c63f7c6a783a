# pylint: disable=prefer-env-translation
import logging
import time
from collections import Counter

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ...applying.locks import WAIT_FOR_LOCK, only_one, wait_for
from ...importing.settle import settle
from ...work.errors import describe_error

_logger = logging.getLogger(__name__)

UNDO_ROWS = 500
BUSY = "busy"  # code of a row whose lead somebody was changing: to be tried again


class LeadImportBatch(models.Model):
    """Undoing: leads nobody has touched are deleted, fields that were filled are emptied again."""

    _inherit = "lead.import.batch"

    def action_undo(self):
        """Take an import back while it is recent. Commits after every chunk, and can be called again.

        Leads somebody has worked on stay, and their rows say why. For those that somebody was
        changing at that moment it can be called again, as for what was cut off.
        """
        self.ensure_one()
        self._check_importer()
        if self.kind != "leads" or self.state not in ("done", "cancelled", "failed", "undone") or not self.undo_count:
            raise UserError(self.env._("Only a finished import of leads can be undone."))
        days = self._get_parameter("undo_days", 7)
        if self.started_on < fields.Datetime.subtract(fields.Datetime.now(), days=days):
            raise UserError(self.env._("This import is more than %s days old and cannot be undone any more.", days))
        self._check_belongings()
        with only_one(self.env, f"lead.import.batch.undo:{self.id}") as is_mine:
            if not is_mine:
                raise UserError(self.env._("“%s” is being undone by somebody else at this moment.", self.name))
            self.sudo()._undo()
        return self._reload_form()

    def _check_belongings(self):
        """Refuse to undo with a run that is not this import's own; leads that are not, stay by themselves.

        :raise UserError: if run and import do not belong together
        """
        run = self.run_id.sudo()
        is_own = run.import_batch_id == self and run.company_id in (self.company_id, self.env["res.company"])
        if run and not is_own:
            raise UserError(self.env._("The distribution is not that of this import: nothing is undone."))

    def _undo(self):
        retrying = self.env["lead.distribution.run"]._retrying
        rows = self.env["lead.import.row"].search([("batch_id", "=", self.id), ("state", "in", ("done", "updated"))])
        busy = []
        for ids in split_every(UNDO_ROWS, rows.ids, list):
            busy += retrying(self._undo_rows, ids)
            self._commit(len(ids))
        deadline = time.monotonic() + WAIT_FOR_LOCK
        for ids in split_every(UNDO_ROWS, busy, list):
            retrying(self._undo_waiting, ids, deadline)
            self._commit(len(ids))
        retrying(self._finish_undo)
        self._commit(0)

    def _finish_undo(self):
        self._count_rows()
        counts = self.counts or {}
        kept = sum(counts.get(state, 0) for state in ("kept", "done", "updated"))
        undone = {"undone": counts.get("undone", 0), "kept": kept}
        self.write({"state": "undone", "figures": {**(self.figures or {}), "undone": undone}})
        _logger.info("Import %s undone: %s leads deleted, %s kept", self.id, undone["undone"], undone["kept"])
        if self.run_id.state in ("done", "cancelled"):
            self.run_id.write({"state": "reverted", "reverted_on": fields.Datetime.now()})

    def _undo_waiting(self, row_ids, deadline):
        """Take back what was locked: wait once for all of it, and say what still is."""
        rows = self.env["lead.import.row"].browse(row_ids)
        wait_for(rows.lead_id.exists(), deadline - time.monotonic())
        busy = rows.browse(self._undo_rows(row_ids))
        busy.write({"code": BUSY, "message": self.env._("Kept: somebody is changing the lead.")})

    def _undo_rows(self, row_ids):
        """Take back what some rows became; return the ids of those whose leads somebody else holds."""
        rows = self.env["lead.import.row"].browse(row_ids)
        existing = rows.lead_id.exists()
        leads = existing.try_lock_for_update()
        leads.invalidate_recordset()
        busy = rows.filtered(lambda row: row.lead_id in existing - leads) if leads != existing else rows.browse()
        rows -= busy
        talked_about = self._get_talked_about(leads)
        deleted, kept = rows.browse(), {}
        for row in rows:
            reason = self._explain_kept_lead(row, leads, talked_about)
            if reason:
                kept.setdefault(reason, []).append(row.id)
            elif row.state == "done":
                deleted += row
            else:
                self._empty_again(row)

        def keep(row, error):
            self._keep_undeletable(row, error, kept)

        settle(list(deleted), self._delete_leads_of, keep, self.env)
        for reason, ids in kept.items():
            rows.browse(ids).write({"state": "kept", "code": False, "message": reason})
            self._get_history(rows.browse(ids)).write({"note": reason})
        self.env.flush_all()
        return busy.ids

    def _delete_leads_of(self, rows):
        """Delete the leads that some rows became; all of them or none."""
        rows = self.env["lead.import.row"].union(*rows)
        history, leads = self._get_history(rows), rows.lead_id
        received = Counter(line.user_id.id for line in history if line.kind == "distribution")
        history.write({"state": "reverted", "note": self.env._("The import was undone: the lead was deleted.")})
        rows.write({"state": "undone", "code": False, "message": False})
        leads.with_context(tracking_disable=True).unlink()
        self.run_id._turn_rotation(received, -1)
        self.env.flush_all()

    def _keep_undeletable(self, row, error, kept):
        if row is not None:
            _logger.warning("Import %s: the lead of row %s could not be deleted", self.id, row.number, exc_info=error)
            reason = self.env._("Kept: the lead could not be deleted: %s", describe_error(error, self.env))
            kept.setdefault(reason, []).append(row.id)

    def _get_history(self, rows):
        return self.env["lead.distribution.assignment"].search(
            [("run_id", "=", self.run_id.id), ("lead_id", "in", rows.lead_id.ids), ("state", "=", "done")]
        )

    def _explain_kept_lead(self, row, leads, talked_about):
        """Return why a lead is not deleted, or not emptied again; or nothing. Meant to be extended."""
        _, lead = self.env._, row.lead_id
        if not lead:
            return _("Deleted meanwhile.")
        if lead.company_id not in (self.company_id, self.env["res.company"]):
            return _("Kept: the lead belongs to another company now.")
        if row.state == "done" and lead.import_batch_id != self:
            return _("Kept: the lead is not of this import.")
        if row.state == "updated":
            return None
        if lead.id in talked_about:
            return _("Kept: there are messages or activities on the lead.")
        if not lead.active or lead.type != "lead":
            return _("Kept: the lead was closed or made an opportunity.")
        if lead.distributed_on and lead.distributed_on > row.done_on:
            return _("Kept: another distribution has handed out the lead since.")
        changed = lead.write_date > row.done_on and lead.write_uid.id != SUPERUSER_ID
        if changed or (lead.last_worked_on and lead.last_worked_on > row.done_on):
            return _("Kept: somebody has worked on the lead since.")
        return None

    def _get_talked_about(self, leads):
        """Return the ids of leads with messages of people or with activities."""
        domain = Domain("model", "=", "crm.lead") & Domain("res_id", "in", leads.ids)
        by_people = Domain("message_type", "in", ("comment", "email", "sms", "whatsapp"))
        messages = self.env["mail.message"]._read_group(
            domain & (by_people | Domain("mail_activity_type_id", "!=", False)), ["res_id"]
        )
        activities = (
            self.env["mail.activity"]
            .with_context(active_test=False)
            ._read_group([("res_model", "=", "crm.lead"), ("res_id", "in", leads.ids)], ["res_id"])
        )
        return {res_id for (res_id,) in [*messages, *activities]}

    def _empty_again(self, row):
        """Take away what the import has filled in, where it is still what the import wrote."""
        lead, values = row.lead_id, {}
        for name, written in (row.before or {}).items():
            now = lead[name].id if lead._fields[name].type == "many2one" else lead[name]
            if now == written or (name == "website" and written in (now or "")):
                values[name] = False
        if values:
            lead.with_context(mail_notrack=True).write(values)
        kept = set(row.before or {}) - set(values)
        if kept:
            text = self.env._("Changed since, kept: %s.", ", ".join(sorted(kept)))
            row.write({"state": "kept", "code": False, "message": text})
        else:
            row.write({"state": "undone", "code": False, "message": False})
