import contextlib
import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...importing.row_cleaner import RowCleaner
from ...importing.rows import split_rows
from .batch_check import CHUNK

_logger = logging.getLogger(__name__)

AT_ONCE = 500  # rows that a click imports before it answers
CHECK_AT_ONCE = 5000  # rows that a click checks before it answers
CLICK_SECONDS = 10  # a click does not check for longer, however long the rows are
CHECK_SECONDS = 30  # a background check goes on for so long before others have their turn
ORDER = {
    "leads": ["file", "columns", "duplicates", "campaign", "preview"],
    "people": ["file", "columns", "preview"],
}


class LeadImportBatch(models.Model):
    """The way through the wizard, and the work in the background."""

    _inherit = "lead.import.batch"

    def action_next(self):
        """Finish a step: what it needs is checked and prepared for the next one."""
        self.ensure_one()
        self._check_importer()
        self._check_draft()
        getattr(self, f"_leave_{self.step}")()
        return self._reload_form()

    def action_back(self):
        self.ensure_one()
        self._check_importer()
        self._check_draft()
        steps = ORDER[self.kind]
        self.sudo().step = steps[max(0, steps.index(self.step) - 1)]
        return self._reload_form()

    def _check_draft(self):
        if self.state != "draft":
            raise UserError(self.env._("This import was started already."))

    def _go_on(self):
        steps = ORDER[self.kind]
        self.sudo().step = steps[steps.index(self.step) + 1]

    def _leave_file(self):
        self._load_file()
        self._go_on()

    def action_read_again(self):
        """Read the file with another sheet, header, encoding or separator."""
        self.ensure_one()
        self._check_importer()
        self._check_draft()
        if self.read_as != self._get_reading():
            self._load_file()
        else:
            self._make_columns()
        return self._reload_form()

    def _leave_columns(self):
        self._check_columns()
        if self.kind == "leads":
            self.sudo().step = "duplicates"
        self._restart_check()

    def action_check_again(self):
        """Compare once more, with other rules for duplicates."""
        self.ensure_one()
        self._check_importer()
        self._check_draft()
        self._restart_check()
        return self._reload_form()

    def _restart_check(self):
        """Clean and compare all rows; many of them in the background."""
        self._forget_rows()
        self.sudo().write({"rows_read": 0, "counts": {}, "changes": {}, "matches": {}, "error": False})
        self.env.flush_all()
        if not self._check_rows(limit=CHECK_AT_ONCE):
            self.sudo().state = "checking"
            self._wake_cron()
        elif self.kind == "people":
            self._leave_checked_people()

    def _forget_rows(self):
        """Delete the rows of an earlier check; with one statement, as there may be very many."""
        rows = self.env["lead.import.row"]
        rows.flush_model()
        self.env.cr.execute(SQL("DELETE FROM lead_import_row WHERE batch_id = %s", self.id))
        rows.invalidate_model()

    def _leave_checked_people(self):
        self.sudo().step = "preview"

    def _check_rows(self, limit=None, seconds=None):
        """Check the rows that were not checked yet.

        :param limit: stop after so many rows
        :param seconds: commit after each chunk, and stop after so long
        :return: whether all rows are checked
        """
        last = self.row_ids.sudo().search([("batch_id", "=", self.id)], order="number desc", limit=1).number
        if self.kind == "people":
            with contextlib.closing(self._read_body(last)) as body:
                self._check_people(body)
            return True
        with contextlib.closing(self._read_body(last)) as body:
            is_done = self._check_body(body, limit, seconds)
        if is_done and not self.rows_read:
            raise UserError(self.env._("There are no rows under the names of the columns."))
        return is_done

    def _check_body(self, body, limit, seconds):
        check, started, used = self._start_check(), time.monotonic(), self._get_used_columns()
        for part in split_rows(body, CHUNK):
            self._check_chunk(check, [(number, row, _pick(row, used), ()) for number, row in part])
            if seconds:
                self._commit(len(part))
                if self.state != "checking":
                    return False  # somebody has stopped it
                if time.monotonic() - started > seconds:
                    return False
            elif limit and (self.rows_read >= limit or time.monotonic() - started > CLICK_SECONDS):
                return next(body, None) is None
        return True

    def _read_body(self, last=0):
        return self._read_rows(max(last, self.header_row))

    def _make_cleaner(self, lookups):
        if self.channel == "api":
            return super()._make_cleaner(lookups)
        return RowCleaner(lookups, self.date_order or "dmy", self.create_missing, self.date_proved)

    def _leave_duplicates(self):
        if not self.to_import_count:
            raise UserError(self.env._("Nothing is left to import: every row is a duplicate or has an error."))
        self._fill_callers()
        self._go_on()

    @api.onchange("campaign_id", "new_campaign")
    def _onchange_campaign(self):
        """Offer the members of the chosen campaign beside those who were added by hand."""
        self._fill_callers()

    def _fill_callers(self):
        campaign = self.campaign_id if not self.new_campaign else self.campaign_id.browse()
        users = campaign.member_ids.filtered(lambda m: m.active and m.user_id.active).user_id
        missing = users - self.caller_ids.user_id
        self.caller_ids = [fields.Command.create({"user_id": user.id, "ticked": False}) for user in missing]

    def action_tick_all(self):
        self.ensure_one()
        self._check_importer()
        self._check_draft()
        self.caller_ids.filtered(lambda caller: not caller.problem).ticked = True
        return self._reload_form()

    def _get_ticked(self):
        return self.caller_ids.filtered("ticked").user_id

    def _leave_campaign(self):
        if not self.new_campaign and not self.campaign_id:
            raise UserError(self.env._("Choose a campaign, or give a new one a name."))
        self._check_callers(self._get_ticked())
        self._preview()
        self._go_on()

    def action_start(self):
        """Import: few rows at once, many in the background."""
        self.ensure_one()
        self._check_importer()
        self._check_draft()
        if self.step != "preview":
            raise UserError(self.env._("Look at the preview first."))
        self.env["lead.import.template"]._remember(self)
        if self.kind == "people":
            self._import_people()
            return self._reload_form()
        self._ensure_campaign()
        self.campaign_id._check_manager()
        users = self._get_ticked()
        self._check_callers(users)
        batch = self.sudo()  # from here on it is history, which nobody edits
        batch._begin(users)
        if self.rows_to_do <= AT_ONCE:
            batch._import_at_once()
        else:
            self._wake_cron()
        return self._reload_form()

    def action_cancel(self):
        """Stop a check or an import; what is imported stays, and can be undone."""
        self.ensure_one()
        self._check_importer()
        if self.state == "checking":
            self.sudo().write({"state": "draft", "step": "columns"})
        elif self.state == "importing":
            self.sudo()._stop()
        else:
            raise UserError(self.env._("Nothing is running."))
        return self._reload_form()

    def action_resume(self):
        """Go on with an import that an error has stopped."""
        self.ensure_one()
        self._check_importer()
        if self.state != "failed":
            raise UserError(self.env._("Only an import that has failed can go on."))
        self.sudo().write({"state": "importing", "error": False})
        self._wake_cron()
        return self._reload_form()

    def _wake_cron(self):
        self.env.ref("lead_distribution.ir_cron_import").sudo()._trigger()

    @api.model
    def _cron_import(self):
        """Go on with every check and import that is not finished; a killed one, too.

        The work is done in the name of the person who started it.
        """
        batches = self.search([("state", "in", ("checking", "importing"))], order="id")
        cron = self.env["ir.cron"]
        if self.env["lead.distribution.campaign"]._is_time_up():
            self._wake_cron()  # at once, not after a minute
            cron._commit_progress(remaining=len(batches))
            return
        cron._commit_progress(remaining=sum(batch.rows_to_do - batch.rows_done or 1 for batch in batches))
        for batch in batches:
            if not batch.with_user(batch.user_id).with_company(batch.company_id).sudo()._work():
                break
        left = self.search_count([("state", "in", ("checking", "importing"))])
        if left:
            self._wake_cron()
        cron._commit_progress(remaining=left)

    def _work(self):
        """Do what this batch waits for; an error that is none of its rows stops it, with the reason."""
        try:
            return self._check_in_background() if self.state == "checking" else self._import_in_steps()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            return False  # the scheduler calls again
        except Exception as error:
            if not isinstance(error, UserError):
                _logger.exception("Import %s stopped", self.id)
            self.env.cr.rollback()
            self.write(
                {"error": str(error), **({"state": "draft"} if self.state == "checking" else {"state": "failed"})}
            )
            self._commit(0)
            return True

    def _check_in_background(self):
        if not self._check_rows(seconds=CHECK_SECONDS):
            return self.state != "checking"
        self.state = "draft"
        self._commit(0)
        return True


def _pick(row, used):
    return [(target, name, row[position]) for position, target, name in used if position < len(row)]
