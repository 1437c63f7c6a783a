"""Reading spreadsheets: xlsx, xls, ods and text, row by row, whatever the file claims to be.

Pure Python with the libraries Odoo itself needs (openpyxl, xlrd, lxml, chardet). Rows are
lists of texts. Values of formulas are taken as they were saved, nothing is ever evaluated.
"""

import contextlib
from datetime import date, datetime, time
from importlib import import_module

from .file_guard import MANY_BLANK_ROWS, OLE, FileProblem, Limits, check_row, check_size, open_zip, problem_of
from .ods import OdsBook
from .text_files import TextBook

PICTURES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc", b"\x1f\x8b", b"MZ", b"\x7fELF")


def open_book(data, limits=None, encoding=None, separator=None):
    """Return a book with ``sheets`` (names) and ``rows(sheet)``, found by content, not by name.

    :raise FileProblem: for everything that cannot or should not be read
    """
    limits = limits or Limits()
    check_size(data, limits)
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        archive = open_zip(data, limits)
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return XlsxBook(archive, limits)
        if "content.xml" in names:
            return OdsBook(archive, limits)
        raise FileProblem("unknown")
    if data[:8] == OLE:
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise FileProblem("password")
        return XlsBook(data, limits)
    if data.startswith(PICTURES):
        raise FileProblem("unknown")
    return TextBook(data, limits, encoding, separator)


def import_libraries():
    """Import what reading may need, so that no limit of memory counts it."""
    for name in ("chardet", "lxml.etree", "openpyxl", "xlrd"):
        import_module(name)


def to_text(value):
    """Return the text of a cell's value: whole numbers without a point, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def trimmed(rows, limits):
    """Yield rows without empty cells at their end, and stop where only blank rows are left."""
    blanks = 0
    for row in rows:
        while row and not row[-1]:
            row.pop()
        blanks = 0 if row else blanks + 1
        if blanks > MANY_BLANK_ROWS:
            return
        yield check_row(row, limits)


class XlsxBook:
    """A workbook of Excel 2007 or later, read as a stream; hidden sheets come last."""

    kind = "xlsx"
    encoding = separator = None

    def __init__(self, archive, limits):
        import openpyxl

        self._limits = limits
        try:
            self._book = openpyxl.load_workbook(archive.fp, read_only=True, data_only=True)
        except Exception as error:  # whatever a broken file makes of a parser
            raise problem_of(error) from error
        sheets = [sheet for sheet in self._book.worksheets if hasattr(sheet, "reset_dimensions")]
        sheets.sort(key=lambda sheet: sheet.sheet_state != "visible")
        self._sheets = {sheet.title: sheet for sheet in sheets}
        self.sheets = list(self._sheets)
        if not self.sheets:
            raise FileProblem("empty")

    def rows(self, name=None):
        sheet = self._sheets.get(name) or self._sheets[self.sheets[0]]
        sheet.reset_dimensions()  # what the sheet claims to be may be a lie
        return trimmed(self._read(sheet), self._limits)

    def _read(self, sheet):
        rows = sheet.iter_rows(values_only=True)
        while True:
            try:
                row = next(rows, None)
            except Exception as error:
                raise problem_of(error) from error
            if row is None:
                return
            yield [value if type(value) is str else to_text(value) for value in row]


class XlsBook:
    """A workbook of Excel 97 to 2003; at most 65,536 rows, read at once."""

    kind = "xls"
    encoding = separator = None

    def __init__(self, data, limits):
        import xlrd

        self._limits = limits
        try:
            with open("/dev/null", "w") as nowhere, contextlib.redirect_stdout(nowhere):
                self._book = xlrd.open_workbook(file_contents=data, logfile=nowhere, on_demand=True)
        except Exception as error:
            raise problem_of(error) from error
        self.sheets = self._book.sheet_names()
        if not self.sheets:
            raise FileProblem("empty")

    def rows(self, name=None):
        try:
            sheet = self._book.sheet_by_name(name if name in self.sheets else self.sheets[0])
            rows = ([self._value(cell) for cell in sheet.row(number)] for number in range(sheet.nrows))
            yield from trimmed(rows, self._limits)
        except FileProblem:
            raise
        except Exception as error:
            raise problem_of(error) from error

    def _value(self, cell):
        import xlrd

        if cell.ctype == xlrd.XL_CELL_DATE:
            try:
                moment = xlrd.xldate_as_datetime(cell.value, self._book.datemode)
                return to_text(moment.time() if 0 <= cell.value < 1 else moment)
            except (ValueError, OverflowError, xlrd.xldate.XLDateError):
                return to_text(cell.value)
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return ""
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return to_text(bool(cell.value))
        return to_text(cell.value)


__all__ = ["FileProblem", "Limits", "import_libraries", "open_book", "to_text"]
