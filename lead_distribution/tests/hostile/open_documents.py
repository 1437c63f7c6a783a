"""Spreadsheets of LibreOffice: their XML is written by hand, as no program would write it."""

from . import heavy
from .case import add_case, hostile, read, refused
from .workbooks import DOCTYPE, LAUGHS, pack, patch_entry

SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:xi="http://www.w3.org/2001/XInclude"'
)
HEAD = '<?xml version="1.0"?>'
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def cell(text, attributes=""):
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def row(*cells, attributes=""):
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


HEADER = row(cell("Name"), cell("E-mail"))
ANN = row(cell("Ann"), cell("ann@x.example"))


def table(rows=HEADER + ANN, name="Sheet", attributes=""):
    return f'<table:table table:name="{name}" {attributes}>{rows}</table:table>'


def content(tables=None, before=""):
    body = (
        f"<office:body><office:spreadsheet>{table() if tables is None else tables}</office:spreadsheet></office:body>"
    )
    return f"{HEAD}{before}<office:document-content {SPACES}>{body}</office:document-content>"


def ods(tables=None, **parts):
    """Return a spreadsheet with these tables; names of ``parts`` have ``__`` for ``/`` and ``_dot_`` for a dot."""
    found = {name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()}
    return pack({"mimetype": MIMETYPE, "content.xml": content(tables), **found})


def third(*cells, attributes=""):
    return ods(table(HEADER + ANN + row(*cells, attributes=attributes)))


BLANK = "<table:table-cell/>"

# repeated cells and rows are the format's own way to say a great deal with little

REPEATS = {
    "an_empty_cell_a_billion_times": (third('<table:table-cell table:number-columns-repeated="1000000000"/>'), read(1)),
    "a_text_a_billion_times_in_a_row": (third(cell("x", 'table:number-columns-repeated="999999999"')), refused("too_wide")),
    "a_text_many_more_times_than_numbers_have_digits": (third(cell("x", f'table:number-columns-repeated="{"9" * 5_000}"')), read(2)),
    "a_text_minus_five_times": (third(cell("x", 'table:number-columns-repeated="-5"')), read(2)),
    "a_text_no_times": (third(cell("x", 'table:number-columns-repeated="0"'), cell("Bob")), read(2)),
    "an_empty_row_a_billion_times": (third(BLANK, attributes='table:number-rows-repeated="999999999"'), read(1)),
    "a_row_a_billion_times": (third(cell("Bob"), attributes='table:number-rows-repeated="999999999"'), refused("too_long")),
    "a_row_some_words_times": (third(cell("Bob"), attributes='table:number-rows-repeated="ever"'), read(2)),
    "a_row_superscript_two_times": (third(cell("Bob"), attributes='table:number-rows-repeated="²"'), read(2)),
    "an_empty_cell_before_the_last_column_there_is": (third('<table:table-cell table:number-columns-repeated="16383"/>', cell("x")), refused("too_wide")),
    "a_billion_blanks_in_a_text": (third(cell('Bob<text:s text:c="999999999"/>Lee')), read(2)),
}  # fmt: skip
for name, (data, outcome) in REPEATS.items():
    add_case("ods", name, outcome, data)


@hostile("ods", refused("many_sheets"))
def a_hundred_thousand_sheets():
    return heavy.ods_sheets(100_000)


@hostile("ods", refused("limit"))
def a_row_of_cells_without_end():
    return heavy.ods_row_of_cells(800_000)


# what stands in cells

VALUES = {
    "a_date_that_does_not_exist": (cell("x", 'office:value-type="date" office:date-value="9999-99-99T99:99:99"'), read(2)),
    "a_date_that_is_a_command": (cell("x", 'office:value-type="date" office:date-value="=1+1"'), read(2)),
    "a_number_that_is_infinite": (cell("x", 'office:value-type="float" office:value="1e999"'), read(2)),
    "a_number_that_is_none": (cell("x", 'office:value-type="float" office:value="nan"'), read(2)),
    "a_number_that_is_a_text": (cell("x", 'office:value-type="currency" office:value="much"'), read(2, None, "Much")),
    "a_truth_value_that_is_neither": (cell("x", 'office:value-type="boolean" office:boolean-value="perhaps"'), read(2, None, "Perhaps")),
    "a_kind_of_value_that_does_not_exist": (cell("Bob", 'office:value-type="zzz"'), read(2, None, "Bob")),
    "a_formula_that_starts_a_program": (cell("Bob", "table:formula='of:=DDE(\"cmd\";\"/C calc\";\"x\")'"), read(2, None, "Bob")),
    "a_link_that_runs_a_script": (cell('<text:a xlink:href="javascript:alert(1)">Bob</text:a>'), read(2, None, "Bob")),
    "a_note_at_a_cell": ("<table:table-cell><office:annotation><text:p>secret</text:p></office:annotation><text:p>Bob</text:p></table:table-cell>", read(2, None, "Bob")),
    "a_table_in_a_cell": (f"<table:table-cell>{table(row(cell('inner')), 'Inner')}<text:p>Bob</text:p></table:table-cell>", read(1)),
    "texts_nested_two_hundred_times": (cell("<text:span>" * 200 + "Bob" + "</text:span>" * 200), read(2, None, "Bob")),
    "texts_nested_fifty_thousand_times": (cell("<text:span>" * 50_000 + "Bob" + "</text:span>" * 50_000), refused("broken")),
    "a_hundred_thousand_paragraphs_in_a_cell": ("<table:table-cell>" + "<text:p>x</text:p>" * 100_000 + "</table:table-cell>", read(2, {3: "too_long"})),
    "half_of_a_pair_of_surrogates": (cell("Bob &#xDC00;"), refused("broken")),
    "a_file_that_is_to_be_included": (cell('Bob<xi:include href="file:///etc/passwd" parse="text"/>'), read(2, None, "Bob")),
    "a_cell_covered_by_another": ('<table:covered-table-cell><text:p>b@x.example</text:p></table:covered-table-cell>' + cell("x"), read(2)),
}  # fmt: skip
for name, (cells, outcome) in VALUES.items():
    add_case("ods", name, outcome, third(cells))

# sheets, and the file around them

add_case("ods", "no_sheet_at_all", refused("empty"), ods(""))
add_case("ods", "a_sheet_without_a_row", refused("empty", later=True), ods(table("")))
add_case("ods", "two_sheets_of_one_name", read(1), ods(table() + table()))
add_case("ods", "a_sheet_with_a_name_of_five_thousand_characters", read(1), ods(table(name="x" * 5_000)))
add_case("ods", "a_sheet_without_a_name", read(1), ods(table(name="")))
add_case(
    "ods",
    "a_sheet_that_is_kept_in_another_file",
    read(1),
    ods(table(f'<table:table-source xlink:href="file:///etc/passwd"/>{HEADER}{ANN}')),
)
add_case(
    "ods",
    "a_billion_laughs",
    refused("entities"),
    ods(content_dot_xml=content(table(HEADER + row(cell("&i;"))), DOCTYPE.partition("?>")[2] % LAUGHS)),
)
add_case(
    "ods",
    "an_entity_that_reads_a_file",
    refused("entities"),
    ods(
        content_dot_xml=content(
            table(HEADER + row(cell("&a;"))), '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        )
    ),
)
add_case("ods", "protected_with_a_password", refused("password"), pack({
    "mimetype": MIMETYPE, "content.xml": bytes(range(256)) * 8,
    "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data manifest:checksum="x"/></manifest:file-entry></manifest:manifest>',
}))  # fmt: skip
add_case("ods", "protected_as_newer_programs_do_it", refused("password"), pack({
    "mimetype": MIMETYPE, "encrypted-package": bytes(range(256)) * 8,
    "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="encrypted-package"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>',
}))  # fmt: skip
add_case("ods", "macros_in_basic", refused("macros"), ods(Basic__Standard__Module1_dot_xml="<x/>"))
add_case("ods", "macros_in_python", refused("macros"), ods(Scripts__python__evil_dot_py="import os"))
add_case("ods", "content_that_is_cut_off", refused("broken"), ods(content_dot_xml=content()[:-60]))
add_case("ods", "content_that_is_cut_off_behind_the_rows", refused("broken"), ods(content_dot_xml=content()[:-20]))
add_case("ods", "content_of_nothing", refused("broken"), ods(content_dot_xml=""))
add_case("ods", "content_of_another_kind", refused("empty"), ods(content_dot_xml="<html><body>Ann</body></html>"))
add_case(
    "ods",
    "content_in_utf_16",
    read(1),
    ods(content_dot_xml=content().replace('"1.0"', '"1.0" encoding="utf-16"', 1).encode("utf-16")),
)
add_case("ods", "a_name_that_climbs_out_of_the_folder", read(1), ods(**{"../../evil": "x"}))
add_case("ods", "a_wrong_checksum", refused("broken"), patch_entry(ods(), "content.xml", 16, "<L", 1))
add_case("ods", "cut_off_in_the_middle", refused("broken"), ods()[:300])
add_case("ods", "one_flat_file_of_xml", refused("web_page"), content().encode(), "leads.fods")
add_case(
    "ods",
    "a_text_document",
    refused("empty"),
    ods(content_dot_xml=content().replace("office:spreadsheet", "office:text").replace("table:", "text:")),
    "leads.odt",
)
