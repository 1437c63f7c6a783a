"""Workbooks of Excel 97 to 2003: good ones, damaged record by record."""

import io
import struct

import xlwt

from .case import add_case, hostile, read, refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECTOR = 512
BOF, EOF, SST, LABEL_SST, DIMENSIONS, BOUND_SHEET, FILE_PASS, NUMBER, CONTINUE = (
    0x0809, 0x0A, 0xFC, 0xFD, 0x200, 0x85, 0x2F, 0x203, 0x3C)  # fmt: skip


def xls(*rows, sheets=("Sheet",), change=None, **options):
    book = xlwt.Workbook()
    for name in sheets:
        sheet = book.add_sheet(name)
        for number, row in enumerate((("Name", "E-mail"), ("Ann", "ann@x.example"), *rows)):
            for column, value in enumerate(row):
                style, value = value if isinstance(value, tuple) else (xlwt.Style.default_style, value)
                sheet.write(number, column, value, style)
    if change:
        change(book)
    for name, value in options.items():
        setattr(book, name, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def records(data):
    """Yield (kind, place, length) of the records of the workbook, which begins behind the first sector."""
    place = SECTOR
    while place + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, place)
        if not kind:
            return
        yield kind, place, length
        place += 4 + length


def find(data, wanted, number=0):
    return [place for kind, place, _length in records(data) if kind == wanted][number]


def poke(data, place, form, *values):
    data = bytearray(data)
    struct.pack_into(form, data, place, *values)
    return bytes(data)


def change_record(wanted, offset, form, *values, number=0):
    data = xls()
    return poke(data, find(data, wanted, number) + 4 + offset, form, *values)


DATE = xlwt.easyxf(num_format_str="YYYY-MM-DD")
TIME = xlwt.easyxf(num_format_str="HH:MM")
GOOD = xls()

VALUES = {
    "a_date_after_the_last_day": ((DATE, 1e12), read(2)),
    "a_date_before_the_first_day": ((DATE, -5), read(2)),
    "a_day_that_never_was": ((DATE, 60), read(2)),
    "a_time_without_a_day": ((TIME, 0.25), read(2)),
    "a_number_as_large_as_there_is": (1.7e308, read(2)),
    "a_truth_value": (True, read(2)),
    "a_formula_without_a_saved_value": (xlwt.Formula('HYPERLINK("http://x.example";"Bob")'), read(2)),
    "a_text_that_looks_like_a_command": ("=cmd|' /C calc'!A0", read(2)),
    "a_text_of_thirty_thousand_characters": ("x" * 32_000, read(2)),
    "a_name_that_is_turned_round_by_an_invisible_sign": ("\u202egnp.exe", read(2)),
}
for name, (value, outcome) in VALUES.items():
    add_case("xls", name, outcome, xls(("Bob", value)))


@hostile("xls", read(2))
def a_cell_with_an_error():
    data = xls(("Bob", True))
    return poke(data, find(data, 0x205) + 4 + 6, "<BB", 0x17, 1)


@hostile("xls", read(2))
def a_cell_with_an_error_that_does_not_exist():
    data = xls(("Bob", True))
    return poke(data, find(data, 0x205) + 4 + 6, "<BB", 0xEE, 1)


@hostile("xls", read(2))
def a_number_that_is_none():
    data = xls(("Bob", 1.23456789))
    return data.replace(struct.pack("<d", 1.23456789), struct.pack("<d", float("nan")))


add_case(
    "xls",
    "days_counted_from_1904",
    read(2),
    xls(("Bob", (DATE, 40_000)), change=lambda book: setattr(book, "dates_1904", True)),
)
add_case("xls", "a_hidden_sheet_only", read(1), poke(GOOD, find(GOOD, BOUND_SHEET) + 8, "<B", 2))
add_case("xls", "two_hundred_and_sixty_sheets", refused("many_sheets"), xls(sheets=[f"S{n}" for n in range(260)]))
add_case(
    "xls",
    "a_sheet_beyond_the_end_of_the_file",
    refused("broken"),
    poke(GOOD, find(GOOD, BOUND_SHEET) + 4, "<L", 2**31 - 1),
)
add_case("xls", "a_sheet_that_begins_in_itself", refused("broken"), poke(GOOD, find(GOOD, BOUND_SHEET) + 4, "<L", 0))
add_case("xls", "a_sheet_that_is_a_chart", refused("empty"), poke(GOOD, find(GOOD, BOUND_SHEET) + 9, "<B", 2))
add_case("xls", "a_sheet_of_macros", refused("empty"), poke(GOOD, find(GOOD, BOUND_SHEET) + 9, "<B", 1))
add_case("xls", "dimensions_of_all_rows_there_are", read(1), poke(GOOD, find(GOOD, DIMENSIONS) + 8, "<L", 0xFFFFFFFF))
add_case("xls", "a_cell_at_row_65535", read(1), poke(GOOD, find(GOOD, LABEL_SST, 3) + 4, "<H", 0xFFFF))
add_case("xls", "a_cell_at_column_65535", refused("broken"), poke(GOOD, find(GOOD, LABEL_SST, 3) + 6, "<H", 0xFFFF))
add_case(
    "xls",
    "a_shared_string_out_of_range",
    refused("broken"),
    poke(GOOD, find(GOOD, LABEL_SST, 3) + 10, "<L", 0x7FFFFFFF),
)
add_case(
    "xls",
    "shared_strings_that_claim_four_billion",
    refused("broken"),
    poke(GOOD, find(GOOD, SST) + 8, "<L", 0xFFFFFFFF),
)
add_case(
    "xls", "a_shared_string_longer_than_its_record", refused("broken"), poke(GOOD, find(GOOD, SST) + 12, "<H", 0xFFFF)
)
add_case("xls", "a_record_longer_than_the_file", refused("broken"), poke(GOOD, find(GOOD, SST) + 2, "<H", 0xFFFF))
add_case("xls", "a_version_that_does_not_exist", refused("broken"), poke(GOOD, SECTOR + 4, "<H", 0x9999))
add_case(
    "xls",
    "a_password",
    refused("password"),
    poke(GOOD, [p for _k, p, n in records(GOOD) if n >= 6][1], "<H", FILE_PASS),
)
add_case(
    "xls",
    "a_workbook_of_2007_with_a_password",
    refused("password"),
    OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
    "leads.xlsx",
)
add_case(
    "xls", "macros_in_visual_basic", refused("macros"), GOOD + "_VBA_PROJECT_CUR".encode("utf-16-le") + b"\0" * 480
)
add_case(
    "xls",
    "a_text_document",
    refused("broken"),
    OLE + GOOD[8:].replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")),
    "leads.doc",
)
add_case("xls", "sectors_in_a_circle", refused("broken"), poke(GOOD, 76, "<L", 0))
add_case("xls", "a_directory_beyond_the_end_of_the_file", refused("broken"), poke(GOOD, 48, "<L", 0x7FFFFFF0))
add_case("xls", "sectors_of_two_to_the_power_of_60000", read(1), poke(GOOD, 30, "<H", 60_000))
add_case("xls", "a_table_of_sectors_with_a_billion_entries", read(1), poke(GOOD, 44, "<L", 10**9))
add_case("xls", "cut_off_in_the_middle", refused("broken"), GOOD[: len(GOOD) // 2])
add_case("xls", "only_the_first_eight_bytes", refused("broken"), OLE)
add_case("xls", "nothing_but_zeros_behind_the_first_bytes", refused("broken"), OLE + b"\0" * 5_000)
add_case(
    "xls",
    "a_workbook_of_1990",
    refused("unknown"),
    b"\x09\x02\x06\x00\x00\x00\x10\x00"
    + b"\x04\x02\x0a\x00\x00\x00\x00\x00\x00\x00\x02\x00Ab"
    + b"\x0a\x00\x00\x00"
    + b"\0" * 100,
)
add_case(
    "xls",
    "a_web_page_that_is_called_a_workbook",
    refused("web_page"),
    b"<html><table><tr><td>Name</td></tr><tr><td>Ann</td></tr></table></html>",
)
add_case(
    "xls",
    "xml_that_is_called_a_workbook",
    refused("web_page"),
    b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
)
