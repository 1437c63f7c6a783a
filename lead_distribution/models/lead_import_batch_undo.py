# pylint: disable=prefer-env-translation
import logging

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

UNDO_ROWS = 500


class LeadImportBatch(models.Model):
    """Undoing: leads nobody has touched are deleted, fields that were filled are emptied again."""

    _inherit = "lead.import.batch"

    def action_undo(self):
        """Take an import back while it is recent. Commits after every chunk, and can be called again.

        Leads somebody has worked on stay, and their rows say why.
        """
        self.ensure_one()
        self._check_importer()
        if self.kind != "leads" or self.state not in ("done", "cancelled", "failed") or not self.imported_count:
            raise UserError(self.env._("Only a finished import of leads can be undone."))
        days = self._get_parameter("undo_days", 7)
        if self.started_on < fields.Datetime.subtract(fields.Datetime.now(), days=days):
            raise UserError(self.env._("This import is more than %s days old and cannot be undone any more.", days))
        self._check_belongings()
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
        rows = self.env["lead.import.row"].search([("batch_id", "=", self.id), ("state", "in", ("done", "updated"))])
        for ids in split_every(UNDO_ROWS, rows.ids, list):
            self._undo_rows(rows.browse(ids))
            self._commit(len(ids))
        self._count_rows()
        counts = self.counts or {}
        undone = {"undone": counts.get("undone", 0), "kept": counts.get("kept", 0)}
        self.write({"state": "undone", "figures": {**(self.figures or {}), "undone": undone}})
        _logger.info("Import %s undone: %s leads deleted, %s kept", self.id, undone["undone"], undone["kept"])
        self._revert_run()
        self._commit(0)

    def _undo_rows(self, rows):
        leads = rows.lead_id.exists().try_lock_for_update()
        leads.invalidate_recordset()
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
        for reason, ids in kept.items():
            rows.browse(ids).write({"state": "kept", "message": reason})
        gone = deleted.lead_id
        self._mark_history(gone, kept, rows)
        deleted.write({"state": "undone", "message": False})
        gone.with_context(tracking_disable=True).unlink()
        self.env.flush_all()

    def _explain_kept_lead(self, row, leads, talked_about):
        """Return why a lead is not deleted, or not emptied again; or nothing. Meant to be extended."""
        _, lead = self.env._, row.lead_id
        if not lead:
            return _("Deleted meanwhile.")
        if lead not in leads:
            return _("Kept: somebody is changing the lead.")
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
            row.write({"state": "kept", "message": self.env._("Changed since, kept: %s.", ", ".join(sorted(kept)))})
        else:
            row.write({"state": "undone", "message": False})

    def _mark_history(self, gone, kept, rows):
        history = self.env["lead.distribution.assignment"].search(
            [("run_id", "=", self.run_id.id), ("lead_id", "in", rows.lead_id.ids), ("state", "=", "done")]
        )
        of_gone = history.filtered(lambda line: line.lead_id in gone)
        of_gone.write({"state": "reverted", "note": self.env._("The import was undone: the lead was deleted.")})
        for reason, ids in kept.items():
            leads = rows.browse(ids).lead_id
            history.filtered(lambda line, leads=leads: line.lead_id in leads).write({"note": reason})

    def _revert_run(self):
        run = self.run_id
        if run.state not in ("done", "cancelled"):
            return
        reverted = run._count_rows("user_id", ("reverted",))
        run.write({"state": "reverted", "reverted_on": fields.Datetime.now()})
        run._turn_rotation(reverted, -1)
