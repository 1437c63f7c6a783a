"""Writes a report as CSV, JSON, HTML or Excel. Takes plain values, knows nothing of Odoo.

All formats are written from one ``Document``, so they tell the same numbers; only JSON is the
report's data itself.
"""

import csv
import io
import json
from dataclasses import dataclass, field

import xlsxwriter
from markupsafe import Markup, escape

from ..tools.safe_export import guard

MIMETYPES = {
    "csv": "text/csv;charset=utf-8",
    "json": "application/json",
    "html": "text/html;charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
CELL = "padding:4px 10px;border-bottom:1px solid #d8dadd;"
PAGE = Markup(
    "<!DOCTYPE html><html><head><meta charset='utf-8'/>"
    "<meta name='viewport' content='width=device-width, initial-scale=1'/><title>%s</title></head>"
    "<body style='margin:24px;font-family:sans-serif;color:#111827;'>%s</body></html>"
)


@dataclass
class Table:
    title: str
    header: list
    rows: list


@dataclass
class Document:
    """A report to be read: a title, single figures, tables, and the data it was made from."""

    title: str
    subtitle: str
    facts: list  # (label, value)
    tables: list = field(default_factory=list)
    data: dict = field(default_factory=dict)


def safe_cell(value):
    """Return a value that no spreadsheet takes for a formula; numbers stay numbers.

    >>> safe_cell("=1+1"), safe_cell(-5), safe_cell("Ann"), safe_cell(None)
    ("'=1+1", -5, 'Ann', '')
    """
    if value is None or value is False:
        return ""
    if isinstance(value, (int, float)):
        return value
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
    return guard(text)


def write(document, format_name):
    """Return the document as the bytes of a file."""
    return WRITERS[format_name](document)


def write_json(document):
    return json.dumps(document.data, ensure_ascii=False, indent=2).encode()


def write_csv(document):
    """Blocks one under the other: the figures, then each table under its title."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in _get_blocks(document):
        writer.writerow([safe_cell(value) for value in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()  # the mark makes Excel read UTF-8


def _get_blocks(document):
    yield [document.title]
    yield [document.subtitle]
    yield []
    yield from document.facts
    for table in document.tables:
        yield []
        yield [table.title]
        yield table.header
        yield from table.rows


def write_xlsx(document):
    """The figures on the first sheet, each table on its own."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#f1f3f5", "border": 1})
        head = book.add_format({"bold": True, "font_size": 14})
        first = book.add_worksheet(_get_sheet_name(document.title, book))
        first.set_column(0, 0, 36)
        first.set_column(1, 1, 24)
        first.write_string(0, 0, safe_cell(document.title), head)
        first.write_string(1, 0, safe_cell(document.subtitle))
        _write_rows(first, document.facts, 3)
        for table in document.tables:
            sheet = book.add_worksheet(_get_sheet_name(table.title, book))
            _write_rows(sheet, [table.header], 0, bold)
            _write_rows(sheet, table.rows, 1)
            sheet.set_column(0, 0, 28)
            sheet.set_column(1, max(1, len(table.header) - 1), 14)
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, max(1, len(table.rows)), max(0, len(table.header) - 1))
    return buffer.getvalue()


def _write_rows(sheet, rows, start, style=None):
    for number, row in enumerate(rows, start):
        for column, value in enumerate(row):
            cell = safe_cell(value)
            if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                sheet.write_number(number, column, cell, style)
            else:
                sheet.write_string(number, column, str(cell), style)


def _get_sheet_name(title, book):
    """Return a name that Excel takes: 31 characters, none of []:*?/\\ and no name twice."""
    name = "".join(" " if char in "[]:*?/\\'" else char for char in title)[:28].strip() or "-"
    used = {sheet.get_name().lower() for sheet in book.worksheets()}
    return name if name.lower() not in used else f"{name} {len(used)}"


def write_html(document):
    return str(PAGE % (document.title, render_body(document))).encode()


def render_body(document):
    """Return the document as a piece of HTML with its styles inside, as e-mails need it."""
    facts = Markup("").join(
        Markup("<tr><td style='%s'>%s</td><td style='%stext-align:right;font-weight:bold;'>%s</td></tr>")
        % (CELL, label, CELL, _format(value))
        for label, value in document.facts
    )
    tables = Markup("").join(map(_render_table, document.tables))
    return Markup(
        "<h2 style='margin:0 0 4px;'>%s</h2><p style='margin:0 0 16px;opacity:.7;'>%s</p>"
        "<table style='border-collapse:collapse;margin-bottom:16px;'>%s</table>%s"
    ) % (document.title, document.subtitle, facts, tables)


def _render_table(table):
    header = Markup("").join(
        Markup("<th style='%stext-align:%s;'>%s</th>") % (CELL, _align(table, column), name)
        for column, name in enumerate(table.header)
    )
    rows = Markup("").join(Markup("<tr>%s</tr>") % Markup("").join(map(_render_cell, row)) for row in table.rows)
    rows = rows or Markup("<tr><td style='%s' colspan='%s'>–</td></tr>") % (CELL, len(table.header))
    return Markup(
        "<h3 style='margin:16px 0 4px;'>%s</h3><div style='overflow-x:auto;'>"
        "<table style='border-collapse:collapse;'><thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>"
    ) % (table.title, header, rows)


def _align(table, column):
    """A header stands over its column: numbers are flush right."""
    return "right" if table.rows and isinstance(table.rows[0][column], (int, float)) else "left"


def _render_cell(value):
    align = "right" if isinstance(value, (int, float)) else "left"
    return Markup("<td style='%stext-align:%s;'>%s</td>") % (CELL, align, _format(value))


def _format(value):
    """Return a value as people read it: thousands set apart, text escaped."""
    if value is None or value is False:
        return ""
    if isinstance(value, (int, float)):
        return f"{value:,}"
    return escape(value)


WRITERS = {"csv": write_csv, "json": write_json, "html": write_html, "xlsx": write_xlsx}
