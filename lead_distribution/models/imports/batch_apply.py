import logging
import time

from odoo import fields, models
from odoo.modules import module as odoo_module
from odoo.tools import SQL

from ...importing.settle import settle
from ...work.errors import describe_error
from .lookups import Lookups

_logger = logging.getLogger(__name__)

CHUNK = 1000  # rows of one transaction


class LeadImportBatch(models.Model):
    """Importing: rows become leads, chunk by chunk, each chunk one transaction.

    The lead, its history row and the mark on its row commit together. A process that is
    killed leaves rows that are not done, and whoever goes on takes exactly these.
    """

    _inherit = "lead.import.batch"

    def _begin(self, users):
        """Plan and mark as started; return what planning tells."""
        self.ensure_one()
        planned = self._plan(users)
        self._count_rows()
        self.write(
            {
                "state": "importing", "started_on": fields.Datetime.now(), "rows_done": 0,
                "rows_to_do": self.to_import_count, "step": "result",
                "figures": {**(self.figures or {}), **planned, "callers": users.ids},
            }
        )  # fmt: skip
        _logger.info("Import %s started by user %s: %s rows for %s callers, run %s", self.id, self.user_id.id,
                     self.rows_to_do, len(users), self.run_id.id)  # fmt: skip
        return planned

    def _import_at_once(self):
        """Import all rows in the transaction of the caller."""
        context = self._prepare_import()
        while self._import_chunk(context, recheck=self.channel == "file"):
            pass
        self._finish("done")

    def _import_in_steps(self):
        """Import rows, commit after each chunk; stop when the scheduler's time is up.

        :return: whether nothing is left to do
        """
        retrying = self.env["lead.distribution.run"]._retrying
        context = self._prepare_import()
        while True:
            started = time.monotonic()
            done = retrying(self._import_next, context)
            if not done:
                break
            _logger.debug("Import %s: %s rows in %.1f s", self.id, done, time.monotonic() - started)
            if not self._commit(done):
                return False
        retrying(self._finish_if_done)
        self._commit(0)
        return True

    def _import_next(self, context):
        """Import a chunk, unless somebody has stopped the import meanwhile, or another process works on it."""
        name = f"lead_import_batch:{self.id}"
        locked = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", name))
        if not locked[0][0]:
            return 0
        return self._import_chunk(context, recheck=True) if self._may_go_on() else 0

    def _commit(self, processed):
        """Commit; return the seconds left, infinite when no scheduler counts them."""
        if odoo_module.current_test and not self.env.context.get("ir_cron_progress_id"):
            self.env.flush_all()  # a test's transaction belongs to the test
            return float("inf")
        time_left = self.env["ir.cron"]._commit_progress(processed)
        self.env.invalidate_all()
        return time_left

    def _prepare_import(self):
        """Return what all chunks need: people, teams and stages are looked up once."""
        lookups = Lookups(self.env, self.company_id, self._get_target_labels())
        return {"lookups": lookups, "teams": {}, "stages": {}, "domains": {}, "members": self._get_members_by_user()}

    def _get_members_by_user(self):
        members = self.campaign_id.sudo().with_context(active_test=False).member_ids
        return {member.user_id.id: member.id for member in members}

    def _import_chunk(self, context, recheck=False):
        """Import the next rows; return how many rows were settled."""
        rows = self._lock_rows()
        if not rows:
            return 0
        self._import_rows(rows, context, recheck)
        self._add_to_counts(rows)
        _logger.debug("Import %s: %s rows settled", self.id, len(rows))
        self.env.flush_all()
        return len(rows)

    def _import_rows(self, rows, context, recheck):
        """Make leads of locked rows, and mark them; the rows themselves say what became of them."""
        now = self.env.cr.now()
        ready = [row for row in rows if row["state"] == "ready"]
        self._claim_keys(ready)
        if recheck:
            ready = self._skip_new_duplicates(ready)
        settle(ready, lambda part: self._create_leads(part, context, now), self._make_refusal(context), self.env)
        self._update_existing([row for row in rows if row["state"] == "update"], context, now)
        self.env["lead.import.row"].sudo()._update_rows(
            [{**row, "done_on": now} for row in rows], "state", "code", "message", "lead_id", "before", "done_on"
        )

    def _add_to_counts(self, rows):
        counts = dict(self.counts or {})
        for row in rows:
            counts[row["was"]] = counts.get(row["was"], 0) - 1
            counts[row["state"]] = counts.get(row["state"], 0) + 1
        self.write({"rows_done": self.rows_done + len(rows), "counts": {k: n for k, n in counts.items() if n}})

    def _lock_rows(self, first=0, last=2**31 - 1):
        """Return the next rows between two numbers as dicts, locked; those of other processes are passed over."""
        names = ("id", "number", "state", "state", "values", "email_key", "phone_keys", "name_key", "do_not_call",
                 "match_lead_id", "match_partner_id", "user_id", "turn", "line_up", "reason", "code",
                 "message")  # fmt: skip
        self.env["lead.import.row"].flush_model()
        found = self.env.execute_query(
            SQL(
                "SELECT %s FROM lead_import_row WHERE batch_id = %s AND state IN ('ready', 'update') "
                "AND number BETWEEN %s AND %s ORDER BY number LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
                SQL(", ").join(SQL.identifier(name) for name in names),
                self.id,
                first,
                last,
                CHUNK,
            )
        )
        keys = (*names[:2], "was", *names[3:])
        return [dict(zip(keys, row, strict=True), lead_id=None, before=None) for row in found]

    def _skip_new_duplicates(self, rows):
        """Leads may have come in since the check: compare once more, in one statement."""
        fresh = [row for row in rows if not row["match_lead_id"]]
        emails = {row["email_key"] for row in fresh if row["email_key"]}
        phones = {key for row in fresh for key in row["phone_keys"] or ()}
        names = {row["name_key"] for row in fresh if row["name_key"]}
        found = self._find_duplicates(emails, phones, names)
        own = set(self._get_own_leads([m[1] for ms in found.values() for m in ms if m[0][2:] != "contact"]))
        for row in fresh:
            keys = self._get_keys(row["email_key"], row["phone_keys"] or (), row["name_key"])
            matches = [m for key in keys for m in found.get(key, ()) if m[0][2:] != "contact" and m[1] not in own]
            if matches and self[f"on_{min(matches)[0][2:]}"] != "import":
                kind, lead_id, name, _blocked = min(matches)
                row.update(state="skipped", code=f"duplicate_{kind[2:]}", match_lead_id=lead_id,
                           message=self._describe_match(kind[2:], name))  # fmt: skip
        return [row for row in rows if row["state"] == "ready"]

    def _get_own_leads(self, ids):
        if not ids:
            return []
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        return leads.search([("id", "in", ids), ("import_batch_id", "=", self.id)]).ids

    def _make_refusal(self, context):
        """Return what is to be done with a row that fails, see ``settle``."""

        def refuse(row, error):
            context["lookups"].forget_names()  # the savepoint has taken back those that were created
            if row is None:
                return
            _logger.warning("Import %s: row %s could not be imported", self.id, row["number"], exc_info=error)
            text = self._describe_problem("failed", {"error": describe_error(error, self.env)})
            row.update(state="error", code="failed", lead_id=None, before=None, message=text)

        return refuse

    def _create_leads(self, rows, context, now):
        """Create the leads of some rows with everything known given at once, and their history."""
        users = self.env["res.users"].sudo().browse({row["user_id"] for row in rows if row["user_id"]})
        active = set(users.filtered("active").ids)
        values = [self._prepare_lead(row, row["user_id"] if row["user_id"] in active else None, context, now)
                  for row in rows]  # fmt: skip
        leads = self.env["crm.lead"].sudo()._for_import([row["values"] for row in rows], context["domains"])
        leads._foresee(values)
        leads = leads.create(values)
        leads.env.flush_all()
        leads_of = leads.filtered("user_id").grouped("user_id")
        leads._subscribe_as_written([({"user_id": user.id}, received) for user, received in leads_of.items()])
        handed = [(row, lead) for row, lead in zip(rows, leads, strict=True) if lead.user_id]
        self._create_history(handed, now)
        for row, lead in zip(rows, leads, strict=True):
            row.update(state="done", lead_id=lead.id)

    def _create_history(self, handed, now):
        """Write one history row for each lead that was handed to somebody."""
        run = self.run_id.sudo()
        shared = {
            **run._prepare_shared_row_values(), "strategy": run.strategy,
            "state": "done", "applied_on": now,
        }  # fmt: skip
        rows = []
        for row, lead in handed:
            status = row["values"].get("lead_status_id")
            before = {"lead_status_id": status, "team_id": lead.team_id.id}
            rows.append(
                {
                    **shared, "lead_id": lead.id, "lead_name": lead.name, "user_id": lead.user_id.id,
                    "user_name": lead.user_id.name, "turn": row["turn"],
                    "line_up": row["line_up"], "reason": row["reason"], "lead_status_id": status,
                    "source_id": lead.source_id.id, "marketing_campaign_id": lead.campaign_id.id,
                    "priority": int(lead.priority or 0), "before": {k: v for k, v in before.items() if v},
                }
            )  # fmt: skip
        self.env["lead.distribution.assignment"].sudo().create(rows)
