"""The columns of an uploaded file: found, guessed, and checked."""

from odoo.exceptions import UserError
from odoo.fields import Command

from ..work.system import as_system
from .cleaning import guess_date_order
from .column_guess import find_header, guess_columns, header_names, signature
from .lookups import get_target_labels
from .mappings import get_kept_targets, get_known_names
from .reading import open_book, read_first_rows, refuse_file, take_first
from .spreadsheet.file_guard import FileProblem
from .targets import IGNORE, NAMES_OF, NOTES, normal

SAMPLE_CHARS = 500  # of a cell: what a column means shows at its beginning
TELLING = {  # one of these columns says who a row is about
    "leads": {"name", "contact_name", "first_name", "last_name", "company", "email", "phone", "mobile"},
    "people": {"salesperson", "login"},
}


def load_file(batch):
    """Look at the file: its sheets, the first rows, the header; and guess the columns."""
    if not batch.file:
        raise UserError(batch.env._("Choose a file first."))
    with open_book(batch) as book:
        is_other = [sheet.name or "" for sheet in batch.sheet_ids] != book.sheets
        rows = [] if is_other and batch.sheet_id else take_first(book.rows())
    if is_other:
        batch.sheet_ids.unlink()
        batch.sheet_ids = [Command.create({"name": name}) for name in book.sheets]
        batch.sheet_id = batch.sheet_ids[:1]
    found = _describe_format(batch, book)
    as_system(batch).write({"file_kind": book.kind, "found_format": found, "read_as": get_reading(batch)})
    rows = rows or read_first_rows(batch)
    header = find_header([cells for _number, cells in rows], batch.kind)
    batch.header_row = rows[header][0] if header is not None else 0
    make_columns(batch, rows)


def get_reading(batch):
    """Return how the file is to be read, to see whether that was changed since."""
    return [batch.sheet_id.name or False, batch.encoding, batch.separator]


def _describe_format(batch, book):
    if book.kind != "csv":
        return book.kind
    names = dict(batch._fields["separator"]._description_selection(batch.env))
    return f"csv, {book.encoding.upper()}, {names.get(book.separator, book.separator)}"


def make_columns(batch, rows=None):
    """Make the columns anew for the chosen header row: kept mapping, or guesses."""
    rows = rows or read_first_rows(batch)
    header = next((cells for number, cells in rows if number == batch.header_row), None)
    body = [cells for number, cells in rows if number > batch.header_row]
    if not body:
        raise refuse_file(FileProblem("only_header"), batch.env)
    width = max(len(cells) for cells in ([header] if header else []) + body)
    names = header_names(header or [], width)
    samples = [[cells[n][:SAMPLE_CHARS] for cells in body if n < len(cells) and cells[n].strip()] for n in range(width)]
    as_system(batch).header_signature = signature(names) if header else False
    known = {**_get_own_names(batch), **get_known_names(batch)}
    targets = get_kept_targets(batch, names) or guess_columns(
        names, [values[:50] for values in samples], batch.kind, known
    )
    batch.column_ids.unlink()
    batch.column_ids = [
        Command.create(
            {
                "position": n, "name": names[n], "target": target, "confidence": confidence,
                "samples": " · ".join(value.strip()[:40] for value in samples[n][:3]),
            }
        )
        for n, (target, confidence) in enumerate(targets)
    ]  # fmt: skip
    _guess_dates(batch, samples)


def _get_own_names(batch):
    """Return {normal name: meaning} of the names that our own workbook has, in the language of the user."""
    labels = get_target_labels(batch.env)
    return {normal(labels[target]): target for target in NAMES_OF[batch.kind]}


def _guess_dates(batch, samples):
    dates = [value for column in batch.column_ids if column.target == "date" for value in samples[column.position]]
    proved = guess_date_order(dates)
    language = batch.env["res.lang"]._lang_get(batch.env.user.lang)
    month_first = language.date_format.startswith("%m") if language else False
    as_system(batch).write({"date_order": proved or ("mdy" if month_first else "dmy"), "date_proved": bool(proved)})


def get_used_columns(batch):
    """Return [(position, meaning, name)] of the columns that are read."""
    unused = NOTES if batch.keep_unmapped else None
    columns = [(c.position, unused if c.target == IGNORE else c.target, c.name) for c in batch.column_ids]
    return [(position, target, name) for position, target, name in columns if target]


def check_columns(batch):
    """Refuse a mapping that says one thing twice, or nothing that tells who a lead is."""
    env = batch.env
    used = [column.target for column in batch.column_ids if column.target not in (IGNORE, NOTES, "tags")]
    labels = get_target_labels(env)
    twice = sorted({labels[target] for target in used if used.count(target) > 1})
    if twice:
        raise UserError(env._("Two columns have the same meaning: %s.", ", ".join(twice)))
    if not TELLING[batch.kind] & set(used):
        raise UserError(env._("Say which column holds the name, the email or the phone."))
    fitting = {*NAMES_OF[batch.kind], IGNORE, NOTES}
    wrong = [column.name for column in batch.column_ids if column.target not in fitting]
    if wrong:
        raise UserError(env._("These columns have a meaning of the other kind of file: %s.", ", ".join(wrong)))
