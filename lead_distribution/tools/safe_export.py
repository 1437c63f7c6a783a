"""Files that we hand out: nothing in them starts a formula. Pure Python.

A cell that begins with one of these signs is run by spreadsheets when the file is opened or
saved as text, wherever the value came from. Source: OWASP, "CSV Injection".
"""

import csv
from io import BytesIO, StringIO

SIGNS = "=+-@|%＝＋－＠"  # the wide ones count in East Asian spreadsheets
BREAKS = ("\t", "\r", "\n")
UNSEEN = dict.fromkeys(map(ord, "\0\u200b\u200c\u200d\u2060\ufeff"))


def guard(value):
    """Put an apostrophe before a text that would start a formula; our import takes it away again.

    >>> guard("=1+1"), guard("\u3000＝1"), guard("Ann"), guard(5)
    ("'=1+1", "'\u3000＝1", 'Ann', 5)
    """
    if not isinstance(value, str):
        return value
    begin = value.translate(UNSEEN).lstrip()
    is_run = bool(begin) and begin[0] in SIGNS
    return f"'{value}" if is_run or value.lstrip(" \u00a0\ufeff").startswith(BREAKS) else value


def write_csv(header, rows):
    """Return the bytes of a CSV file; rows may be a generator. Its mark makes spreadsheets read UTF-8.

    >>> write_csv(["Name"], [["=1+1"], ["Ann"]])[3:]
    b"Name\\r\\n'=1+1\\r\\nAnn\\r\\n"
    """
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([guard(title) for title in header])
    writer.writerows([guard(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode(errors="replace")


def write_xlsx(sheet_name, header, rows, stamp=None):
    """Return the bytes of a workbook with one sheet; rows may be a generator.

    All texts are written as texts, whatever they look like.

    :param stamp: called with the workbook; says in its properties who made it
    """
    import xlsxwriter

    out = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        if stamp:
            stamp(book)
        sheet = book.add_worksheet(sheet_name[:31])
        bold = book.add_format({"bold": True})
        for column, title in enumerate(header):
            sheet.write_string(0, column, str(guard(title)), bold)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    sheet.write_number(line, column, value)
                elif value not in (None, ""):
                    sheet.write_string(line, column, str(guard(value))[:32_767])
        sheet.freeze_panes(1, 0)
    return out.getvalue()
