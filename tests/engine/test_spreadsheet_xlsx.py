"""Our reader of workbooks understands every cell as openpyxl does."""

import io
from datetime import date, datetime, time

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from test_spreadsheet import TABLE, problem, rows, save, sheet_part, with_parts, xlsx
from tools.cell_text import to_text
from tools.spreadsheet import open_book

TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)
NUMBERS = st.one_of(st.integers(-(10**16), 10**16), st.floats(allow_nan=False, allow_infinity=False, width=32))
DAYS = st.dates(date(1900, 3, 2), date(2099, 1, 1))
MOMENTS = st.datetimes(datetime(1900, 3, 2), datetime(2099, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
CELLS = st.one_of(st.none(), TEXTS, NUMBERS, st.booleans(), DAYS, MOMENTS, st.just(time(9, 30)))
TABLES = st.lists(st.lists(CELLS, max_size=6), min_size=1, max_size=8)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def by_openpyxl(data):
    """Return the rows as openpyxl reads them, without what is empty at the ends."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
    sheet.reset_dimensions()
    table = [[to_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    for row in table:
        while row and not row[-1]:
            row.pop()
    return [row for row in table if row]


def written(table, write_only=False):
    book = openpyxl.Workbook(write_only=write_only)
    sheet = book.create_sheet("People", 0)
    for row in table:
        sheet.append(row)
    return save(book)


def written_by_another(table, **options):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yy hh:mm", "strings_to_urls": False,
                                     "strings_to_formulas": False, **options})  # fmt: skip
    sheet = book.add_worksheet("People")
    for number, row in enumerate(table):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(table=TABLES, write_only=st.booleans())
def test_what_openpyxl_writes_is_read_as_openpyxl_reads_it(table, write_only):
    data = written([[value if not str(value).startswith("=") else "x" for value in row] for row in table], write_only)
    assert rows(data) == by_openpyxl(data)


@settings(max_examples=60, deadline=None)
@given(table=TABLES, inline=st.booleans(), old=st.booleans())
def test_what_another_program_writes_is_read_as_openpyxl_reads_it(table, inline, old):
    data = written_by_another(table, constant_memory=inline, date_1904=old and _is_after_1904(table))
    assert rows(data) == by_openpyxl(data)


def _is_after_1904(table):
    return all(cell.year > 1904 for row in table for cell in row if isinstance(cell, date))


def one(cells, number=1):
    return f'<row r="{number}">{cells}</row>'


BODIES = {
    "rich text": one('<c r="A1" t="inlineStr"><is><r><t>Ann </t></r><r><rPr><b/></rPr><t>Lee</t></r></is></c>'),
    "how it sounds": one('<c r="A1" t="inlineStr"><is><t>東</t><rPh sb="0" eb="1"><t>ヒガシ</t></rPh></is></c>'),
    "no places": '<row><c><v>1</v></c><c t="str"><v>b</v></c></row><row><c><v>2</v></c></row>',
    "gaps": one('<c r="B2"><v>1</v></c><c r="E2"><v>2</v></c>', 2) + one('<c r="A5"><v>3</v></c>', 5),
    "a row twice": "".join(one(f'<c r="A{n}"><v>{v}</v></c>', n) for n, v in ((2, 1), (2, 2), (1, 3))),
    "a cell twice": one('<c r="B1"><v>1</v></c><c r="A1"><v>2</v></c><c r="B1"><v>3</v></c>'),
    "errors": one('<c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="b"><v>0</v></c>'),
    "ISO dates": one('<c r="A1" t="d"><v>2026-03-01</v></c><c r="B1" t="d"><v>2026-03-01T10:30:00</v></c>'),
    "numbers": one("".join(f'<c r="{c}1"><v>{v}</v></c>' for c, v in [("A", "007"), ("B", "1E3"), ("C", "0.1")])),
    "formula": one('<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>NOW()</f></c><c r="C1" t="str"><f>A1</f><v/></c>'),
    "empty": '<row r="1"/>' + one('<c r="A2"/><c r="B2" s="0"><v>1</v></c>', 2),
    "line breaks": one('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a\n b </t></is></c>'),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_cells_that_programs_write_seldom_are_read_as_openpyxl_reads_them(body):
    data = xlsx(TABLE, xl__worksheets__sheet1_dot_xml=sheet_part(body))
    assert rows(data) == by_openpyxl(data)


def test_elements_with_a_prefix_and_the_strict_namespace_are_read():
    body = '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>Ann</x:t></x:is></x:c></x:row>'
    for space in (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"):
        part = f'<x:worksheet xmlns:x="{space}"><x:sheetData>{body}</x:sheetData></x:worksheet>'
        assert rows(xlsx(TABLE, xl__worksheets__sheet1_dot_xml=part)) == [["Ann"]]


def test_a_date_that_is_none_is_told_as_excel_tells_it():
    book = openpyxl.Workbook()
    book.active.append([date(2026, 3, 1)])
    body = '<row r="1"><c r="A1" s="1"><v>99999999</v></c><c r="B1" s="1"><v>46082</v></c></row>'
    assert rows(with_parts(save(book), xl__worksheets__sheet1_dot_xml=sheet_part(body))) == [["#VALUE!", "2026-03-01"]]


NONSENSE = [
    one('<c r="1"><v>1</v></c>'), one('<c r="AAAAAA1"><v>1</v></c>'), '<row r="x"/>',
    one('<c r="A1" t="s"><v>9999</v></c>'), '<row r="1"><c r="A1">', one('<c r="A1"><v>1,5</v></c>'),
]  # fmt: skip


@pytest.mark.parametrize("body", NONSENSE)
def test_cells_that_make_no_sense_are_a_broken_file(body):
    assert problem(xlsx(TABLE, xl__worksheets__sheet1_dot_xml=sheet_part(body))) == "broken"


@pytest.mark.parametrize("part", ["xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_a_workbook_without_one_of_its_parts_is_refused(part):
    assert problem(with_parts(xlsx(TABLE), drop=[part])) in ("broken", "empty")


def test_sheets_with_charts_only_are_left_out_and_others_keep_their_order():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for name in ("B", "A"):
        book.add_worksheet(name).write(0, 0, name)
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=A!$A$1"})
    book.add_chartsheet("C").set_chart(chart)
    book.close()
    book = open_book(out.getvalue())
    assert (book.sheets, list(book.rows("A"))) == (["B", "A"], [["A"]])
