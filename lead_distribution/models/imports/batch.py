from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_date

from ...importing.callers import explain_no_rights, prepare_member
from ...importing.error_file import NOT_IMPORTED
from ...importing.lead_values import prepare_lead
from ...importing.overview import get_overview
from ...importing.retention import find_abandoned
from ...importing.storage import storing
from ...importing.undo import explain_kept_lead
from ...importing.words import get_left_names
from ...names import MANAGERS, OPEN_IMPORTS
from ...tools.actions import open_leads
from ...work.inside import get_inside
from .row import STATES as ROW_STATES

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
    ("values", "Values"),
    ("duplicates", "Duplicates"),
    ("campaign", "Campaign & people"),
    ("preview", "Preview"),
    ("result", "Result"),
]


class LeadImportBatch(models.Model):
    """One uploaded file, or one request: from its columns to the leads it became.

    While it is prepared it is the wizard (``wizard.py``): ``step`` says how far. Nothing but the batch
    itself is written before it is started. After that it is the record of what was done, with a row
    for each row of the file. The work is done in ``importing/``.
    """

    _name = "lead.import.batch"
    _inherit = ["lead.distribution.guard", "lead.distribution.referring"]
    _description = "Lead Import"
    _order = "id desc"
    _check_company_auto = True

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
        "lead.distribution.campaign",
        domain="[('company_id', 'in', (False, company_id))]",
        check_company=True,
        index="btree_not_null",
    )
    new_campaign = fields.Boolean(string="A new campaign")
    new_campaign_name = fields.Char(string="Name of the campaign")
    strategy = fields.Selection(
        selection="_get_strategies",
        default="random",
        required=True,
        help="How the leads are shared among the salespeople. Random: one each in turn, drawn by lot.",
    )
    seed = fields.Integer(readonly=True, copy=False)
    run_id = fields.Many2one(
        "lead.distribution.run", string="Distribution", readonly=True, copy=False, index="btree_not_null"
    )
    run_assignment_ids = fields.One2many(related="run_id.assignment_ids", string="Assignments")
    caller_ids = fields.One2many("lead.import.caller", "batch_id", string="Salespeople")
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
    rows_read = fields.Integer(readonly=True, copy=False, string="Rows read")
    rows_to_do = fields.Integer(readonly=True, copy=False, string="Rows to do")
    rows_done = fields.Integer(readonly=True, copy=False, string="Rows done")
    imported_count = fields.Integer(string="Imported", compute="_compute_numbers")
    error_count = fields.Integer(string="Errors", compute="_compute_numbers")
    skipped_count = fields.Integer(string="Skipped", compute="_compute_numbers")
    to_import_count = fields.Integer(string="To import", compute="_compute_numbers")
    undo_count = fields.Integer(compute="_compute_numbers", help="Rows that can be taken back.", string="Leads to undo")
    started_on = fields.Datetime(string="Started on", readonly=True, copy=False)
    finished_on = fields.Datetime(string="Finished on", readonly=True, copy=False)
    is_stopping = fields.Boolean(
        readonly=True, copy=False, help="No chunk begins any more; those in hand end first.", string="Is being stopped"
    )
    working_since = fields.Datetime(
        readonly=True, copy=False, help="Set while a process works on it.", string="Working since"
    )
    interruptions = fields.Integer(readonly=True, copy=False, help="How often such a process ended without a word.")
    overview = fields.Json(compute="_compute_overview")

    idempotency_key = fields.Char(readonly=True, copy=False, string="Key of the request")
    payload_hash = fields.Char(readonly=True, copy=False, string="Fingerprint of the request")

    # how far it is, what became of it, and whose it is
    _written_by_code = frozenset(
        {
            "channel", "state", "step", "user_id", "company_id", "seed", "run_id", "row_ids", "problem_row_ids",
            "lead_ids", "counts", "changes", "matches", "figures", "answer", "is_masked", "error", "rows_read",
            "rows_to_do", "rows_done", "started_on", "finished_on", "idempotency_key", "payload_hash", "file_kind",
            "found_format", "header_signature", "read_as", "date_proved", "values_met", "values_read", "compared_by",
            "is_stopping", "working_since", "interruptions", "run_assignment_ids",
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
            created = batch.create_date and fields.Datetime.context_timestamp(batch, batch.create_date)
            day = format_date(self.env, created.date()) if created else ""
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
        if not any("file" in vals for vals in vals_list):
            return super().create(vals_list)
        with storing(self.env, vals_list):
            return super().create(vals_list)

    def write(self, vals):
        """Nobody edits an import that was started."""
        if not self.env.su and any(batch.state not in OPEN_IMPORTS for batch in self):
            raise UserError(self.env._("An import that was started cannot be changed."))
        if "file" not in vals:
            return super().write(vals)
        with storing(self.env, [vals]):
            return super().write(vals)

    def _check_importer(self):
        """Only sales managers import, and only for companies they work for now."""
        if not self.env.su and not self.env.user.has_group(MANAGERS):
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
        """Delete what was prepared and never started, with its file.

        :return: (imports removed, imports that may remain)
        """
        drafts = find_abandoned(self.env)
        drafts.unlink()
        return len(drafts), len(drafts)

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
        :param talked_about: ids of leads with messages or files of people, or with activities
        """
        return explain_kept_lead(self, row, talked_about)

    def _is_in_background(self):
        """Say whether nobody waits for the answer. Meant to be extended."""
        return bool(self.env.context.get("ir_cron_progress_id"))

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
        return open_leads(self.env, [("import_batch_id", "=", self.id)], self.env._("Leads of %s", self.name))

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
