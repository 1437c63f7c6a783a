"""Workbooks of Excel 2007 and later: their XML is written by hand, as no program would write it."""

import io
import struct
import warnings
import zipfile

from . import heavy
from .case import add_case, hostile, read, refused

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = (
    f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
)
ROOT_RELS = (
    f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK = (
    f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">%s<sheets>'
    '<sheet name="Sheet" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATION = f'<Relationship Id="rId%s" Type="{OFFICE}/%s" Target="%s"/>'
BOOK_RELS = (
    f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
    + RELATION % (1, "worksheet", "worksheets/sheet1.xml")
    + RELATION % (2, "sharedStrings", "sharedStrings.xml")
    + RELATION % (3, "styles", "styles.xml")
    + "%s</Relationships>"
)
STRINGS = f'<?xml version="1.0"?><sst xmlns="{MAIN}">%s</sst>'
STYLES = f'<?xml version="1.0"?><styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf/><xf numFmtId="14"/></cellXfs></styleSheet>'
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c><c r="B1" t="inlineStr"><is><t>E-mail</t></is></c></row>'
ANN = '<row r="2"><c r="A2" t="inlineStr"><is><t>Ann</t></is></c><c r="B2" t="inlineStr"><is><t>ann@x.example</t></is></c></row>'
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE x [%s]>'
LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def sheet(rows=HEADER + ANN, before="", after=""):
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def cell(place, value, kind="", style=""):
    kind = f' t="{kind}"' if kind else ""
    style = f' s="{style}"' if style else ""
    return f'<c r="{place}"{kind}{style}><v>{value}</v></c>'


def text(place, value):
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def row(number, *cells):
    return f'<row r="{number}">{"".join(cells)}</row>'


def third(*cells):
    """Return a sheet with a third row of these cells."""
    return sheet(HEADER + ANN + row(3, *cells))


def parts(sheet_xml=None, drop=(), **more):
    """Return {name: content} of a workbook; names of ``more`` have ``__`` for ``/`` and ``_dot_`` for a dot."""
    found = {
        "[Content_Types].xml": TYPES, "_rels/.rels": ROOT_RELS, "xl/workbook.xml": BOOK % "",
        "xl/_rels/workbook.xml.rels": BOOK_RELS % "", "xl/sharedStrings.xml": STRINGS % "<si><t>Shared</t></si>",
        "xl/styles.xml": STYLES, "xl/worksheets/sheet1.xml": sheet() if sheet_xml is None else sheet_xml,
    }  # fmt: skip
    found |= {name.replace("__", "/").replace("_dot_", "."): content for name, content in more.items()}
    return {name: content for name, content in found.items() if name not in drop}


def pack(contents, packing=zipfile.ZIP_DEFLATED, comment=b""):
    """Return the bytes of a zip file; ``contents`` are {name: content} or pairs."""
    out = io.BytesIO()
    pairs = contents.items() if isinstance(contents, dict) else contents
    with (
        warnings.catch_warnings(action="ignore"),
        zipfile.ZipFile(out, "w", packing) as archive,
    ):  # a name twice is meant
        for name, content in pairs:
            entry = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            entry.compress_type = packing
            archive.writestr(entry, content)
        archive.comment = comment
    return out.getvalue()


def book(sheet_xml=None, drop=(), **more):
    return pack(parts(sheet_xml, drop, **more))


def patch_entry(data, name, offset, form, value):
    """Change a field in the directory of a zip file: what is claimed of a part."""
    data, place = bytearray(data), -1
    while (place := data.index(b"PK\x01\x02", place + 1)) >= 0:
        length = struct.unpack_from("<H", data, place + 28)[0]
        if data[place + 46 : place + 46 + length] == name.encode():
            struct.pack_into(form, data, place + offset, value)
            return bytes(data)


def _sheets(names, states=None, **more):
    """Return a workbook with several sheets of the same rows."""
    states = states or [""] * len(names)
    tags = "".join(
        f'<sheet name="{name}" sheetId="{n}" {state} r:id="rId{n + 10}"/>'
        for n, (name, state) in enumerate(zip(names, states, strict=True), 1)
    )
    rels = "".join(RELATION % (n + 10, "worksheet", "worksheets/sheet1.xml") for n in range(1, len(names) + 1))
    workbook = f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{tags}</sheets></workbook>'
    return book(xl__workbook_dot_xml=workbook, xl___rels__workbook_dot_xml_dot_rels=BOOK_RELS % rels, **more)


# what unpacks, expands or claims to be far more than it is


@hostile("xlsx", refused("bomb"))
def a_sheet_of_blanks_that_unpacks_to_far_more():
    return book(sheet(HEADER, after=" " * (21 * 2**20)))


@hostile("xlsx", refused("bomb"))
def a_part_that_claims_two_gibibytes():
    return patch_entry(book(), "xl/worksheets/sheet1.xml", 24, "<L", 2**31)


@hostile("xlsx", refused("bomb"))
def shared_strings_that_claim_more_than_may_be_kept_in_memory():
    return patch_entry(book(), "xl/sharedStrings.xml", 24, "<L", 160 * 2**20)


@hostile("xlsx", refused("broken"))
def a_part_that_holds_more_than_it_claims():
    return patch_entry(book(sheet(HEADER + ANN * 500)), "xl/worksheets/sheet1.xml", 24, "<L", 100)


@hostile("xlsx", refused("bomb"))
def three_thousand_and_one_parts():
    return pack({**parts(), **{f"xl/media/{n}.png": "" for n in range(3_000)}})


@hostile("xlsx", refused("unknown"))
def a_zip_in_a_zip_in_a_zip():
    data = book()
    for depth in range(20):
        data = pack({f"{depth}.xlsx": data})
    return data


@hostile("xlsx", refused("broken"))
def parts_that_share_the_same_bytes():
    """As in a bomb of David Fifield's: many entries of the directory point to one part."""
    data = book()
    start = data.index(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    entries, count = data[start:end], struct.unpack_from("<H", data, end + 10)[0]
    tail = bytearray(data[end:])
    struct.pack_into("<HHL", tail, 8, count * 2, count * 2, len(entries) * 2)
    return data[:end] + entries.replace(b"xl/styles.xml", b"xl/stylez.xml") + bytes(tail)


@hostile("xlsx", refused("too_wide"))
def a_row_of_a_hundred_thousand_cells():
    return heavy.row_of_cells(100_000)


@hostile("xlsx", refused("limit"))
def more_styles_than_the_memory_holds():
    return heavy.styles(250_000)


@hostile("xlsx", refused("limit"))
def more_shared_strings_than_the_memory_holds():
    return heavy.shared_strings(1_400_000)


@hostile("xlsx", refused("broken"))
def a_text_of_twelve_megabytes_in_one_cell():
    return heavy.inline_text(12)


@hostile("xlsx", refused("only_header", later=True))
def forty_thousand_names_of_ranges():
    return heavy.defined_names(40_000)


for place in (
    "xl__worksheets__sheet1_dot_xml",
    "xl__sharedStrings_dot_xml",
    "xl__styles_dot_xml",
    "xl__workbook_dot_xml",
):
    part = place.replace("__", "/").replace("_dot_", ".")
    add_case("xlsx", f"a_billion_laughs_in_{part.rpartition('/')[2].replace('.', '_')}", refused("entities"),
             book(**{place: (DOCTYPE % LAUGHS) + "<x>&i;</x>"}))  # fmt: skip

OUTSIDE = {
    "an_entity_that_reads_a_file": '<!ENTITY a SYSTEM "file:///etc/passwd">',
    "an_entity_that_asks_a_server": '<!ENTITY a SYSTEM "http://127.0.0.1:1/x">',
    "a_parameter_entity": '<!ENTITY % a SYSTEM "http://127.0.0.1:1/x"> %a;',
    "one_long_entity_many_times": f'<!ENTITY a "{"x" * 50_000}">',
}
for name, entity in OUTSIDE.items():
    add_case("xlsx", name, refused("entities"),
             book(DOCTYPE % entity + f'<worksheet xmlns="{MAIN}"><sheetData>&a;</sheetData></worksheet>'))  # fmt: skip
add_case(
    "xlsx",
    "a_document_type_in_utf_16",
    refused("entities"),
    book((DOCTYPE % LAUGHS + "<x>&i;</x>").replace('1.0"', '1.0" encoding="utf-16"').encode("utf-16")),
)
add_case("xlsx", "a_document_type_behind_a_long_comment", refused("entities"),
         book(f"<!--{'x' * 70_000}-->" + (DOCTYPE % LAUGHS).partition("?>")[2] + "<x>&i;</x>"))  # fmt: skip
add_case("xlsx", "an_entity_that_nobody_declared", refused("broken"), book(third(text("A3", "&nobody;"))))

# what the sheet says about itself

add_case("xlsx", "a_dimension_of_all_cells_there_are", read(1), book(sheet(before='<dimension ref="A1:XFD1048576"/>')))
add_case("xlsx", "a_dimension_that_is_none", read(1), book(sheet(before='<dimension ref="ZZZZZZ9:A:1"/>')))
add_case(
    "xlsx",
    "a_row_with_the_number_of_a_billion",
    read(1),
    book(sheet(HEADER + ANN + row(10**9, text("A1000000000", "Far")))),
)
add_case(
    "xlsx", "rows_that_count_backwards", refused("broken"), book(sheet(HEADER + ANN + row(1, text("A1", "Again"))))
)
add_case(
    "xlsx", "a_row_with_a_negative_number", refused("broken"), book(sheet(HEADER + ANN + row(-5, text("A3", "Bob"))))
)
add_case(
    "xlsx",
    "a_row_with_words_for_a_number",
    refused("broken"),
    book(sheet(HEADER + ANN + row("three", text("A3", "Bob")))),
)
add_case(
    "xlsx",
    "rows_and_cells_without_numbers",
    read(1),
    book(
        sheet(
            f"{HEADER}{ANN}".replace(' r="A1"', "").replace(' r="1"', "").replace(' r="2"', "").replace(' r="B2"', "")
        )
    ),
)
add_case("xlsx", "a_cell_at_column_xfd", refused("too_wide"), book(third(text("XFD3", "far"))))
add_case(
    "xlsx",
    "fifty_thousand_columns",
    refused("too_wide"),
    book(sheet(row(1, *("<c><v>1</v></c>" for _ in range(50_000))))),
)
add_case(
    "xlsx",
    "cells_with_impossible_places",
    refused("broken"),
    book(third(text("ZZZZZZZZ1", "x"), text("", "y"), text("1A", "z"))),
)
add_case("xlsx", "a_million_empty_rows", read(1), book(sheet(HEADER + ANN + "<row/>" * 1_000_000)))
add_case("xlsx", "cells_in_the_wrong_order", read(2), book(third(text("B3", "bob@x.example"), text("A3", "Bob"))))
add_case(
    "xlsx",
    "elements_nested_a_hundred_thousand_times",
    refused("broken"),
    book(sheet(HEADER + "<a>" * 100_000 + "</a>" * 100_000)),
)
add_case(
    "xlsx",
    "twenty_thousand_merges_of_all_cells",
    read(1),
    book(sheet(after="<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 20_000 + "</mergeCells>")),
)

# what stands in cells

ODD_VALUES = {
    "a_shared_string_out_of_range": (cell("A3", 10**9, "s"), refused("broken")),
    "a_shared_string_with_a_negative_number": (cell("A3", -7, "s"), refused("broken")),
    "a_shared_string_that_is_no_number": (cell("A3", "x", "s"), refused("broken")),
    "a_style_out_of_range": (text("A3", "Bob") + cell("B3", 45_000, "", 99_999), read(2, None, "45000")),
    "a_date_after_the_last_day": (text("A3", "Bob") + cell("B3", 10**12, "", 1), read(2)),
    "a_date_before_the_first_day": (text("A3", "Bob") + cell("B3", -(10**12), "", 1), read(2)),
    "a_number_that_is_infinite": (text("A3", "Bob") + cell("B3", "1e999"), read(2)),
    "a_number_that_is_none": (text("A3", "Bob") + cell("B3", "NaN"), read(2)),
    "a_number_of_ten_thousand_digits": (text("A3", "Bob") + cell("B3", "9" * 10_000), read(2)),
    "a_number_that_is_a_text": (text("A3", "Bob") + cell("B3", "12,50 EUR"), read(2, None, "12,50 EUR")),
    "cells_with_errors": (text("A3", "Bob") + cell("B3", "#REF!", "e"), read(2)),
    "a_truth_value_that_is_neither": (text("A3", "Bob") + cell("B3", 7, "b"), read(2)),
    "a_kind_of_cell_that_does_not_exist": (text("A3", "Bob") + cell("B3", "x", "zzz"), read(2)),
    "a_command_as_a_formula": ('<c r="A3" t="str"><f>cmd|\' /C calc\'!A0</f><v>Bob</v></c>', read(2, None, "Bob")),
    "a_formula_that_fetches": (
        '<c r="A3" t="str"><f>WEBSERVICE("http://127.0.0.1:1/")</f><v>Bob</v></c>',
        read(2, None, "Bob"),
    ),
    "a_formula_without_a_saved_value": ('<c r="A3"><f>HYPERLINK("http://x.example","Bob")</f></c>', read(1)),
    "a_formula_shared_with_nobody": ('<c r="A3"><f t="shared" si="9" ref="A3:A1048576"/><v>5</v></c>', read(2)),
    "a_text_that_looks_like_a_command": (text("A3", "=cmd|' /C calc'!A0"), read(2, None, "=cmd|' /C calc'!A0")),
    "an_inline_text_without_text": ('<c r="A3" t="inlineStr"/>' + text("B3", "b@x.example"), read(2)),
    "a_text_in_a_hundred_thousand_pieces": (
        '<c r="A3" t="inlineStr"><is>' + "<r><t>x</t></r>" * 100_000 + "</is></c>",
        read(2),
    ),
    "half_of_a_pair_of_surrogates": (text("A3", "Bob &#xD800;"), refused("broken")),
    "a_zero_byte_as_a_reference": (text("A3", "Bob&#0;"), refused("broken")),
    "a_zero_byte_as_office_programs_write_it": (text("A3", "Bob_x0000_Lee"), read(2)),
    "control_signs_as_office_programs_write_them": (text("A3", "Bob_x0007__x001B_[31mLee"), read(2)),
    "a_name_that_is_turned_round_by_an_invisible_sign": (text("A3", "Bob \u202egnp.exe"), read(2, None, "Bob")),
    "a_name_under_a_thousand_accents": (text("A3", "Bob" + "\u0301" * 3_000), read(2)),
    "signs_of_no_width_only": (text("A3", "\u200b\u200d\u2060\ufeff"), read(2, {3: "no_identity"})),
    "a_template_in_a_name": (
        text("A3", '{{ object.env.CR }} &lt;t t-out="1"/&gt; %s ${x}'),
        read(2, None, "{{ object.env.CR }}"),
    ),
    "a_phone_number_of_a_hundred_thousand_digits": (
        text("A3", "Bob") + text("B3", "1" * 100_000),
        read(2, {3: "too_long"}),
    ),
}
for name, (cells, outcome) in ODD_VALUES.items():
    add_case("xlsx", name, outcome, book(third(cells)))
add_case(
    "xlsx",
    "days_counted_from_1904",
    read(2),
    book(third(text("A3", "Bob"), cell("B3", -1, "", 1)), xl__workbook_dot_xml=BOOK % '<workbookPr date1904="1"/>'),
)

# sheets

add_case(
    "xlsx", "a_hidden_sheet_before_the_one_that_shows", read(1), _sheets(["Secret", "People"], ['state="hidden"', ""])
)
add_case("xlsx", "only_sheets_that_nobody_can_see", read(1), _sheets(["A", "B"], ['state="veryHidden"'] * 2))
add_case("xlsx", "three_hundred_sheets", refused("many_sheets"), _sheets([f"S{n}" for n in range(300)]))
add_case("xlsx", "two_sheets_of_one_name", read(1), _sheets(["People", "People"]))
add_case(
    "xlsx",
    "sheets_with_names_that_no_program_allows",
    read(1),
    _sheets(["../../etc/passwd", "x" * 5_000, "a&#10;b\u202e", "&lt;script&gt;", "=1+1"]),
)
add_case("xlsx", "no_sheet_at_all", refused("empty"), _sheets([]))
add_case("xlsx", "a_sheet_whose_part_is_missing", refused("empty"), book(drop=["xl/worksheets/sheet1.xml"]))
add_case(
    "xlsx",
    "a_sheet_that_stands_outside_of_the_file",
    refused("empty"),
    book(
        xl___rels__workbook_dot_xml_dot_rels=(BOOK_RELS % "").replace("worksheets/sheet1.xml", "../../../../etc/passwd")
    ),
)
add_case(
    "xlsx",
    "a_sheet_on_another_server",
    refused("empty"),
    book(
        xl___rels__workbook_dot_xml_dot_rels=(BOOK_RELS % "").replace(
            'Target="worksheets/sheet1.xml"', 'TargetMode="External" Target="http://127.0.0.1:1/sheet.xml"'
        )
    ),
)
add_case("xlsx", "a_link_to_a_workbook_on_another_computer", read(1), book(
    xl__externalLinks__externalLink1_dot_xml=f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"/></externalLink>',
    xl__externalLinks___rels__externalLink1_dot_xml_dot_rels=f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/externalLinkPath" Target="file://evil/share/x.xlsx" TargetMode="External"/></Relationships>',
    xl___rels__workbook_dot_xml_dot_rels=BOOK_RELS % (RELATION % (9, "externalLink", "externalLinks/externalLink1.xml")),
))  # fmt: skip
add_case(
    "xlsx",
    "a_sheet_of_a_strict_dialect",
    refused("strict"),
    pack(
        {
            name: content.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
            for name, content in parts().items()
        }
    ),
)

# programs, passwords, other kinds of files

add_case("xlsx", "macros_in_visual_basic", refused("macros"), book(xl__vbaProject_dot_bin=b"x"), "leads.xlsm")
add_case("xlsx", "macros_of_excel_4", refused("macros"), book(xl__macrosheets__sheet1_dot_xml=sheet()), "leads.xlsm")
add_case("xlsx", "a_macro_part_in_capital_letters", refused("macros"), book(XL__VBAPROJECT_dot_BIN=b"x"))
add_case(
    "xlsx",
    "parts_that_need_a_password",
    refused("password"),
    patch_entry(book(), "xl/worksheets/sheet1.xml", 8, "<H", 1),
)
add_case(
    "xlsx",
    "a_workbook_in_binary_parts",
    refused("unknown"),
    pack({"[Content_Types].xml": TYPES, "xl/workbook.bin": b"\x83\x01"}),
    "leads.xlsb",
)
add_case("xlsx", "a_text_document", refused("unknown"), pack({"word/document.xml": "<w/>"}), "leads.xlsx")
add_case("xlsx", "an_empty_zip", refused("unknown"), pack({}))
