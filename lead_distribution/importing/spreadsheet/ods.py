"""Reading of OpenDocument spreadsheets as a stream. Pure Python with lxml.

Repeated cells and rows are the format's own way to say "a million empty rows": they are
only followed as far as they hold something.
"""

from itertools import islice

from lxml import etree

from .file_guard import MANY_BLANK_ROWS, FileProblem, check_row, problem_of

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


class OdsBook:
    """A spreadsheet of LibreOffice."""

    kind = "ods"
    encoding = separator = None

    def __init__(self, archive, limits):
        self._archive = archive
        self._limits = limits
        self.sheets = [name for name, _row in islice(self._walk(names_only=True), limits.sheets + 1)]
        if not self.sheets:
            raise FileProblem("empty")

    def rows(self, name=None):
        wanted = name if name in self.sheets else self.sheets[0]
        blanks = 0
        for row in (row for sheet, row in self._walk(only=wanted) if sheet == wanted):
            while row and not row[-1]:
                row.pop()
            blanks = 0 if row else blanks + 1
            if blanks > MANY_BLANK_ROWS:
                return
            yield check_row(row, self._limits)

    def _walk(self, names_only=False, only=None):
        """Yield (sheet, row) of all sheets, or (sheet, None) once a sheet."""
        sheet = None
        try:
            with self._archive.open("content.xml") as stream:
                events = etree.iterparse(
                    stream, events=("start", "end"), tag=(f"{TABLE}table", f"{TABLE}table-row"),
                    resolve_entities=False, no_network=True, huge_tree=False,
                )  # fmt: skip
                for event, node in events:
                    if node.tag == f"{TABLE}table":
                        if event == "start":
                            sheet = node.get(f"{TABLE}name") or ""
                            if names_only:
                                yield sheet, None
                        node.clear() if event == "end" else None
                    elif event == "end":
                        if not names_only and (only is None or sheet == only):
                            yield from ((sheet, list(row)) for row in self._read_row(node))
                        _forget(node)
        except FileProblem:
            raise
        except Exception as error:
            raise problem_of(error) from error

    def _read_row(self, node):
        row = []
        for cell in node:
            if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                continue
            value = _read_cell(cell)
            times = _count(cell, "number-columns-repeated")
            if not value:
                times = min(times, self._limits.columns + 1 - len(row)) if len(row) <= self._limits.columns else 0
            row.extend([value] * min(times, self._limits.columns + 1))
            if value and len(row) > self._limits.columns:
                raise FileProblem("too_wide", count=len(row), limit=self._limits.columns)
        row = row[: self._limits.columns]
        times = _count(node, "number-rows-repeated")
        limit = self._limits.rows + 100 if any(row) else MANY_BLANK_ROWS + 1
        return (row for _time in range(min(times, limit)))


def _read_cell(cell):
    """Return the text of a cell: what it holds, not what its formula would give now."""
    kind = cell.get(f"{OFFICE}value-type")
    if kind in ("float", "percentage", "currency"):
        return _number(cell.get(f"{OFFICE}value") or "")
    if kind == "date":
        value = cell.get(f"{OFFICE}date-value") or ""
        return value[:10] if value[10:] in ("", "T00:00:00") else value[:19].replace("T", " ")
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value") or ""
    paragraphs = cell.findall(f"{TEXT}p")
    return "\n".join("".join(_texts(paragraph)) for paragraph in paragraphs)


def _texts(node):
    """Yield the texts of a paragraph; runs of blanks are written as elements."""
    yield node.text or ""
    for child in node:
        if child.tag == f"{TEXT}s":
            yield " " * min(100, _count(child, "c", TEXT))
        elif child.tag in (f"{TEXT}tab", f"{TEXT}line-break"):
            yield " "
        elif isinstance(child.tag, str):
            yield from _texts(child)
        yield child.tail or ""


def _number(text):
    try:
        value = float(text)
    except ValueError:
        return text
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else text


def _count(node, name, space=TABLE):
    text = node.get(f"{space}{name}") or "1"
    return int(text) if text.isdecimal() and len(text) < 10 else 1


def _forget(node):
    """Free what was read; otherwise the whole tree stays in memory."""
    node.clear()
    while node.getprevious() is not None:
        del node.getparent()[0]
