"""Reading of old workbooks. Pure Python with xlrd."""

import contextlib

import xlrd

from .cells import to_text, trimmed
from .file_guard import FileProblem, problem_of


class XlsBook:
    """A workbook of Excel 97 to 2003; at most 65,536 rows, read at once."""

    kind = "xls"
    encoding = separator = None

    def __init__(self, data, limits):
        self._limits = limits
        try:
            with open("/dev/null", "w") as nowhere, contextlib.redirect_stdout(nowhere):
                self._book = xlrd.open_workbook(file_contents=data, logfile=nowhere, on_demand=True)
        except xlrd.XLRDError as error:
            raise FileProblem("password" if "encrypted" in str(error) else "broken") from error
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
