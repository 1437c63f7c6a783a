# pylint: disable=prefer-env-translation
"""Reading an uploaded file, in a process of its own; what is wrong with it is told in words."""

import base64
import contextlib

from odoo.exceptions import UserError

from ..tools.storable import storable
from .column_guess import first_rows
from .limits import get_limit
from .spreadsheet.file_guard import MIB, FileProblem, Limits
from .spreadsheet.process import Book

SAMPLE_ROWS = 200  # rows looked at to guess the columns


def get_file_limits(env):
    """Return how large a file may be, and what reading it may cost."""
    return Limits(
        rows=get_limit(env, "max_rows"),
        columns=get_limit(env, "max_columns"),
        file_bytes=get_limit(env, "max_mib") * MIB,
        seconds=get_limit(env, "max_seconds"),
        memory_bytes=get_limit(env, "max_memory_mib") * MIB,
    )


@contextlib.contextmanager
def open_book(batch, start=0):
    """Open the file of an import, and end the process that reads it afterwards.

    :param start: the last row number that is not wanted any more
    :raise UserError: what is wrong with the file
    """
    data = base64.b64decode(batch.with_context(bin_size=False).file or b"")
    limits = get_file_limits(batch.env)
    try:
        with Book(data, limits, batch.encoding, batch.separator, batch.sheet_id.name, start) as book:
            yield book
    except FileProblem as problem:
        raise refuse_file(problem, batch.env) from problem


def read_rows(batch, start=0):
    """Yield (row number as a spreadsheet counts, cells) of the chosen sheet, blank rows left out."""
    with open_book(batch, start) as book:
        yield from book.rows()


def read_body(batch, start=0):
    """Yield the rows under the names of the columns, those up to ``start`` left out."""
    return read_rows(batch, max(start, batch.header_row))


def take_first(rows):
    """Return the rows that are looked at to find the header and to guess the columns."""
    return [(number, [storable(cell) for cell in cells]) for number, cells in first_rows(rows, SAMPLE_ROWS)]


def read_first_rows(batch):
    """Return the first rows of the chosen sheet.

    :raise UserError: when there is none
    """
    with contextlib.closing(read_rows(batch)) as found:
        rows = take_first(found)
    if not rows:
        raise refuse_file(FileProblem("empty"), batch.env)
    return rows


def refuse_file(problem, env):
    """Return the error that tells a problem of the file."""
    return UserError(describe_file_problem(problem, env))


def describe_file_problem(problem, env):
    """Return what is wrong with a file, in words."""
    _, values, limits = env._, problem.values, get_file_limits(env)
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
        "strict": _("The workbook is saved as “Strict Open XML”. Save it as “Excel Workbook (.xlsx)”."),
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
