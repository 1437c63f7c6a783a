# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
import logging

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import groupby

from ...applying.snapshots import Snapshot, put_back
from ...names import AS_LEFT
from ...work.errors import describe_error
from ...work.inside import YES

_logger = logging.getLogger(__name__)

HELD_BY = ("user_id", "open_user_id", "holder_id")


class LeadDistributionRun(models.Model):
    """Writing the leads of one batch, and what is said of it in their chatter.

    Everything goes through ``crm.lead.write``, so other addons and automations see it.
    """

    _inherit = "lead.distribution.run"

    def _write_rows(self, rows):
        """Write all rows at once; if that fails, halves, down to the lead that is to blame."""
        if not rows or self._get_limit_passed():
            return  # the rest stays planned, and the run is stopped
        try:
            with self.env.cr.savepoint():
                self._assign_leads(rows)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(rows) == 1:
                if isinstance(error, (UserError, ValidationError)):
                    self._count_outside_of_savepoint("invalid_count")
                _logger.warning("Run %s: lead %s could not be assigned", self.id, rows.lead_id.id,
                                exc_info=True)  # fmt: skip
                rows.write({"state": "failed", "note": describe_error(error, self.env)})
                return
            middle = len(rows) // 2
            self._write_rows(rows[:middle])
            self._write_rows(rows[middle:])

    def _assign_leads(self, rows):
        """Write leads and rows, one ``write`` for each set of equal values."""
        leads = rows.lead_id.with_company(self.campaign_id.company_id).with_context(
            mail_notrack=True,  # the chatter is written below, for the batch
            mail_auto_subscribe_no_notify=True,  # one message a run, not one a lead
            lead_distribution_batch=YES,  # followers are added below, for the batch
        )
        # Odoo reads these when a lead changes hands: here for all people at once
        rows.user_id.mapped("company_ids")
        rows.user_id.partner_id.mapped("email_normalized")
        leads_of = {row.id: row.lead_id.id for row in rows}
        snapshot = Snapshot(leads)
        shared = self._prepare_shared_lead_values(snapshot.moment)
        teams = self.campaign_id.team_id | rows.dropback_rule_id.team_id
        with leads.env.protecting(leads._get_unaffected_by_team(teams)):
            written = self._write_in_groups(rows, leads, lambda row: self._prepare_lead_values(row, shared))
        lost, now = snapshot.compare(leads)
        self._note_as_left(rows, leads_of, lost, now)
        rows._mark_done(snapshot.moment, {row_id: lost.get(lead_id, {}) for row_id, lead_id in leads_of.items()})
        there = [(values, records.browse(i for i in records.ids if i in now)) for values, records in written]
        leads._subscribe_as_written(there)
        taken_away = self._note_interference(rows, leads_of, now)
        self._unmark(leads.browse(leads_of[row.id] for row in taken_away), written, lost, now)
        self._write_chatter(rows - taken_away)

    @api.model
    def _note_as_left(self, rows, leads_of, lost, now):
        """Keep what automations made of people and status: with that, nobody has worked on the lead yet."""
        for row in rows:
            lead = now.get(leads_of[row.id])
            if lead and not row._is_as_written(lead):
                lost[leads_of[row.id]]["left"] = {name: lead[name] for name in AS_LEFT}

    @api.model
    def _unmark(self, leads, written, lost, now):
        """Put back what a run has written on leads that nobody has now, but not who has them."""
        values_of = {lead.id: values for values, records in written for lead in records}
        kept = {
            lead.id: {
                name: value
                for name, value in lost[lead.id]["columns"].items()
                if name in values_of[lead.id] and name not in HELD_BY and now[lead.id][name] == values_of[lead.id][name]
            }
            for lead in leads
            if lead.id in now
        }
        if kept:
            put_back(leads.browse(kept), kept, {})

    def _note_interference(self, rows, leads_of, now):
        """Say of rows what other addons and automations have made of the lead while it was written.

        The row says who really has it, so that figures, limits and reverting go by what is true.

        :param leads_of: {row id: lead id}
        :param now: {lead id: columns}, see ``Snapshot.compare``
        :return: the rows of leads that nobody has now
        """
        changed = {}
        for row in rows:
            lead = now.get(leads_of[row.id])
            holder = lead and (lead["open_user_id"] or lead["user_id"])
            if holder != row.user_id.id or not lead["active"]:
                changed.setdefault((bool(lead), holder, bool(lead and lead["active"])), []).append(row.id)
        lost = rows.browse()
        for (exists, holder, active), ids in changed.items():
            part = rows.browse(ids)
            if exists:  # what a run writes itself is not computed meanwhile
                self.env.add_to_compute(part.lead_id._fields["holder_id"], part.lead_id)
            if not holder:
                lost += part
            else:  # received once, by this run; not a second time by hand
                part.lead_id.with_context(mail_notrack=True).write({"received_on": part[0].applied_on})
            part.write(self._prepare_interference(exists, self.env["res.users"].browse(holder or []), active))
        return lost

    def _prepare_interference(self, exists, holder, active):
        """Return the values of rows whose leads are not as they were written."""
        _ = self.env._
        if not exists:
            note = _("Another rule of this database deleted the lead while it was handed out.")
            return {"state": "failed", "applied_on": False, "note": note}
        if not holder:
            note = _("Another rule of this database took the lead away while it was handed out.")
            return {"state": "failed", "applied_on": False, "note": note}
        if not active:
            return {"note": _("Another rule of this database archived the lead while it was handed out.")}
        note = _("Another rule of this database gave the lead to %s while it was handed out.", holder.name)
        return {"user_id": holder.id, "user_name": holder.name, "note": note}

    @api.model
    def _write_in_groups(self, rows, leads, prepare):
        """Write what ``prepare`` returns for each row on its lead, equal values together.

        What the values leave as it is is not computed anew: see ``_get_unaffected_fields``.

        :return: list of (values, leads that they were written on)
        """
        written = []
        for values, group in groupby(rows, lambda row: frozenset(prepare(row).items())):
            values = dict(values)
            records = leads.browse(row.lead_id.id for row in group).with_prefetch(leads._prefetch_ids)
            with leads.env.protecting(records._get_unaffected_fields(values), records):
                records.write(values)
            written.append((values, records))
        return written

    def _prepare_shared_lead_values(self, now):
        """Return what is written on all leads of a batch."""
        return {"distribution_campaign_id": self.campaign_id.id, "distributed_on": now, "received_on": now}

    def _prepare_lead_values(self, row, shared):
        """Return what is written on a lead that is handed out. Meant to be extended.

        :param row: the assignment
        :param shared: see ``_prepare_shared_lead_values``
        """
        user_id = row.user_id.id
        values = {**shared, "user_id": user_id, "open_user_id": user_id, "closer_id": user_id, "holder_id": user_id}
        if row.kind == "dropback":
            return {**values, **self._prepare_dropback_values(row)}
        campaign = self.campaign_id
        team, status = campaign.team_id, campaign.status_reset_id
        if team and team != row.lead_id.team_id and self._shares_company(team, row.lead_id):
            values["team_id"] = team.id
        if status:
            values["lead_status_id"] = status.id
        return values

    @api.model
    def _shares_company(self, team, lead):
        """Whether a lead may get a team: one of another company would take the lead there."""
        return not team.company_id or not lead.company_id or team.company_id == lead.company_id

    def _prepare_dropback_values(self, row):
        """Return what is written besides on a lead that drops back: team, status, priority."""
        campaign, rule = self.campaign_id, row.dropback_rule_id
        values = {}
        if rule.team_id and not campaign.dropback_preserve_team and self._shares_company(rule.team_id, row.lead_id):
            values["team_id"] = rule.team_id.id
        status = rule.status_id or campaign.dropback_status_id
        if campaign.dropback_update_status and status:
            values["lead_status_id"] = status.id
        if rule.priority:
            values["priority"] = rule.priority
        return values

    def _write_chatter(self, rows):
        """Leave a note on each lead, if the campaign wants it, with one insert for all."""
        level = self.campaign_id.chatter
        if level == "none":
            return
        bodies = {
            row.lead_id.id: self.env._(
                "Handed from %(previous)s to %(new)s by the distribution “%(campaign)s”.",
                previous=row.previous_user_name or self.env._("nobody"),
                new=row.user_name,
                campaign=self.campaign_id.name,
            )
            for row in rows
        }
        messages = rows.lead_id._message_log_batch(bodies)
        if level == "full":
            self._track_salespeople(rows, messages)

    @api.model
    def _track_salespeople(self, rows, messages):
        """Add to the notes the tracked change of the salesperson, as Odoo itself keeps it."""
        field = self.env["ir.model.fields"]._get("crm.lead", "user_id")
        message_of = dict(zip(messages.mapped("res_id"), messages.ids, strict=True))
        users = self.env["res.users"].with_context(active_test=False)
        values = []
        for row in rows:
            old = users.browse((row.before or {}).get("user_id") or [])
            values.append(
                {
                    "mail_message_id": message_of[row.lead_id.id],
                    "field_id": field.id,
                    "old_value_integer": old.id or 0,
                    "old_value_char": old.sudo().display_name or "",
                    "new_value_integer": row.user_id.id,
                    "new_value_char": row.user_name,
                }
            )
        self.env["mail.tracking.value"].sudo().create(values)
