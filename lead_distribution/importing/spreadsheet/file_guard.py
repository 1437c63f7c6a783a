"""What a file may be before anything reads it: limits, and signs of harm. Pure Python."""

import zipfile
from dataclasses import dataclass
from io import BytesIO

MIB = 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROLOG = 65_536  # bytes of a part before its first element
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others take as much memory as a file asks for
MACROS = ("basic/", "scripts/", "xl/macrosheets/")  # folders of programs
SHEET_NAME = 255
MANY_BLANK_ROWS = 10_000  # so many in a row: the rest of the sheet is empty


class FileProblem(Exception):
    """A file that cannot be read; ``code`` says why, ``values`` go into its message."""

    def __init__(self, code, **values):
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Limits:
    """How much of a file is accepted."""

    rows: int = 200_000
    columns: int = 300
    file_bytes: int = 50 * MIB
    unpacked_bytes: int = 600 * MIB
    shared_bytes: int = 150 * MIB  # the part of a workbook that must be kept in memory
    ratio: int = 250  # of packed to unpacked, for parts of more than 10 MiB
    parts: int = 3_000
    sheets: int = 255
    cell_chars: int = 131_072  # a longer cell is cut to so many, which is more than any use of it takes
    row_chars: int = MIB
    seconds: int = 20  # of processor time that reading may take
    memory_bytes: int = 512 * MIB  # beside what the process of the reader has at its start


def check_size(data, limits):
    if not data:
        raise FileProblem("empty")
    if len(data) > limits.file_bytes:
        raise FileProblem("too_large", size=len(data) // MIB, limit=limits.file_bytes // MIB)


def open_zip(data, limits):
    """Open a zip file after looking at what it claims to hold.

    Python's zipfile never unpacks more of a part than it claims, so the claims can be trusted
    as an upper limit.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        parts = archive.infolist()
    except Exception as error:
        raise problem_of(error) from error
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise FileProblem("bomb")
    for part in parts:
        packed = max(1, part.compress_size)
        if part.file_size > 10 * MIB and part.file_size / packed > limits.ratio:
            raise FileProblem("bomb")
        if part.filename.lower().endswith("sharedstrings.xml") and part.file_size > limits.shared_bytes:
            raise FileProblem("bomb")
        if part.compress_type not in PACKINGS:
            raise FileProblem("broken")
        if part.flag_bits & 1:
            raise FileProblem("password")
    names = {part.filename.lower() for part in parts}
    if any(name.endswith("vbaproject.bin") or name.startswith(MACROS) for name in names):
        raise FileProblem("macros")
    _refuse_entities(archive, parts)
    _refuse_password(archive, names)
    return archive


def has_macros(data):
    """Return whether an old workbook has a folder of Visual Basic."""
    return "_VBA_PROJECT".encode("utf-16-le") in data


def _refuse_password(archive, names):
    """LibreOffice packs what is protected as other files, and says so in their list."""
    if "meta-inf/manifest.xml" in names:
        name = next(name for name in archive.namelist() if name.lower() == "meta-inf/manifest.xml")
        try:
            with archive.open(name) as stream:
                head = stream.read(MIB)
        except Exception as error:
            raise problem_of(error) from error
        if b"encryption-data" in head:
            raise FileProblem("password")


def _refuse_entities(archive, parts):
    """Office programs never write a document type; who does wants entities to be expanded."""
    for part in parts:
        try:
            with archive.open(part) as stream:
                head = stream.read(PROLOG)
        except Exception as error:  # whatever its directory says of the part
            raise problem_of(error) from error
        if has_document_type(head):
            raise FileProblem("entities")


def has_document_type(head):
    """Whether an XML part begins with a document type, or hides its first element behind too much.

    A document type can only stand before the first element. Without their zeros, UTF-16 and
    UTF-32 read like the others.

    >>> has_document_type(b"<?xml?><!-- <!DOCTYPE --><a/>"), has_document_type(b"<!-- --><!DOCTYPE a><a/>")
    (False, True)
    """
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")
    while text.startswith((b"<?", b"<!--")):
        _begin, end, text = text.partition(b"?>" if text.startswith(b"<?") else b"-->")
        if not end:
            return True
        text = text.lstrip()
    return text.startswith(b"<!")


def check_row(row, limits):
    """Refuse a row that is wider than allowed."""
    if len(row) > limits.columns:
        raise FileProblem("too_wide", count=len(row), limit=limits.columns)
    return row


def check_sheets(names, limits):
    """Return the names of sheets as they can be shown and asked for, in the same order.

    >>> check_sheets(["A", "B" * 300], Limits())[0]
    'A'
    """
    if len(names) > limits.sheets:
        raise FileProblem("many_sheets", limit=limits.sheets)
    return ["".join(char for char in name[:SHEET_NAME] if char.isprintable()) for name in names]


def filled_rows(rows, limits):
    """Yield (number from 1, row, its number of characters) of the rows that hold any text.

    :raise FileProblem: for more rows or more text than is accepted
    """
    count = total = 0
    for number, row in enumerate(rows, start=1):
        size = sum(map(len, row))
        if not size or not any(cell.strip() for cell in row):
            continue
        if size > limits.cell_chars:
            row = [cell[: limits.cell_chars] for cell in row]
            size = sum(map(len, row))
        count, total = count + 1, total + size
        if count > limits.rows:
            raise FileProblem("too_long", limit=limits.rows)
        if size > limits.row_chars:
            raise FileProblem("long_row", row=number)
        if total > limits.unpacked_bytes:
            raise FileProblem("bomb")
        yield number, row, size


def problem_of(error):
    """Return what to raise for an error of a parser: the file is to blame, unless the memory was not enough."""
    return error if isinstance(error, MemoryError) else FileProblem("broken")
