# pylint: disable=prefer-env-translation
from odoo import models

from ...reporting.words import describe_left_over
from .row import STATES as ROW_STATES


class _Rollback(Exception):
    """Carries what the preview found out of the savepoint."""

    def __init__(self, figures):
        super().__init__()
        self.figures = figures


class LeadImportBatch(models.Model):
    """Preview and overview: the very plan is made, looked at, and taken back."""

    _inherit = "lead.import.batch"

    def _preview(self):
        """Find out who would get how many; nothing of it stays but the figures.

        The seed is kept, so that the import shares out as the preview says.
        """
        try:
            with self.env.cr.savepoint():
                self._ensure_campaign()
                planned = self._plan(self._get_ticked())
                figures = {**self._get_plan_figures(), **planned, "seed": self.seed}
                raise _Rollback(figures)
        except _Rollback as told:
            figures = told.figures
        self.invalidate_recordset()
        self.sudo().write({"seed": figures.pop("seed"), "figures": figures})

    def _get_plan_figures(self):
        """Return who gets how many rows, and how many nobody gets, with reasons."""
        rows = self.env["lead.import.row"].sudo()
        domain = [("batch_id", "=", self.id), ("state", "=", "ready")]
        shares = dict(rows._read_group([*domain, ("user_id", "!=", False)], ["user_id"], ["__count"]))
        left = {
            (reason and "dnc") or code: count
            for reason, code, count in rows._read_group(
                [*domain, ("user_id", "=", False)], ["do_not_call", "code"], ["__count"]
            )
        }
        return {
            "shares": [
                {"user_id": line.user_id.id, "name": line.salesperson_name, "before": line.leads_before_total,
                 "target": line.target_leads, "gets": shares.get(line.user_id, 0)}
                for line in self.run_id.sudo().member_line_ids
            ],
            "left": left,
        }  # fmt: skip

    def _compute_overview(self):
        for batch in self:
            batch.overview = batch._get_overview() if batch.id else {}

    def _get_overview(self):
        """Return what the page shows: progress, counts, cleaning, duplicates, shares."""
        figures = self.figures or {}
        return {
            "state": self.state, "step": self.step, "kind": self.kind,
            "rows_read": self.rows_read, "rows_to_do": self.rows_to_do, "rows_done": self.rows_done,
            "seconds": (self.env.cr.now() - self.started_on).total_seconds() if self.started_on else 0,
            "counts": self.counts or {},
            "state_names": dict(ROW_STATES),
            "changes": self._name_counts(self.changes, self._get_change_names()),
            "matches": self._name_counts(self.matches, self._get_match_names()),
            "campaign": self.new_campaign_name if self.new_campaign else self.campaign_id.name,
            "shares": self._get_shares(),
            "left": self._name_counts(figures.get("left"), self._get_left_names()),
            "left_out": figures.get("left_out", {}),
            "added": len(figures.get("added", [])),
            "callers": len(figures.get("callers", [])) or len(figures.get("shares", [])),
            "people": figures.get("people", {}),
            "undone": figures.get("undone", {}),
            "error": self.error or None,
            "is_stopping": self.is_stopping, "interruptions": self.interruptions,
            "idle": (self.env.cr.now() - self.write_date).total_seconds() if self.write_date else 0,
        }  # fmt: skip

    def _get_shares(self):
        """Return the shares: of the run once there is one, else of the preview."""
        if not self.run_id:
            return (self.figures or {}).get("shares", [])
        return [
            {"user_id": line.user_id.id, "name": line.salesperson_name, "before": line.leads_before_total,
             "target": line.target_leads, "gets": line.leads_received}
            for line in self.run_id.sudo().member_line_ids
        ]  # fmt: skip

    def _name_counts(self, counts, names):
        return [{"code": c, "name": names.get(c, c), "count": n} for c, n in (counts or {}).items() if n]

    def _get_left_names(self):
        reasons = ("no_eligible", "other_company", "everybody_full", "only_holder", "max_leads")
        return {
            "dnc": self.env._("Do not call"),
            **{reason: describe_left_over(self.env, reason) for reason in reasons},
        }

    def _get_match_names(self):
        _ = self.env._
        return {
            "file": _("Twice in the file"),
            "lead": _("Leads in the database"),
            "opportunity": _("Opportunities in the database"),
            "contact": _("Contacts in the database"),
            "do_not_call": _("Do not call, by their lead in the database"),
        }

    def _get_change_names(self):
        _ = self.env._
        return {
            "trimmed": _("Blanks at the ends taken away"),
            "cleaned": _("Invisible characters taken away"),
            "missing": _("Values like N/A emptied"),
            "name_case": _("Names in one case given capitals"),
            "name_order": _("“Last, First” turned round"),
            "email": _("E-mails brought into their normal form"),
            "bad_email": _("E-mails nobody can read, kept in the notes"),
            "phone": _("Phone numbers brought into the international form"),
            "odd_phone": _("Phone numbers that do not fit their country, kept as they are"),
            "bad_phone": _("Phone numbers nobody can dial, kept in the notes"),
            "ambiguous_date": _("Dates that could be read two ways"),
            "bad_date": _("Dates nobody can read, kept in the notes"),
            "bad_website": _("Web sites that are none, kept in the notes"),
            "bad_number": _("Numbers nobody can read, kept in the notes"),
            "bad_priority": _("Unknown priorities, kept in the notes"),
            "unknown_country": _("Unknown countries, kept in the notes"),
            "unknown_state": _("Unknown states, kept in the notes"),
            "unknown_source": _("Unknown sources, kept in the notes"),
            "unknown_medium": _("Unknown mediums, kept in the notes"),
            "unknown_marketing_campaign": _("Unknown marketing campaigns, kept in the notes"),
            "unknown_tags": _("Unknown tags, kept in the notes"),
        }
