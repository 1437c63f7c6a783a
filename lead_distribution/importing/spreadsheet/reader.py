"""Reading spreadsheets: xlsx, xls, ods and text, row by row, whatever the file claims to be.

Pure Python with the libraries Odoo itself needs (openpyxl, xlrd, lxml, chardet), each imported for its files only.
Rows are lists of texts. Values of formulas are taken as they were saved, nothing is ever evaluated.
"""

from importlib import import_module

from .file_guard import OLE, FileProblem, Limits, check_size, has_macros, open_zip
from .text_files import TextBook

ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
WORKBOOK = "xl/workbook.xml"
PICTURES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc", b"\x1f\x8b", b"MZ", b"\x7fELF")


def open_book(data, limits=None, encoding=None, separator=None):
    """Return a book with ``sheets`` (names) and ``rows(sheet)``, found by content, not by name.

    :raise FileProblem: for everything that cannot or should not be read
    """
    limits = limits or Limits()
    check_size(data, limits)
    if data[:4] in ZIPS:
        archive = open_zip(data, limits)
        names = set(archive.namelist())
        if WORKBOOK in names:
            return _import("xlsx").XlsxBook(archive, limits)
        if "content.xml" in names:
            return _import("ods").OdsBook(archive, limits)
        raise FileProblem("unknown")
    if data[:8] == OLE:
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise FileProblem("password")
        if has_macros(data):
            raise FileProblem("macros")
        return _import("xls").XlsBook(data, limits)
    if data.startswith(PICTURES):
        raise FileProblem("unknown")
    return TextBook(data, limits, encoding, separator)


def import_libraries(data):
    """Import what reading this file needs, so that no limit of memory counts it; and no more: it takes time."""
    if data[:4] in ZIPS:
        _import("xlsx" if WORKBOOK.encode() in data else "ods")
    elif data[:8] == OLE:
        _import("xls")


def _import(name):
    return import_module(f"{__package__}.{name}")


__all__ = ["FileProblem", "Limits", "import_libraries", "open_book"]
