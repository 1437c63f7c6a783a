"""Files as they come: of every kind, well meant and not."""

import csv
import io
import struct
import zipfile
import zlib
from dataclasses import replace

import openpyxl
import pytest
import xlwt

from lead_distribution.importing.spreadsheet.file_guard import MIB, has_document_type, problem_of
from lead_distribution.importing.spreadsheet.reader import FileProblem, Limits, open_book

TABLE = [["Name", "E-mail", "Phone"], ["Ann Lee", "ann@example.com", "+1 212 555 0100"], ["Bob", "", ""]]
SMALL = Limits(rows=1000, columns=50, file_bytes=5 * MIB, unpacked_bytes=50 * MIB)


def rows(data, limits=SMALL, **options):
    book = open_book(data, limits, **options)
    return [row for row in book.rows(book.sheets[0]) if row]


def problem(data, **options):
    with pytest.raises(FileProblem) as caught:
        rows(data, **options)
    return caught.value.code


def xlsx(table, **parts):
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    return with_parts(save(book), **parts)


def save(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(data, drop=(), **parts):
    """Copy a zip file with some of its parts replaced, added or dropped."""
    if not parts and not drop:
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = {name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()}
        for part in old.infolist():
            if part.filename not in names and part.filename not in drop:
                new.writestr(part, old.read(part))
        for name, text in names.items():
            new.writestr(name, text)
    return out.getvalue()


def sheet_part(body, dimension="A1:B2"):
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="{dimension}"/><sheetData>{body}</sheetData></worksheet>'
    )


def inline(reference, text):
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def ods(body):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr(
            "content.xml",
            '<?xml version="1.0"?><office:document-content '
            'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f"{body}</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def ods_cell(text, **attributes):
    more = " ".join(f'{name.replace("__", ":").replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def text_table(separator=",", encoding="utf-8", table=TABLE):
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(table)
    return out.getvalue().encode(encoding)


# what is read


def test_xlsx_xls_and_csv_give_the_same_rows():
    old = xlwt.Workbook()
    sheet = old.add_sheet("People")
    for number, row in enumerate(TABLE):
        for column, text in enumerate(row):
            sheet.write(number, column, text)
    wanted = [[cell for cell in row if cell] for row in TABLE]
    assert rows(xlsx(TABLE)) == wanted
    assert rows(save(old)) == wanted
    assert rows(text_table()) == wanted


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separator_and_encoding_are_found(separator, encoding):
    table = [["Name", "City"], ["Zoë Müller", "Köln"], ["René", "Orléans"]] * 20
    assert rows(text_table(separator, encoding, table)) == table


def test_an_encoding_can_be_told():
    assert rows("名前,都市\n太郎,東京\n".encode("shift_jis"), encoding="shift_jis") == [
        ["名前", "都市"],
        ["太郎", "東京"],
    ]
    assert problem(b"a,b\n", encoding="klingon") == "encoding"


def test_a_wrong_extension_does_not_matter_because_content_counts():
    assert open_book(xlsx(TABLE)).kind == "xlsx"
    assert open_book(text_table()).kind == "csv"


def test_numbers_dates_and_truth_become_texts_as_people_write_them():
    from datetime import date, datetime

    table = [["n", "d", "t", "b", "f"], [12345.0, date(2026, 3, 1), datetime(2026, 3, 1, 10, 30), True, 1.5]]
    assert rows(xlsx(table))[1] == ["12345", "2026-03-01", "2026-03-01 10:30:00", "true", "1.5"]


def test_values_of_formulas_are_taken_and_never_evaluated():
    body = (
        f'<row r="1">{inline("A1", "Name")}{inline("B1", "Score")}</row>'
        '<row r="2"><c r="A2" t="str"><f>CONCATENATE("A","nn")</f><v>Ann</v></c>'
        '<c r="B2"><f>WEBSERVICE("http://example.com")</f></c></row>'
    )
    data = xlsx(TABLE, xl__worksheets__sheet1_dot_xml=sheet_part(body))
    assert rows(data) == [["Name", "Score"], ["Ann"]]


def test_merged_cells_count_once_and_hidden_sheets_come_last():
    book = openpyxl.Workbook()
    book.active.title, book.active.sheet_state = "Secret", "hidden"
    sheet = book.create_sheet("People")
    for row in TABLE:
        sheet.append(row)
    sheet.insert_rows(1)
    sheet["A1"] = "Leads of March"
    sheet.merge_cells("A1:C1")
    book.active = 1
    opened = open_book(save(book))
    assert opened.sheets == ["People", "Secret"]
    assert next(iter(opened.rows("People"))) == ["Leads of March"]
    assert len(list(opened.rows("People"))) == 4


def test_right_to_left_text_emoji_and_long_texts_survive():
    table = [["الاسم", "שם"], ["محمد علي", "👩‍👩‍👧 שרה"], ["x" * 30_000, "y"]]
    assert rows(xlsx(table)) == table
    assert rows(text_table(table=table)) == table


def test_ods_with_repeated_cells_dates_and_covered_cells():
    spaced = 'Ann<text:s text:c="2"/>Lee'
    body = (
        '<table:table table:name="People"><table:table-row>'
        f"{ods_cell('Name')}{ods_cell('Since')}{ods_cell('Score')}"
        '<table:table-cell table:number-columns-repeated="16381"/></table:table-row>'
        f"<table:table-row>{ods_cell(spaced)}"
        f"{ods_cell('03/01/26', office__value_type='date', office__date_value='2026-03-01')}"
        f"{ods_cell('12', office__value_type='float', office__value='12.0')}</table:table-row>"
        f"<table:table-row>{ods_cell('Same', table__number_columns_repeated='2')}"
        "<table:covered-table-cell/></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell/></table:table-row>'
        "</table:table>"
        '<table:table table:name="Other"><table:table-row><table:table-cell/></table:table-row></table:table>'
    )
    book = open_book(ods(body), SMALL)
    assert (book.kind, book.sheets) == ("ods", ["People", "Other"])
    assert [row for row in book.rows("People") if row] == [
        ["Name", "Since", "Score"], ["Ann  Lee", "2026-03-01", "12"], ["Same", "Same"],
    ]  # fmt: skip


# what is refused


def test_an_empty_file_a_picture_and_a_document_are_refused():
    assert problem(b"") == "empty"
    for start in (b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"MZ\x90\x00"):
        assert problem(start + bytes(range(256)) * 10) == "unknown"
    assert problem(bytes(range(256)) * 100) == "unknown"
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as file:
        file.writestr("word/document.xml", "<w/>")
    assert problem(word.getvalue()) == "unknown"


def test_a_web_page_that_is_called_a_spreadsheet_is_refused():
    assert problem(b"<html><table><tr><td>Ann</td></tr></table></html>") == "web_page"


def test_a_file_that_is_too_large_is_refused_before_it_is_opened():
    assert problem(b"x" * (6 * MIB)) == "too_large"


def test_a_broken_zip_is_refused():
    good = xlsx(TABLE)
    assert problem(good[: len(good) // 2]) == "broken"
    assert problem(b"PK\x03\x04" + b"\0" * 100) == "broken"
    assert problem(xlsx(TABLE, xl__worksheets__sheet1_dot_xml="<worksheet><sheetData><row>")) == "broken"
    assert problem(xlsx(TABLE, xl__workbook_dot_xml="nothing")) == "broken"
    damaged = bytearray(good)
    middle = good.index(b"xl/worksheets/sheet1.xml") + 60
    damaged[middle : middle + 20] = b"\xff" * 20
    assert problem(bytes(damaged)) == "broken"


def test_a_zip_bomb_is_refused_without_unpacking_it():
    limits = replace(SMALL, unpacked_bytes=2 * MIB)
    huge = xlsx(TABLE, xl__worksheets__sheet1_dot_xml=sheet_part("<row/>" * (3 * MIB // 6)))
    assert problem(huge, limits=limits) == "bomb"
    assert len(rows(huge)) < 2, "it is the limit that refuses it"
    assert problem(xlsx(TABLE, xl__sharedStrings_dot_xml=" " * (11 * MIB))) == "bomb"


def test_a_part_that_claims_two_gibibytes_is_refused():
    data = bytearray(xlsx(TABLE))
    entry = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, entry + 24, 2**31)
    assert problem(bytes(data)) == "bomb"


def test_a_part_that_holds_more_than_it_claims_is_cut_off():
    body = zlib.compress(b"x" * MIB)
    assert len(body) < MIB  # it is such parts that are meant
    data = bytearray(xlsx(TABLE, xl__worksheets__sheet1_dot_xml=sheet_part("<row/>" * 10_000)))
    entry = data.index(b"PK\x01\x02", data.rindex(b"xl/worksheets/sheet1.xml") - 60)
    struct.pack_into("<L", data, entry + 24, 100)
    assert problem(bytes(data)) == "broken"


def test_a_sheet_that_claims_all_cells_is_read_for_what_it_holds():
    body = f'<row r="1">{inline("A1", "Name")}{inline("B1", "Mail")}</row><row r="2">{inline("A2", "Ann")}</row>'
    data = xlsx(TABLE, xl__worksheets__sheet1_dot_xml=sheet_part(body, "A1:XFD1048576"))
    assert rows(data) == [["Name", "Mail"], ["Ann"]]
    far = body + f'<row r="1048576">{inline("A1048576", "End")}</row>'
    assert len(rows(xlsx(TABLE, xl__worksheets__sheet1_dot_xml=sheet_part(far, "A1:XFD1048576")))) == 2


def test_fifty_thousand_columns_are_refused():
    assert problem((",".join("x" * 50_000) + "\n").encode()) == "too_wide"
    far = f'<row r="1">{inline("XFD1", "x")}</row>'
    assert problem(xlsx(TABLE, xl__worksheets__sheet1_dot_xml=sheet_part(far))) == "too_wide"
    repeated = ods_cell("x", table__number_columns_repeated="50000")
    assert (
        problem(ods(f'<table:table table:name="A"><table:table-row>{repeated}</table:table-row></table:table>'))
        == "too_wide"
    )


def test_macros_are_refused_whatever_the_extension():
    assert problem(xlsx(TABLE, xl__vbaProject_dot_bin="x")) == "macros"


def test_entities_are_refused():
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    assert problem(xlsx(TABLE, xl__worksheets__sheet1_dot_xml=bomb)) == "entities"
    outside = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    assert problem(xlsx(TABLE, xl__sharedStrings_dot_xml=outside)) == "entities"


def test_entities_are_found_behind_comments_in_other_encodings_and_under_other_names():
    for before in ("", "<!-- <a> -->", "<!--" + "x" * 5000 + "-->", "<?x y?>\n<!-- -->", "<!--" + "x" * 70_000 + "-->"):
        bomb = f'{before}<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
        assert problem(xlsx(TABLE, xl__worksheets__sheet1_dot_xml=bomb)) == "entities", before[:30]
        assert problem(xlsx(TABLE, xl__worksheets__other_dot_bin=bomb)) == "entities", before[:30]
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
            assert has_document_type(bomb.encode(encoding)), encoding


def test_a_password_is_told():
    assert (
        problem(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
        == "password"
    )


def test_a_broken_old_workbook_is_refused():
    assert problem(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) == "broken"


def test_nul_bytes_in_a_text_are_dropped():
    assert rows(b"name,mail\nA\0nn,a@example.com\n") == [["name", "mail"], ["Ann", "a@example.com"]]


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_line():
    data = b'name,mail\nAnn,"a@example.com\n' + b"Bob,b@example.com\n" * 20_000
    with pytest.raises(FileProblem) as caught:
        rows(data)
    assert (caught.value.code, caught.value.values["line"]) == ("quote", 2)


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_rest_of_a_short_file():
    with pytest.raises(FileProblem) as caught:
        rows(b'name,mail\nBob,b@example.com\n"Ann,a@example.com\nCem,c@example.com\n')
    assert (caught.value.code, caught.value.values["line"]) == ("quote", 3)
    assert rows(b'name,note\nAnn,"a\nb"') == [["name", "note"], ["Ann", "a\nb"]]


def test_blank_rows_at_the_end_end_the_sheet():
    data = b"name\nAnn\n" + b",,,\n" * 30_000
    assert rows(data) == [["name"], ["Ann"]]


def test_a_time_of_day_in_an_old_workbook_has_no_day():
    from datetime import time

    old = xlwt.Workbook()
    sheet = old.add_sheet("A")
    sheet.write(0, 0, time(10, 30), xlwt.easyxf(num_format_str="HH:MM"))
    assert rows(save(old)) == [["10:30:00"]]


def test_a_workbook_that_is_packed_as_no_office_program_packs_is_refused():
    good = xlsx(TABLE)
    for packing in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w", packing) as new:
            for part in old.infolist():
                new.writestr(part.filename, old.read(part))
        assert problem(out.getvalue()) == "broken"


def test_a_memory_that_is_not_enough_is_not_called_a_damaged_file():
    assert isinstance(problem_of(MemoryError()), MemoryError)
    assert problem_of(ValueError()).code == "broken"
