# pylint: disable=prefer-env-translation
import base64
import contextlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...importing.cleaning import guess_date_order
from ...importing.column_guess import find_header, first_rows, guess_columns, header_names, signature
from ...importing.spreadsheet.file_guard import MIB, FileProblem, Limits
from ...importing.spreadsheet.process import Book
from ...importing.targets import NAMES_OF
from ...tools.safe_export import guard
from ...tools.storable import storable

SAMPLE_ROWS = 200  # rows looked at to guess the columns
SAMPLE_CHARS = 500  # of a cell: what a column means shows at its beginning
ENCODINGS = ["utf-8", "utf-16", "cp1252", "iso-8859-15", "cp1250", "cp1251", "shift_jis", "gb18030", "big5", "euc_kr"]


class LeadImportBatch(models.Model):
    """The uploaded file: how it is read, its sheets, its header and its columns."""

    _inherit = "lead.import.batch"

    file = fields.Binary(attachment=True, copy=False, help="xlsx, xls, ods or csv.")
    file_name = fields.Char(copy=False)
    file_kind = fields.Char(readonly=True, copy=False)
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
    header_signature = fields.Char(readonly=True, copy=False)
    column_ids = fields.One2many("lead.import.column", "batch_id", string="Columns")
    date_order = fields.Selection(
        [("dmy", "Day, month, year"), ("mdy", "Month, day, year"), ("ymd", "Year, month, day")],
        string="Order in dates",
        help="Counts only where a date leaves it open, as in 03/04/2026.",
    )
    date_proved = fields.Boolean(readonly=True, copy=False, help="Some date of the file leaves only one order.")
    create_missing = fields.Boolean(
        string="Create what is missing",
        help="Sources, mediums, campaigns and tags that do not exist are created. Otherwise they go to the notes.",
    )
    keep_unmapped = fields.Boolean(string="Other columns to the notes", help="Columns that are not used.")

    def _get_limits(self):
        return Limits(
            rows=self._get_parameter("max_rows", 200_000),
            columns=self._get_parameter("max_columns", 300),
            file_bytes=self._get_parameter("max_mib", 50) * MIB,
            seconds=self._get_parameter("max_seconds", 20),
            memory_bytes=self._get_parameter("max_memory_mib", 512) * MIB,
        )

    @contextlib.contextmanager
    def _open_book(self, start=0):
        """Open the file in a process of its own, and end that afterwards; what is wrong with the file is told in words.

        :param start: the last row number that is not wanted any more
        """
        self.ensure_one()
        data = base64.b64decode(self.with_context(bin_size=False).file or b"")
        try:
            with Book(data, self._get_limits(), self.encoding, self.separator, self.sheet_id.name, start) as book:
                yield book
        except FileProblem as problem:
            raise UserError(self._describe_file_problem(problem)) from problem

    def _read_rows(self, start=0):
        """Yield (row number as a spreadsheet counts, cells) of the chosen sheet, blank rows left out."""
        with self._open_book(start) as book:
            yield from book.rows()

    def _describe_file_problem(self, problem):
        _, values, limits = self.env._, problem.values, self._get_limits()
        texts = {
            "empty": _("The file is empty."),
            "too_large": _("The file is larger than %s MiB.", values.get("limit")),
            "too_long": _("The file has more than %s rows. Split it, or raise the limit in the settings.",
                          values.get("limit")),
            "too_wide": _("A row has more than %s columns.", values.get("limit")),
            "bomb": _("The file would unpack to far more than its size. It is not opened."),
            "macros": _("The file contains macros. Save it as a workbook without macros (.xlsx)."),
            "entities": _("The file contains what no spreadsheet program writes. It is not opened."),
            "password": _("The file is protected with a password. Save it without one."),
            "broken": _("The file is damaged. Open it in a spreadsheet program and save it again."),
            "unknown": _("This is no spreadsheet. Use xlsx, xls, ods or csv."),
            "web_page": _("This is a web page, whatever its name says. Open it in a spreadsheet program and save "
                          "it as .xlsx."),
            "encoding": _("The encoding %s is not known.", values.get("name")),
            "quote": _("A quotation mark that is opened near line %s is never closed.", values.get("line")),
            "quote_far": _("A quotation mark that is opened near line %s is not closed for a very long time.",
                           values.get("line")),
            "long_cell": _("In line %s there is a cell of millions of characters.", values.get("line")),
            "long_row": _("Row %s has more text than any row can have.", values.get("row")),
            "many_sheets": _("The workbook has more than %s sheets.", values.get("limit")),
            "time": _("Reading the file took more than %s seconds of processor time, and was stopped. Save it as CSV, "
                      "or split it.", limits.seconds),
            "memory": _("Reading the file took more than %s MiB of memory, and was stopped. Save it as CSV, or split "
                        "it.", limits.memory_bytes // MIB),
            "crashed": _("The file made the program that reads it crash. It is damaged, or was made to do harm."),
            "no_reader": _("The server cannot start the program that reads files. Tell your administrator."),
            "only_header": _("There are no rows under the names of the columns."),
        }  # fmt: skip
        return texts.get(problem.code, problem.code)

    @api.constrains("file_name", "new_campaign_name", "template_name")
    def _check_names(self):
        for batch in self:
            for name, limit in (("file_name", 255), ("new_campaign_name", 200), ("template_name", 200)):
                problem = self._explain_bad_name(batch[name] or "", limit)
                if problem:
                    label = self._fields[name]._description_string(self.env)
                    raise ValidationError(self.env._("%(field)s: %(problem)s", field=label, problem=problem))

    def _explain_bad_name(self, text, limit):
        """Return why a text is no name: lists and exports show it, and spreadsheets run what looks like a formula."""
        if len(text) > limit:
            return self.env._("A name has at most %s characters.", limit)
        if text != guard(text):
            return self.env._("A name cannot begin with “%s”: spreadsheets take it for a formula.", text.strip()[:1])
        if not text.isprintable():
            return self.env._("There are signs in the name that nobody can see.")
        return None

    @api.onchange("file")
    def _onchange_file(self):
        self.sheet_id = self.encoding = self.separator = False

    def _load_file(self):
        """Look at the file: its sheets, the first rows, the header; and guess the columns."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        with self._open_book() as book:
            is_other = [sheet.name or "" for sheet in self.sheet_ids] != book.sheets
            rows = [] if is_other and self.sheet_id else self._take_first(book.rows())
        if is_other:
            self.sheet_ids.unlink()
            self.sheet_ids = [fields.Command.create({"name": name}) for name in book.sheets]
            self.sheet_id = self.sheet_ids[:1]
        found = self._describe_format(book)
        self.sudo().write({"file_kind": book.kind, "found_format": found, "read_as": self._get_reading()})
        rows = rows or self._get_first_rows()
        header = find_header([cells for _number, cells in rows], self.kind)
        self.header_row = rows[header][0] if header is not None else 0
        self._make_columns(rows)

    def _get_reading(self):
        return [self.sheet_id.name or False, self.encoding, self.separator]

    def _describe_format(self, book):
        if book.kind != "csv":
            return book.kind
        names = dict(self._fields["separator"]._description_selection(self.env))
        return f"csv, {book.encoding.upper()}, {names.get(book.separator, book.separator)}"

    def _take_first(self, rows):
        return [(number, [storable(cell) for cell in cells]) for number, cells in first_rows(rows, SAMPLE_ROWS)]

    def _get_first_rows(self):
        with contextlib.closing(self._read_rows()) as found:
            rows = self._take_first(found)
        if not rows:
            raise UserError(self._describe_file_problem(FileProblem("empty")))
        return rows

    def _make_columns(self, rows=None):
        """Make the columns anew for the chosen header row: kept mapping, or guesses."""
        rows = rows or self._get_first_rows()
        header = next((cells for number, cells in rows if number == self.header_row), None)
        body = [cells for number, cells in rows if number > self.header_row]
        if not body:
            raise UserError(self._describe_file_problem(FileProblem("only_header")))
        width = max(len(cells) for cells in ([header] if header else []) + body)
        names = header_names(header or [], width)
        samples = [
            [cells[n][:SAMPLE_CHARS] for cells in body if n < len(cells) and cells[n].strip()] for n in range(width)
        ]
        self.sudo().header_signature = signature(names) if header else False
        targets = self._get_kept_targets(names) or guess_columns(
            names, [values[:50] for values in samples], self.kind, self._get_known_names()
        )
        self.column_ids.unlink()
        self.column_ids = [
            fields.Command.create(
                {
                    "position": n, "name": names[n], "target": target, "confidence": confidence,
                    "samples": " · ".join(value.strip()[:40] for value in samples[n][:3]),
                }
            )
            for n, (target, confidence) in enumerate(targets)
        ]  # fmt: skip
        self._guess_dates(samples)

    def _guess_dates(self, samples):
        dates = [value for column in self.column_ids if column.target == "date" for value in samples[column.position]]
        proved = guess_date_order(dates)
        language = self.env["res.lang"]._lang_get(self.env.user.lang)
        month_first = language.date_format.startswith("%m") if language else False
        self.sudo().write({"date_order": proved or ("mdy" if month_first else "dmy"), "date_proved": bool(proved)})

    @api.model
    def _get_target_labels(self):
        """Return {target: name} of everything a column can mean."""
        return dict(self.env["lead.import.column"]._fields["target"]._description_selection(self.env))

    def _get_used_columns(self):
        """Return [(position, meaning, name)] of the columns that are read."""
        unused = "notes" if self.keep_unmapped else None
        columns = [(c.position, unused if c.target == "ignore" else c.target, c.name) for c in self.column_ids]
        return [column for column in columns if column[1]]

    def _check_columns(self):
        """Refuse a mapping that says one thing twice, or nothing that tells who a lead is."""
        used = [column.target for column in self.column_ids if column.target not in ("ignore", "notes", "tags")]
        labels = self._get_target_labels()
        twice = sorted({labels[target] for target in used if used.count(target) > 1})
        if twice:
            raise UserError(self.env._("Two columns have the same meaning: %s.", ", ".join(twice)))
        needed = {"leads": {"name", "contact_name", "first_name", "last_name", "company", "email", "phone", "mobile"},
                  "people": {"salesperson", "login"}}[self.kind]  # fmt: skip
        if not needed & set(used):
            raise UserError(self.env._("Say which column holds the name, the e-mail or the phone."))
        wrong = [column.name for column in self.column_ids if not column._fits(NAMES_OF[self.kind])]
        if wrong:
            raise UserError(self.env._("These columns have a meaning of the other kind of file: %s.", ", ".join(wrong)))
