"""Reading of workbooks as a stream. Pure Python with openpyxl, which knows their parts, and lxml for the rows."""

import openpyxl
from lxml import etree
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import ROW_TAG, VALUE_TAG, WorkSheetParser

from .cells import to_text, trimmed
from .file_guard import MANY_BLANK_ROWS, FileProblem, problem_of

STRICT = b"purl.oclc.org/ooxml"  # a dialect with other names for everything, which openpyxl does not read

# openpyxl asks each sheet for its size when the book is opened, and goes through all of one that does not tell it; here
# nobody needs it. This module lives in the process that reads one file, so no other program's openpyxl is changed.
ReadOnlyWorksheet._get_size = lambda self: None


class XlsxBook:
    """A workbook of Excel 2007 or later, read as a stream; hidden sheets come last."""

    kind = "xlsx"
    encoding = separator = None

    def __init__(self, archive, limits):
        self._archive, self._limits = archive, limits
        try:
            if STRICT in archive.read("xl/workbook.xml"):
                raise FileProblem("strict")
            self._book = openpyxl.load_workbook(archive.fp, read_only=True, data_only=True)
        except FileProblem:
            raise
        except Exception as error:  # whatever a broken file makes of a parser
            raise problem_of(error) from error
        sheets = [sheet for sheet in self._book.worksheets if hasattr(sheet, "reset_dimensions")]
        sheets.sort(key=lambda sheet: sheet.sheet_state != "visible")
        self._sheets = {sheet.title: sheet for sheet in sheets}
        self.sheets = list(self._sheets)
        if not self.sheets:
            raise FileProblem("empty")

    def rows(self, name=None):
        return trimmed(self._read(self._sheets.get(name) or self._sheets[self.sheets[0]]), self._limits)

    def _read(self, sheet):
        """Yield the rows of a sheet, those that are missing as empty ones; what it claims of its size may be a lie."""
        last = 0
        try:
            with self._archive.open(sheet._worksheet_path) as source:
                for number, cells in _Parser(sheet, source).parse():
                    if number <= last:
                        raise FileProblem("broken")  # openpyxl would leave such rows out without a word
                    yield from ([] for _blank in range(min(number - last - 1, MANY_BLANK_ROWS + 1)))
                    last = number
                    yield _lay_out(cells)
        except FileProblem:
            raise
        except Exception as error:
            raise problem_of(error) from error


def _lay_out(cells):
    """Return the texts of a row, each in its column, in whatever order they came."""
    row = [""] * max((cell["column"] for cell in cells), default=0)
    for cell in cells:
        value = cell["value"]
        row[cell["column"] - 1] = value if type(value) is str else to_text(value)
    return row


class _Parser(WorkSheetParser):
    """Looks at nothing but rows, and keeps the text of a cell whose value is not what the cell says it is."""

    def __init__(self, sheet, source):
        book = sheet.parent
        super().__init__(
            source, sheet._shared_strings, data_only=True, epoch=book.epoch, date_formats=book._date_formats
        )

    def parse(self):
        rows = etree.iterparse(self.source, tag=ROW_TAG, resolve_entities=False, no_network=True, huge_tree=False)
        for _event, element in rows:
            yield self.parse_row(element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]

    def parse_cell(self, element):
        try:
            return super().parse_cell(element)
        except ValueError:
            value = element.findtext(VALUE_TAG)
            if value is None or element.get("t", "n") not in ("n", "b", "d"):
                raise
            return {"column": self.col_counter, "value": value}
