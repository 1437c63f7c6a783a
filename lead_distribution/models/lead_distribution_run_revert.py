from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .lead_distribution_assignment import SNAPSHOT_FIELDS
from .lead_distribution_run_apply import BATCH_SIZE


class LeadDistributionRun(models.Model):
    """Reverting: puts back every lead that nobody has touched since."""

    _inherit = "lead.distribution.run"

    def action_revert(self):
        """Put the leads of an applied run back where they came from.

        A lead somebody has worked on since stays where it is, and its row says why.
        Commits after every batch, and can be called again if it was cut off.
        """
        for run in self:
            run.campaign_id._check_manager()
            if run.state not in ("done", "cancelled") or not (run.leads_done or run.leads_dropped_back):
                raise UserError(self.env._("Only a run that has handed out leads can be reverted."))
            run.sudo()._revert()
        return True

    def _revert(self):
        self.ensure_one()
        last_id = 0
        rows = self._get_rows_to_revert(last_id)
        while rows:
            self._revert_rows(rows)
            last_id = rows[-1].id
            self._commit_batch(len(rows))
            rows = self._get_rows_to_revert(last_id)
        reverted = self._count_rows("user_id", ("reverted",))
        self.write({"state": "reverted", "reverted_on": fields.Datetime.now()})
        self._turn_rotation(reverted, -1)
        self._commit_batch(0)

    def _get_rows_to_revert(self, last_id):
        return self.env["lead.distribution.assignment"].search(
            [("run_id", "=", self.id), ("state", "=", "done"), ("id", ">", last_id)],
            order="id",
            limit=BATCH_SIZE,
        )

    def _revert_rows(self, rows):
        leads = rows.lead_id.exists().try_lock_for_update(allow_referencing=True)
        leads.invalidate_recordset([*SNAPSHOT_FIELDS, "active", "type", "write_date", "write_uid", "distributed_on"])
        talked_about = self._get_talked_about(rows, leads)
        back, kept = [], {}
        for row in rows:
            note = self._explain_kept(row, leads, talked_about)
            if note:
                kept.setdefault(note, []).append(row.id)
            else:
                back.append(row)
        for note, ids in kept.items():
            rows.browse(ids).write({"note": note})
        self._put_back(rows.browse(row.id for row in back))

    def _explain_kept(self, row, leads, talked_about):
        """Return why a lead stays with its new owner, or nothing."""
        lead = row.lead_id
        if not lead:
            return self.env._("Not put back: the lead was deleted.")
        if lead not in leads:
            return self.env._("Not put back: somebody is changing the lead.")
        if lead.id in talked_about:
            return self.env._("Not put back: there are new messages or activities on the lead.")
        if not lead.active or lead.type != (row.before or {}).get("type", "lead"):
            return self.env._("Not put back: the lead was closed or made an opportunity.")
        if self._is_worked_on(lead, row):
            return self.env._("Not put back: somebody has worked on the lead since.")
        return None

    def _is_worked_on(self, lead, row):
        """Whether a person changed the lead, or anybody what the run has written on it.

        Odoo's own scheduled actions (enrichment, scoring) write on leads, too; that is no work.
        """
        written = {lead.user_id, lead.open_user_id, lead.closer_id}
        reset = row.dropback_rule_id.status_id or self.campaign_id.dropback_status_id
        if row.kind == "distribution":
            reset = self.campaign_id.status_reset_id
        statuses = {reset.id, (row.before or {}).get("lead_status_id", False)}
        if written != {row.user_id} or lead.lead_status_id.id not in statuses:
            return True
        if lead.distributed_on != row.applied_on:  # another run has handed it out since
            return True
        return lead.write_date > row.applied_on and lead.write_uid.id != SUPERUSER_ID

    @api.model
    def _get_talked_about(self, rows, leads):
        """Return the ids of leads with messages, mails or activities later than the assignment."""
        since = min(rows.mapped("applied_on"))
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

    def _put_back(self, rows):
        leads = rows.lead_id.with_context(mail_notrack=True, mail_auto_subscribe_no_notify=True)
        existing = self._get_existing(rows)
        self._write_in_groups(rows, leads, lambda row: self._prepare_values_before(row, existing))
        rows.write({"state": "reverted"})
        leads.env.flush_all()

    @api.model
    def _get_existing(self, rows):
        """Return {field: ids that still exist}: what was deleted since cannot be put back."""
        existing = {}
        for name in SNAPSHOT_FIELDS:
            comodel = self.env[self.env["crm.lead"]._fields[name].comodel_name]
            ids = {(row.before or {}).get(name) for row in rows} - {None, False}
            existing[name] = set(comodel.browse(ids).exists().ids)
        return existing

    @api.model
    def _prepare_values_before(self, row, existing):
        before = row.before or {}
        values = {name: before.get(name) if before.get(name) in existing[name] else False for name in SNAPSHOT_FIELDS}
        if row.kind == "dropback" and row.dropback_rule_id.priority:
            values["priority"] = str(row.priority)
        campaign = self.env["lead.distribution.campaign"].browse(before.get("distribution_campaign_id") or [])
        return {
            **values,
            "distribution_campaign_id": campaign.exists().id,
            "distributed_on": before.get("distributed_on") or False,
            "received_on": before.get("received_on") or False,
        }
