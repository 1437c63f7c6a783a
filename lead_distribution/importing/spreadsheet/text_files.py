"""Reading of text files: encoding and separator are found, or told. Pure Python with chardet."""

import codecs
import csv
import io
from itertools import chain

from .file_guard import FileProblem, check_row

SEPARATORS = (",", ";", "\t", "|")
END = "\uffff"  # a line after the last one: inside of a cell, its quotation mark was never closed
SAMPLE = 200_000  # bytes looked at to find the encoding
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WIDE = 0.1  # of all bytes: so many zeros, and nearly all of them in the same place of a pair
LONGEST_CELL = 4 * 1024 * 1024  # characters: what is longer is no cell, but a quotation mark in the wrong place
WEB = ("<!doctype html", "<html", "<table", "<?xml")


class TextBook:
    """A file of lines with separated values."""

    kind = "csv"
    sheets = [""]

    def __init__(self, data, limits, encoding=None, separator=None):
        self._limits = limits
        self._data = data
        self.encoding = self._check_encoding(encoding) or self._find_encoding(data)
        sample = self._open().read(SAMPLE)
        if sample.lstrip("\ufeff \r\n").lower().startswith(WEB):
            raise FileProblem("web_page")
        if _is_binary(sample):
            raise FileProblem("unknown")
        self.separator = separator or find_separator(sample)

    @staticmethod
    def _check_encoding(name):
        if not name:
            return None
        try:
            return codecs.lookup(name).name
        except LookupError as error:
            raise FileProblem("encoding", name=name) from error

    @staticmethod
    def _find_encoding(data):
        for mark, name in BOMS:
            if data.startswith(mark):
                return name
        if name := _find_wide(data[:SAMPLE]):
            return name
        try:
            codecs.getincrementaldecoder("utf-8")().decode(data, final=True)
            return "utf-8"
        except UnicodeDecodeError:
            return _guess_encoding(data[:SAMPLE])

    def _open(self):
        return io.TextIOWrapper(io.BytesIO(self._data), encoding=self.encoding, errors="replace", newline="")

    def rows(self, _name=None):
        """Yield rows; a quotation mark that is never closed is told, with its line."""
        csv.field_size_limit(LONGEST_CELL)
        lines = chain((line.replace("\0", "") for line in self._open()), [END])
        reader = csv.reader(lines, delimiter=self.separator)
        while True:
            started = reader.line_num + 1
            try:
                row = next(reader, None)
            except csv.Error as error:
                code = "long_cell" if reader.line_num <= started else "quote_far"
                raise FileProblem(code, line=started, limit=LONGEST_CELL) from error
            if row is None or row == [END]:
                return
            if row and row[-1].endswith(END):
                raise FileProblem("quote", line=started)
            while row and not row[-1].strip():
                row.pop()
            yield check_row(row, self._limits)


def _find_wide(sample):
    """Return the encoding of a text whose signs have two bytes each and no mark before them: Latin ones have a zero.

    >>> _find_wide("Name,E-mail".encode("utf-16-be")), _find_wide(b"Name,E-mail") is None
    ('utf-16-be', True)
    """
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < len(sample) * WIDE or min(even, odd) > max(even, odd) / 10:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _guess_encoding(sample):
    import chardet

    guess = chardet.detect(sample)
    name = (guess["encoding"] or "").lower()
    if not name or guess["confidence"] < 0.5 or name in ("ascii", "iso-8859-1", "windows-1254", "iso-8859-9"):
        return "cp1252"  # what spreadsheets write on Windows
    return name


def _is_binary(sample):
    """Whether too many characters are none that a text has."""
    odd = sum(1 for char in sample if (char < " " and char not in "\t\r\n") or char == "\ufffd")
    return bool(sample) and odd / len(sample) > 0.05


def find_separator(sample):
    r"""Return the separator that cuts the first lines into the same number of columns most often.

    >>> find_separator("a;b;c\n1,5;2;3\n"), find_separator("name\nAnn\n"), find_separator("a\tb\n1\t2\n")
    (';', ',', '\t')
    """
    lines = sample.splitlines()[:50]
    best, separator = 0, ","
    for candidate in SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=candidate) if row]
        except csv.Error:
            continue
        common = max(set(widths), key=widths.count, default=1)
        score = (common > 1) * widths.count(common) * (1 + common / 100)
        if score > best:
            best, separator = score, candidate
    return separator
