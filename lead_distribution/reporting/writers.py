"""Writes a report as CSV, JSON or Excel; ``html_report`` as HTML. Takes plain values, knows nothing of Odoo.

All formats are written from one ``Document``, so they tell the same numbers; only JSON is the
report's data itself.
"""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import xlsxwriter

from ..tools.safe_export import guard
from .html_report import render_page

MIMETYPES = {
    "csv": "text/csv;charset=utf-8",
    "json": "application/json",
    "html": "text/html;charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


class Chart(NamedTuple):
    """Columns to be drawn, one a label: numbers on top of each other."""

    labels: list
    series: list  # (name, numbers)


class Interval(NamedTuple):
    """Between what a number lies, to be drawn beside others."""

    key: str  # "a", "b" or "difference"
    name: str
    low: float | None
    middle: float
    high: float | None
    text: str
    around_zero: bool = False


@dataclass
class Table:
    title: str
    header: list
    rows: list
    bars: tuple = ()  # numbers of the columns that are drawn as a bar beside the row, where there is room
    chart: Chart | None = None  # drawn above the table
    intervals: list = field(default_factory=list)  # of Interval, drawn above the table


def write_number(value, digits=None):
    """Return a number as English has it.

    :param digits: decimals; None: those it has
    """
    return f"{value:,}" if digits is None else f"{value:,.{digits}f}"


@dataclass
class Document:
    """A report to be read: a title, single figures, tables, and the data it was made from."""

    title: str
    subtitle: str
    facts: list  # (label, value)
    tables: list = field(default_factory=list)
    data: dict = field(default_factory=dict)
    number: Callable = write_number  # puts a number as people read it
    statement: str = ""  # what the report comes to, in a sentence
    made: str = ""  # by whom and when, in words; stands below it all
    maker: str = ""  # name of that person
    lang: str = "en"  # as pages name languages

    def count_rows(self):
        """Return how many rows its tables have together."""
        return sum(len(table.rows) for table in self.tables)


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
    yield [document.statement] if document.statement else []
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
        book.set_properties({"author": document.maker, "comments": document.made})
        bold = book.add_format({"bold": True, "bg_color": "#f1f3f5", "border": 1})
        head = book.add_format({"bold": True, "font_size": 14})
        first = book.add_worksheet(_get_sheet_name(document.title, book))
        first.set_column(0, 0, 36)
        first.set_column(1, 1, 24)
        first.write_string(0, 0, safe_cell(document.title), head)
        first.write_string(1, 0, safe_cell(document.subtitle))
        first.write_string(2, 0, safe_cell(document.statement))
        _write_rows(first, document.facts, 3)
        for table in document.tables:
            sheet = book.add_worksheet(_get_sheet_name(table.title, book))
            _write_rows(sheet, [table.header], 0, bold)
            _write_rows(sheet, table.rows, 1)
            sheet.set_column(0, 0, 28)
            sheet.set_column(1, max(1, len(table.header) - 1), 14)
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, max(1, len(table.rows)), max(0, len(table.header) - 1))
        for sheet in book.worksheets():
            sheet.set_footer(f"&L{_get_footer(document.made)}&R&P / &N")
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


def _get_footer(text):
    """Return a text as Excel takes it below a printed page: & begins a code there."""
    return text.replace("&", "&&")[:200]


def _write_html(document):
    return render_page(document).encode()


WRITERS = {"csv": write_csv, "json": write_json, "html": _write_html, "xlsx": write_xlsx}
