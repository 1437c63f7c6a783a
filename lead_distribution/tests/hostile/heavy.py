"""Files that are small, and ask a parser for minutes or gigabytes; made here, so that none lies about."""

import io
import random
import zipfile

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
ODS_HEAD = (
    '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
ODS_FOOT = "</office:spreadsheet></office:body></office:document-content>"


def _many(text, count, noise=0.02, at_once=1000):
    """Yield a text many times, as bytes, with so many odd ones that it does not look like a zip bomb.

    :param text: with ``%s`` where a number belongs
    """
    draw = random.Random(1)
    for start in range(0, count, at_once):
        texts = [text % (draw.randrange(10**9) if draw.random() < noise else 1)
                 for _number in range(min(at_once, count - start))]  # fmt: skip
        yield "".join(texts).encode()


def _zip(base, name, parts):
    """Return a zip file with one part replaced by what ``parts`` yields; ``base`` are the bytes of another one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        if base:
            with zipfile.ZipFile(io.BytesIO(base)) as old:
                for part in old.infolist():
                    if part.filename != name:
                        new.writestr(part.filename, old.read(part))
        with new.open(name, "w") as stream:
            for part in parts:
                stream.write(part if isinstance(part, bytes) else part.encode())
    return out.getvalue()


def _workbook(name, *parts):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Sheet").write_row(0, 0, ["Name", "E-mail"])
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        given = archive.read(name).decode()
    return _zip(out.getvalue(), name, _flat(part(given) if callable(part) else part for part in parts))


def _flat(parts):
    for part in parts:
        yield from [part] if isinstance(part, str) else part


def _sheet(*parts):
    return _workbook(SHEET, f'<worksheet xmlns="{MAIN}"><sheetData>', *parts, "</sheetData></worksheet>")


def _spreadsheet(*parts):
    return _zip(b"", "content.xml", _flat([ODS_HEAD, *parts, ODS_FOOT]))


def row_of_cells(count=3_000_000):
    return _sheet('<row r="1">', _many("<c><v>%s</v></c>", count), "</row>")


def styles(count=2_000_000):
    return _workbook(
        "xl/styles.xml", f'<styleSheet xmlns="{MAIN}"><cellXfs>', _many('<xf numFmtId="%s"/>', count),
        "</cellXfs></styleSheet>",
    )  # fmt: skip


def shared_strings(count=6_000_000):
    return _workbook("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">', _many("<si><t>%s</t></si>", count, 0.1), "</sst>")


def inline_text(mib=500):
    text = '<row r="1"><c r="A1" t="inlineStr"><is><t>'
    return _sheet(text, _many("x" * 1015 + "%09d", mib * 1024, 1, 100), "</t></is></c></row>")


def defined_names(count=600_000):
    names = (part.replace(b"#", str(n).encode()) for n, part in
             enumerate(_many('<definedName name="n#x%s">Sheet!$A$1</definedName>', count, 1, 1)))  # fmt: skip
    return _workbook(
        "xl/workbook.xml", lambda given: given.partition("<definedNames")[0].partition("<calcPr")[0], "<definedNames>",
        names, "</definedNames></workbook>",
    )  # fmt: skip


def ods_row_of_cells(count=3_000_000):
    return _spreadsheet(
        '<table:table table:name="A"><table:table-row>',
        _many('<table:table-cell table:style-name="c%s"/>', count),
        "</table:table-row></table:table>",
    )


def ods_sheets(count=1_500_000):
    return _spreadsheet(_many('<table:table table:name="s%s"></table:table>', count))


def ods_repeated_cells(rows=3_000):
    cell = f'<table:table-cell table:number-columns-repeated="300"><text:p>{"x" * 3000}%s</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1000">{cell}</table:table-row>'
    return _spreadsheet('<table:table table:name="A">', _many(row, rows, 1), "</table:table>")


def csv_cell(mib=49):
    return b"Name,E-mail\nAnn," + b"x" * (mib * 2**20) + b"\n"
