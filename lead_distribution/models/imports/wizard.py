from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...applying.locks import beside_live
from ...importing import checking, columns, mappings
from ...importing.callers import ensure_campaign, fill_callers, get_ticked
from ...importing.meanings import settle_values, shows_values
from ...importing.names import explain_bad_name
from ...importing.overview import get_plan_figures
from ...importing.people import import_people
from ...importing.plan import count_planned
from ...importing.running import hand_to_scheduler
from ...work.rights import check_manager

AT_ONCE = 500  # rows that a click imports before it answers
ENCODINGS = ["utf-8", "utf-16", "cp1252", "iso-8859-15", "cp1250", "cp1251", "shift_jis", "gb18030", "big5", "euc_kr"]
ORDER = {
    "leads": ["file", "columns", "values", "duplicates", "campaign", "preview"],
    "people": ["file", "columns", "preview"],
}


class LeadImportBatch(models.Model):
    """Preparing an import, step by step: the file, its columns, duplicates, callers, a preview, and the start."""

    _inherit = "lead.import.batch"

    file = fields.Binary(attachment=True, copy=False, help="xlsx, xls, ods or csv.")
    file_name = fields.Char(copy=False, string="Name of the file")
    file_kind = fields.Char(readonly=True, copy=False, string="Kind of file")
    sheet_ids = fields.One2many("lead.import.sheet", "batch_id", string="Sheets")
    sheet_id = fields.Many2one("lead.import.sheet", string="Sheet", domain="[('batch_id', '=', id)]", copy=False)
    encoding = fields.Selection(
        selection=lambda self: [(name, name.upper()) for name in ENCODINGS], help="Empty: found from the text."
    )
    separator = fields.Selection(
        [(",", "Comma"), (";", "Semicolon"), ("\t", "Tabulator"), ("|", "Bar")], help="Empty: found from the text."
    )
    read_as = fields.Json(readonly=True, copy=False, help="Sheet, encoding and separator of the last reading.")
    found_format = fields.Char(string="Read as", readonly=True, copy=False)
    header_row = fields.Integer(
        string="Row with the names of the columns", copy=False, help="0: there is none; the first row is a lead."
    )
    header_signature = fields.Char(readonly=True, copy=False, string="Fingerprint of the columns")
    column_ids = fields.One2many("lead.import.column", "batch_id", string="Columns")
    date_order = fields.Selection(
        [("dmy", "Day, month, year"), ("mdy", "Month, day, year"), ("ymd", "Year, month, day")],
        string="Order in dates",
        help="Counts only where a date leaves it open, as in 03/04/2026.",
    )
    date_proved = fields.Boolean(
        readonly=True, copy=False, help="Some date of the file leaves only one order.", string="Order of dates is sure"
    )
    create_missing = fields.Boolean(
        string="Create what is missing",
        help="Sources, mediums, campaigns and tags that do not exist are created. Otherwise they go to the notes.",
    )
    value_ids = fields.One2many("lead.import.value", "batch_id", string="Values")
    value_columns = fields.Json(compute="_compute_value_columns", help="Columns with values that are no names of ours.")
    values_met = fields.Json(readonly=True, copy=False, help="What the check has met of them, and how often.")
    values_read = fields.Json(readonly=True, copy=False, help="What they meant when the rows were checked.")
    keep_unmapped = fields.Boolean(string="Other columns to the notes", help="Columns that are not used.")
    template_id = fields.Many2one(
        "lead.import.template", string="Saved mapping", copy=False, check_company=True,
        domain="[('is_named', '=', True), ('kind', '=', kind), ('company_id', 'in', (False, company_id))]",
    )  # fmt: skip
    template_name = fields.Char(string="Save the mapping as", copy=False)

    on_file = fields.Selection(
        [("skip", "Skip"), ("import", "Import anyway")],
        string="Twice in the file",
        default="skip",
        required=True,
    )
    on_lead = fields.Selection(
        [("skip", "Skip"), ("update", "Fill its empty fields"), ("import", "Import anyway")],
        string="There is such a lead",
        default="skip",
        required=True,
    )
    on_opportunity = fields.Selection(
        [("skip", "Skip"), ("update", "Fill its empty fields"), ("import", "Import anyway")],
        string="There is such an opportunity",
        default="skip",
        required=True,
    )
    on_contact = fields.Selection(
        [("skip", "Skip"), ("link", "Import, and link to the contact"), ("import", "Import anyway")],
        string="There is such a contact",
        default="import",
        required=True,
    )
    match_name = fields.Boolean(
        string="Also the same name and company",
        help="Besides the email and the phone, which are always compared.",
    )
    compared_by = fields.Json(
        string="Duplicates compared by",
        readonly=True,
        copy=False,
        help="What was chosen for duplicates when the rows were compared.",
    )

    @api.constrains("file_name", "new_campaign_name", "template_name")
    def _check_names(self):
        for batch in self:
            for name, limit in (("file_name", 255), ("new_campaign_name", 200), ("template_name", 200)):
                problem = explain_bad_name(self.env, batch[name] or "", limit)
                if problem:
                    label = self._fields[name]._description_string(self.env)
                    raise ValidationError(self.env._("%(field)s: %(problem)s", field=label, problem=problem))

    @api.depends("value_ids.target")
    def _compute_value_columns(self):
        for batch in self:
            batch.value_columns = sorted(set(batch.value_ids.mapped("target")))

    @api.onchange("file")
    def _onchange_file(self):
        self.sheet_id = self.encoding = self.separator = False

    @api.onchange("campaign_id", "new_campaign")
    def _onchange_campaign(self):
        fill_callers(self)

    def _check_preparing(self):
        """Only managers prepare an import, and only until it is started."""
        self.ensure_one()
        self._check_importer()
        if self.state != "draft":
            raise UserError(self.env._("This import was started already."))

    def action_next(self):
        """Finish a step: what it needs is checked and prepared for the next one."""
        self._check_preparing()
        leave = {
            "file": self._leave_file,
            "columns": self._leave_columns,
            "values": self._leave_values,
            "duplicates": self._leave_duplicates,
            "campaign": self._leave_campaign,
        }[self.step]
        leave()
        return True  # the form shows the record anew

    def action_back(self):
        self._check_preparing()
        self._move(-1)
        return True

    def _move(self, steps):
        order = [step for step in ORDER[self.kind] if step != "values" or self.step == step or shows_values(self)]
        self.sudo().step = order[max(0, order.index(self.step) + steps)]  # nobody writes the step by hand

    def _leave_file(self):
        columns.load_file(self)
        self._move(1)

    def action_read_again(self):
        """Read the file with another sheet, header, encoding or separator."""
        self._check_preparing()
        if self.read_as != columns.get_reading(self):
            columns.load_file(self)
        else:
            columns.make_columns(self)
        return True

    def action_use_template(self):
        """Give the columns the meanings of the chosen mapping."""
        self.ensure_one()
        self._check_importer()
        if not self.template_id.mapping:
            raise UserError(self.env._("Choose a saved mapping first."))
        mappings.use_mapping(self, self.template_id.mapping)
        return True

    def action_save_template(self):
        self.ensure_one()
        self._check_importer()
        name = (self.template_name or "").strip()
        if not name:
            raise UserError(self.env._("Give the mapping a name to save it."))
        self.template_id = self.env["lead.import.template"].create(
            {**mappings.prepare_mapping(self), "name": name, "is_named": True, "company_id": self.company_id.id}
        )
        self.template_name = False
        return True

    def _leave_columns(self):
        columns.check_columns(self)
        if self.kind == "leads":
            self.sudo().step = "duplicates"  # as above; the check shows on that page how far it is
        self._restart_check()

    def _leave_values(self):
        """Go on with what the values mean; the rows are checked anew if that was changed."""
        is_changed = settle_values(self)
        self._move(1)
        if is_changed:
            self._restart_check()

    def action_map_values(self):
        """Show the values that are no names of ours once more."""
        self._check_preparing()
        if not self.value_ids:
            raise UserError(self.env._("All values were understood."))
        self.sudo().step = "values"
        return True

    def action_check_again(self):
        """Compare once more, with other rules for duplicates."""
        self._check_preparing()
        self._restart_check()
        return True

    def _restart_check(self):
        """Clean and compare all rows; many of them in the background."""
        if not checking.restart_check(self):
            self.sudo().state = "checking"
            hand_to_scheduler(self.env)
        elif self.kind == "people":
            self.sudo().step = "preview"

    def _leave_duplicates(self):
        """Go on with the rows as they were compared; the page stays while they are compared by other rules."""
        if not checking.is_compared(self):
            self._restart_check()
            if self.state == "checking" or self.step != "duplicates" or not self.to_import_count:
                return  # how far it is, what values mean, or that nothing is left: the page shows it
        if not self.to_import_count:
            raise UserError(self.env._("Nothing is left to import: every row is a duplicate or has an error."))
        fill_callers(self)
        self._move(1)

    def action_tick_all(self):
        self._check_preparing()
        self.caller_ids.filtered(lambda caller: not caller.problem).ticked = True
        return True

    def _leave_campaign(self):
        if not self.new_campaign and not self.campaign_id:
            raise UserError(self.env._("Choose a campaign, or give a new one a name."))
        self._check_callers(get_ticked(self))
        self._preview()
        self._move(1)

    def _preview(self):
        """Find out who would get how many: the very plan is made, looked at, and taken back.

        The seed is kept, so that the import shares out as the preview says.
        """
        with self.env.cr.savepoint() as savepoint:
            ensure_campaign(self)
            run, planned, kept = self._plan(get_ticked(self), on_rows=False)
            figures, seed = {**get_plan_figures(run, *count_planned(planned)), **kept}, run.seed
            savepoint.close(rollback=True)
        self.invalidate_recordset()
        self.sudo().write({"seed": seed, "figures": figures})

    def action_start(self):
        """Import: few rows at once, many in the background."""
        self._check_preparing()
        if self.step != "preview":
            raise UserError(self.env._("Look at the preview first."))
        mappings.remember_mapping(self)
        if self.kind == "people":
            import_people(self)
            return True
        ensure_campaign(self)
        check_manager(self.campaign_id)
        users = get_ticked(self)
        self._check_callers(users)
        batch = self.sudo()  # from here on it is history, which nobody edits
        with beside_live(self.env):
            batch._begin(users)
            if self.rows_to_do <= AT_ONCE:
                batch._import_at_once()
            else:
                hand_to_scheduler(self.env)
        return True
