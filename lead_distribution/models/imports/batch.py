import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...applying.locks import only_one
from ...importing import ending, failing, plan, retention, running
from ...importing.answer import make_answer
from ...importing.callers import explain_no_rights, get_chosen_campaign, join_campaign, prepare_member
from ...importing.checking import check_in_background, check_leads
from ...importing.error_file import NOT_IMPORTED
from ...importing.lead_values import prepare_lead
from ...importing.lookups import make_lookups
from ...importing.overview import get_overview
from ...importing.request import find_earlier, get_digest, read_leads, read_request
from ...importing.row_table import count_rows
from ...importing.session import start_session
from ...importing.storage import storing
from ...importing.undo import check_may_undo, explain_kept_lead, undo
from ...importing.words import get_left_names
from ...planning.decide import list_columns
from ...planning.people import select
from ...work.inside import YES, get_inside
from ...work.rights import check_manager
from ...work.scheduler import is_time_up
from ...work.transactions import commit, retry
from .row import STATES as ROW_STATES

_logger = logging.getLogger(__name__)

STATES = [
    ("draft", "Preparing"),
    ("checking", "Checking"),
    ("importing", "Importing"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
    ("failed", "Failed"),
    ("undone", "Undone"),
]
STEPS = [
    ("file", "File"),
    ("columns", "Columns"),
    ("duplicates", "Duplicates"),
    ("campaign", "Campaign & callers"),
    ("preview", "Preview"),
    ("result", "Result"),
]
DRAFT_DAYS = 7  # imports that were never started are forgotten after so many days


class LeadImportBatch(models.Model):
    """One uploaded file, or one request: from its columns to the leads it became.

    While it is prepared it is the wizard (``wizard.py``): ``step`` says how far. Nothing but the batch
    itself is written before it is started. After that it is the record of what was done, with a row
    for each row of the file. The work is done in ``importing/``.
    """

    _name = "lead.import.batch"
    _inherit = ["lead.distribution.guard"]
    _description = "Lead Import"
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    kind = fields.Selection(
        [("leads", "Leads"), ("people", "Salespeople")],
        string="The file holds",
        default="leads",
        required=True,
        help="Leads to hand out, or the salespeople of campaigns with their levels and targets.",
    )
    channel = fields.Selection([("file", "File"), ("api", "API")], default="file", required=True, readonly=True)
    state = fields.Selection(STATES, default="draft", required=True, index=True, readonly=True, copy=False)
    step = fields.Selection(STEPS, default="file", required=True, readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users", string="Imported by", default=lambda self: self.env.user, required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, required=True, readonly=True, index=True
    )

    campaign_id = fields.Many2one(
        "lead.distribution.campaign", domain="[('company_id', 'in', (False, company_id))]", index="btree_not_null"
    )
    new_campaign = fields.Boolean(string="A new campaign")
    new_campaign_name = fields.Char(string="Name of the campaign")
    strategy = fields.Selection(
        selection="_get_strategies",
        default="random",
        required=True,
        help="How the leads are shared among the callers. Random: one each in turn, drawn by lot.",
    )
    seed = fields.Integer(readonly=True, copy=False)
    run_id = fields.Many2one(
        "lead.distribution.run", string="Distribution", readonly=True, copy=False, index="btree_not_null"
    )
    run_assignment_ids = fields.One2many(related="run_id.assignment_ids", string="Assignments")
    caller_ids = fields.One2many("lead.import.caller", "batch_id", string="Callers")
    row_ids = fields.One2many("lead.import.row", "batch_id", string="Rows", readonly=True)
    problem_row_ids = fields.One2many(
        "lead.import.row",
        "batch_id",
        string="Rows that are left out",
        domain=["|", ("state", "in", ("error", "skipped", "cancelled", "kept")), ("code", "=", "busy")],
        readonly=True,
    )
    lead_ids = fields.One2many("crm.lead", "import_batch_id", string="Leads", readonly=True)

    counts = fields.Json(readonly=True, copy=False, help="State of rows → how many.")
    changes = fields.Json(readonly=True, copy=False, help="What cleaning did → how often.")
    matches = fields.Json(readonly=True, copy=False, help="Kind of duplicate → how many.")
    figures = fields.Json(readonly=True, copy=False, help="What the preview and the result tell.")
    answer = fields.Json(readonly=True, copy=False)
    is_masked = fields.Boolean(string="Personal data removed", readonly=True, copy=False)
    error = fields.Text(readonly=True, copy=False)
    rows_read = fields.Integer(readonly=True, copy=False)
    rows_to_do = fields.Integer(readonly=True, copy=False)
    rows_done = fields.Integer(readonly=True, copy=False)
    imported_count = fields.Integer(string="Imported", compute="_compute_numbers")
    error_count = fields.Integer(string="Errors", compute="_compute_numbers")
    skipped_count = fields.Integer(string="Skipped", compute="_compute_numbers")
    to_import_count = fields.Integer(string="To import", compute="_compute_numbers")
    undo_count = fields.Integer(compute="_compute_numbers", help="Rows that can be taken back.")
    started_on = fields.Datetime(string="Started on", readonly=True, copy=False)
    finished_on = fields.Datetime(string="Finished on", readonly=True, copy=False)
    is_stopping = fields.Boolean(readonly=True, copy=False, help="No chunk begins any more; those in hand end first.")
    working_since = fields.Datetime(readonly=True, copy=False, help="Set while a process works on it.")
    interruptions = fields.Integer(readonly=True, copy=False, help="How often such a process ended without a word.")
    overview = fields.Json(compute="_compute_overview")

    idempotency_key = fields.Char(readonly=True, copy=False)
    payload_hash = fields.Char(readonly=True, copy=False)

    # how far it is, what became of it, and whose it is
    _written_by_code = frozenset(
        {
            "channel", "state", "step", "user_id", "company_id", "seed", "run_id", "row_ids", "problem_row_ids",
            "lead_ids", "counts", "changes", "matches", "figures", "answer", "is_masked", "error", "rows_read",
            "rows_to_do", "rows_done", "started_on", "finished_on", "idempotency_key", "payload_hash", "file_kind",
            "found_format", "header_signature", "read_as", "date_proved", "is_stopping", "working_since",
            "interruptions", "run_assignment_ids",
        }
    )  # fmt: skip

    _working_idx = models.Index("(id) WHERE state IN ('checking', 'importing')")
    _idempotency_idx = models.UniqueIndex(
        "(user_id, idempotency_key) WHERE idempotency_key IS NOT NULL",
        "A request with this Idempotency-Key was made already.",
    )

    @api.model
    def _get_strategies(self):
        return self.env["lead.distribution.campaign"]._fields["strategy"]._description_selection(self.env)

    @api.depends("file_name", "channel", "create_date")
    def _compute_name(self):
        for batch in self:
            day = fields.Datetime.context_timestamp(batch, batch.create_date).date() if batch.create_date else ""
            label = batch.file_name or (self.env._("API") if batch.channel == "api" else self.env._("New import"))
            batch.name = f"{label} {day}".strip()

    @api.depends("counts")
    def _compute_numbers(self):
        for batch in self:
            counts = batch.counts or {}
            batch.imported_count = sum(counts.get(state, 0) for state in ("done", "updated", "undone", "kept"))
            batch.error_count = counts.get("error", 0)
            batch.skipped_count = counts.get("skipped", 0)
            batch.to_import_count = counts.get("ready", 0) + counts.get("update", 0)
            batch.undo_count = counts.get("done", 0) + counts.get("updated", 0)

    def _compute_overview(self):
        left_names = get_left_names(self.env)
        for batch in self:
            batch.overview = get_overview(batch, dict(ROW_STATES), left_names) if batch.id else {}

    @api.model_create_multi
    def create(self, vals_list):
        with storing(self.env, vals_list):
            return super().create(vals_list)

    def write(self, vals):
        """Nobody edits an import that was started."""
        if not self.env.su and any(batch.state not in ("draft", "checking") for batch in self):
            raise UserError(self.env._("An import that was started cannot be changed."))
        if "file" not in vals:
            return super().write(vals)
        with storing(self.env, [vals]):
            return super().write(vals)

    def _check_importer(self):
        """Only sales managers import, and only for companies they work for now."""
        if not self.env.su and not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers can import and distribute leads."))
        self.check_access("write")

    @api.constrains("campaign_id", "company_id")
    def _check_campaign_company(self):
        for batch in self:
            company = batch.campaign_id.company_id
            if company and company != batch.company_id:
                # not its name: who asks may not know it
                raise ValidationError(self.env._("The campaign belongs to another company."))

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        """History cannot be deleted by anybody but the clean-up."""
        if self.env.su and get_inside(self.env, "lead_distribution_clean_up"):
            return
        if any(batch.state != "draft" for batch in self):
            raise UserError(self.env._("An import that was started is history and cannot be deleted. Undo it instead."))

    @api.autovacuum
    def _forget_drafts(self):
        """Delete what was prepared and never started, with its file."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=DRAFT_DAYS)
        drafts = self.search([("state", "=", "draft"), ("write_date", "<", limit)], limit=1000)
        drafts.unlink()

    @api.autovacuum
    def _gc_imports(self):
        """Remove one old import of each campaign; the clean-up calls again while some remain.

        :return: (imports removed, imports that remain)
        """
        done = remaining = 0
        for batches in retention.find_expired(self.env):
            for batch in batches[:1]:
                batch._give_up()
                retention.archive(batch)
                batch.with_context(lead_distribution_clean_up=YES).unlink()
            done, remaining = done + len(batches[:1]), remaining + len(batches[1:])
        return done, remaining

    @api.autovacuum
    def _gc_import_personal_data(self):
        """Take the personal data out of one import of each campaign that is past its number of days."""
        done = remaining = 0
        for batches in retention.find_unmasked(self.env):
            for batch in batches[:1]:
                batch._give_up()
                retention.mask(batch)
            done, remaining = done + len(batches[:1]), remaining + len(batches[1:])
        return done, remaining

    def _give_up(self):
        """Stop what failed and was not gone on with in all that time: its run ends, too."""
        if self.state == "failed":
            self._stop()

    def _prepare_lead(self, row, user_id, session):
        """Return the values of a new lead. Meant to be extended.

        :param row: ``importing.row_table.WaitingRow``
        :param user_id: id of the caller, or None
        :param session: ``importing.session.ImportSession``
        """
        return prepare_lead(session, row, user_id)

    def _explain_unfit(self, user, member=None):
        """Return why a user cannot be a caller of this import, or nothing. Meant to be extended."""
        problem = explain_no_rights(self, user)
        if problem or self.new_campaign or not self.campaign_id:
            return problem
        member = member or self.env["lead.distribution.member"].new(prepare_member(self, user))
        # whoever imports need not see what the person has
        return self.campaign_id.sudo()._explain_left_out(member.sudo())

    def _explain_kept_lead(self, row, leads, talked_about):
        """Return why a lead is not deleted, or not emptied again; or nothing. Meant to be extended.

        :param leads: all leads that are looked at, with that of the row
        :param talked_about: ids of leads with messages of people or with activities
        """
        return explain_kept_lead(self, row, talked_about)

    def _is_in_background(self):
        """Say whether nobody waits for the answer. Meant to be extended."""
        return bool(self.env.context.get("ir_cron_progress_id"))

    @api.model
    def import_payload(self, payload, idempotency_key=None):
        """Import leads and hand them out evenly, at random, to the callers.

        One transaction: refused as a whole, nothing is written; otherwise each row that cannot
        be imported is told, and costs the others nothing.

        :param dict payload: ``campaign`` (id), ``leads`` (list of dicts with first_name, last_name,
            email, phone, address_line, city, state, country, zip, current_status), ``callers`` (user ids)
        :param str idempotency_key: the same key and payload again give the first answer again
        :return: dict with success, inserted_count, error_count, errors, assignees_added, assignee_ids,
            lead_assignments, distribution_summary
        :raise ValidationError: for a request that is refused as a whole
        :raise AccessError: for users who are no sales managers
        """
        self._check_importer()
        request = read_request(self.env, payload)
        check_manager(request.campaign)
        request.refuse_problems()
        digest = get_digest(payload)
        earlier = find_earlier(self.env, idempotency_key, digest) if idempotency_key else self.browse()
        if earlier:
            return earlier.answer
        self.check_access("create")
        batch = self.sudo().create(  # company and channel are for code to say
            {
                "channel": "api", "campaign_id": request.campaign.id, "strategy": "random", "on_contact": "import",
                "company_id": (request.campaign.company_id or self.env.company).id,
                "idempotency_key": idempotency_key, "payload_hash": digest,
            }
        ).sudo(self.env.su)  # fmt: skip
        batch._check_callers(request.users)
        lookups = check_leads(batch, read_leads(request.leads))
        batch = batch.sudo()  # checked above; from here on it is history, which nobody edits
        batch._begin(request.users)
        batch._import_at_once(lookups)
        answer = make_answer(batch, get_left_names(self.env))
        batch.answer = answer
        return answer

    def _check_callers(self, users):
        """Refuse the import when one of the callers cannot be one; tells all of them."""
        if not users:
            raise ValidationError(self.env._("Choose at least one caller to receive the leads."))
        campaign = get_chosen_campaign(self).sudo()  # as above
        members = {member.user_id: member for member in campaign.with_context(active_test=False).member_ids}
        problems = [
            f"{user.name}: {reason}" for user in users if (reason := self._explain_unfit(user, members.get(user)))
        ]
        if problems:
            raise ValidationError(self.env._("These callers cannot receive leads: %s.", "; ".join(problems)))

    def _begin(self, users):
        """Plan, and mark as started."""
        self.ensure_one()
        planned = self._plan(users)
        self.counts = count_rows(self)
        self.write(
            {
                "state": "importing", "started_on": fields.Datetime.now(), "rows_done": 0,
                "rows_to_do": self.to_import_count, "step": "result",
                "figures": {**(self.figures or {}), **planned, "callers": users.ids},
            }
        )  # fmt: skip
        _logger.info("Import %s started by user %s: %s rows for %s callers, run %s", self.id, self.user_id.id,
                     self.rows_to_do, len(users), self.run_id.id)  # fmt: skip

    def _plan(self, users):
        """Create the run of this import and decide who gets which row.

        :return: {"added": ids of the callers who join the campaign, "left_out": {name: why} of those who get nothing}
        """
        added = join_campaign(self, users)
        campaign = self.campaign_id.sudo().with_context(active_test=False)  # plans look at all leads of all people
        callers = campaign.member_ids.filtered(lambda member: member.user_id in users)
        members, left_out = select({member: campaign._explain_left_out(member) for member in callers}, callers, ())
        if not members:
            reasons = "; ".join(f"{name}: {reason}" for name, reason in left_out.items())
            raise ValidationError(self.env._("Nobody can receive the leads: %s.", reasons))
        run = plan.create_run(self, left_out)
        columns = list_columns(campaign, campaign._get_rule_fields(), [self.strategy])
        task = plan.make_task(self, columns, members)
        planned = campaign._make_plan(run, task)
        if planned is None:
            raise ValidationError(run.error)
        plan.keep_plan(run, task, planned)
        return {"added": added.user_id.ids, "left_out": left_out}

    def _start_session(self, lookups=None):
        """Return what all chunks need: people, teams and stages are looked up once.

        :param lookups: those of the check, if it was made just now
        """
        return start_session(self, self._prepare_lead, lookups or make_lookups(self))

    def _import_at_once(self, lookups=None):
        """Import all rows in the transaction of the caller."""
        running.import_at_once(self._start_session(lookups))
        self._finish("done")

    def _import_in_steps(self):
        """Import rows, commit after each chunk; stop when the scheduler's time is up.

        :return: whether nothing is left to do
        """
        if not running.import_in_steps(self._start_session()):
            return False
        self._finish_if_done()
        return True

    def _import_part(self, first, last):
        """Import the rows between two numbers while other processes import others; return how many were settled."""
        return running.import_part(self._start_session(), first, last)

    def _finish_if_done(self):
        """Close the import unless another process still works on rows of it. Commits."""
        retry(self.env, self._take_end)
        commit(self.env)

    def _take_end(self):
        state = running.take_end(self)
        if state:
            self._finish(state)

    def _finish(self, state):
        """Close the run and the batch, and tell whoever started it."""
        self.counts = count_rows(self)
        run = self.run_id.sudo()
        if run.state == "applying":
            run.applying_seconds = ending.get_seconds(self)
            run._close(state)
        ending.note_end(self, state)
        if self.channel == "file" and self._is_in_background():
            ending.notify_importer(self)

    def _stop(self):
        """Stop an import; what is done stays done. Commits.

        Rows that nobody has in hand are cancelled at once. Whoever has the others in hand closes the import.
        """
        running.mark_stopping(self)
        self._finish_if_done()
        if self.state == "importing":
            running.wake_scheduler(self.env)

    def _as_importer(self):
        """Return the import in the name of the person who started it."""
        return self.with_user(self.user_id).with_company(self.company_id).sudo()

    @api.model
    def _cron_import(self):
        """Go on with every check and import that is not finished; a killed one, too.

        The work is done in the name of the person who started it.
        """
        batches = self.search([("state", "in", ("checking", "importing"))], order="id")
        cron = self.env["ir.cron"]
        if is_time_up(self.env):
            running.wake_scheduler(self.env)  # at once, not after a minute
            cron._commit_progress(remaining=len(batches))
            return
        cron._commit_progress(remaining=sum(batch.rows_to_do - batch.rows_done or 1 for batch in batches))
        for batch in batches:
            if not batch._as_importer()._work():
                break
        left = self.search_count([("state", "in", ("checking", "importing"))])
        if left:
            running.wake_scheduler(self.env)
        cron._commit_progress(remaining=left)

    def _work(self):
        """Do what this import waits for; an error that is none of its rows stops it, with the reason. Commits.

        :return: whether others may have their turn; otherwise the time is up
        """
        running.mark_working(self)
        try:
            is_done = check_in_background(self) if self.state == "checking" else self._import_in_steps()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            is_done = False  # the scheduler calls again
        except Exception as error:
            failing.note_error(self, error)
            is_done = True
        if self.state == "failed":
            failing.tell_failure(self)
        running.unmark_working(self)
        return is_done

    def action_cancel(self):
        """Stop a check or an import; what is imported stays, and can be undone."""
        self.ensure_one()
        self._check_importer()
        if self.state == "checking":
            self.sudo().write({"state": "draft", "step": "columns"})  # nobody writes the state by hand
        elif self.state == "importing":
            self.sudo()._stop()  # it is history, which nobody edits
        else:
            raise UserError(self.env._("Nothing is running."))
        return True

    def action_resume(self):
        """Go on with an import that an error has stopped."""
        self.ensure_one()
        self._check_importer()
        if self.state != "failed":
            raise UserError(self.env._("Only an import that has failed can go on."))
        self.sudo().write({"state": "importing", "error": False})
        running.wake_scheduler(self.env)
        return True

    def action_undo(self):
        """Take an import back while it is recent. Commits after every chunk, and can be called again.

        Leads somebody has worked on stay, and their rows say why. For those that somebody was
        changing at that moment it can be called again, as for what was cut off.
        """
        self.ensure_one()
        self._check_importer()
        check_may_undo(self)
        with only_one(self.env, f"lead.import.batch.undo:{self.id}") as is_mine:
            if not is_mine:
                raise UserError(self.env._("“%s” is being undone by somebody else at this moment.", self.name))
            batch = self.sudo()  # leads of other people, and history
            undo(batch, batch._explain_kept_lead)
        return True

    def action_download_errors(self):
        self.ensure_one()
        if not sum((self.counts or {}).get(state, 0) for state in NOT_IMPORTED):
            raise UserError(self.env._("Every row was imported."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/lead_distribution/import/{self.id}/errors",
            "target": "download",
        }

    def action_view_leads(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leads of %s", self.name),
            "res_model": "crm.lead",
            "views": [(False, "list"), (False, "form")],
            "domain": [("import_batch_id", "=", self.id)],
            "context": {"active_test": False},
        }

    def action_view_rows(self, state=None):
        self.ensure_one()
        domain = [("batch_id", "=", self.id)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rows of %s", self.name),
            "res_model": "lead.import.row",
            "views": [(False, "list")],
            "domain": [*domain, ("state", "=", state)] if state else domain,
        }

    def action_view_run(self):
        self.ensure_one()
        if not self.run_id:
            raise UserError(self.env._("This import has not handed out anything yet."))
        return self.run_id._get_form_action()
