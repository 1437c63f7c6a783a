"""Reading of Excel workbooks as a stream. Pure Python with expat and lxml; openpyxl knows dates.

openpyxl's own reader makes objects of everything and looks through a sheet twice: it takes five
times as long. What a cell means is read as openpyxl does (tests compare both).
"""

import posixpath
from functools import lru_cache
from xml.parsers import expat

from .cell_text import to_text
from .spreadsheet_guard import MANY_BLANK_ROWS, FileProblem

PIECE = 65_536  # bytes that are read at once
LAST_COLUMN = 18_278  # ZZZ; Excel itself ends at XFD
WORKBOOK = "xl/workbook.xml"


class Workbook:
    """The parts of a workbook: sheets, texts that cells share, and which styles mean dates.

    :param archive: the open zip file
    :raise FileProblem: ``broken`` or ``empty``
    """

    def __init__(self, archive):
        self._archive = archive
        try:
            root = self._read(WORKBOOK)
            links = self._read_links()
        except Exception as error:  # whatever a broken file makes of a parser
            raise FileProblem("broken") from error
        settings = next(_walk(root, "workbookPr"), None)
        self._starts_1904 = settings is not None and settings.get("date1904") in ("1", "true")
        self._texts_part = next((part for kind, part in links.values() if kind.endswith("/sharedStrings")), None)
        self._styles_part = next((part for kind, part in links.values() if kind.endswith("/styles")), None)
        self._parts = self._find_sheets(root, links)
        self.sheets = list(self._parts)
        if not self.sheets:
            raise FileProblem("empty")

    def _read(self, part):
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        return etree.fromstring(self._archive.read(part), parser)

    def _read_links(self):
        """Return {id: (kind, name of the part)} of what belongs to the workbook."""
        links = {}
        for link in _walk(self._read("xl/_rels/workbook.xml.rels"), "Relationship"):
            if link.get("TargetMode") != "External":
                path = posixpath.normpath(posixpath.join("/xl", link.get("Target", "")))
                links[link.get("Id")] = (link.get("Type", ""), path.lstrip("/"))
        return links

    def _find_sheets(self, root, links):
        """Return {name: part}; hidden ones come last, those that are charts are left out."""
        found, parts = [], set(self._archive.namelist())
        for sheet in _walk(root, "sheet"):
            key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
            kind, part = links.get(key, ("", None))
            if part in parts and "chartsheet" not in kind:
                found.append((sheet.get("state", "visible") != "visible", sheet.get("name") or "", part))
        return {name: part for _hidden, name, part in sorted(found, key=lambda sheet: sheet[0])}

    def rows(self, name):
        """Yield the rows of a sheet as lists of texts, missing ones as empty lists."""
        texts = self._read_texts() if self._texts_part in self._archive.namelist() else []
        reader = SheetReader(texts, self._read_date_styles(), self._starts_1904)
        with self._archive.open(self._parts[name]) as stream:
            while piece := stream.read(PIECE):
                yield from reader.feed(piece)
            yield from reader.feed(b"", True)

    def _read_texts(self):
        reader = TextsReader()
        with self._archive.open(self._texts_part) as stream:
            while piece := stream.read(PIECE):
                reader.feed(piece)
        reader.feed(b"", True)
        return reader.texts

    def _read_date_styles(self):
        """Return the numbers of the styles that show a number as a date, as cells name them."""
        from openpyxl.styles.numbers import builtin_format_code, is_date_format

        if self._styles_part not in self._archive.namelist():
            return frozenset()
        root = self._read(self._styles_part)
        own = {style.get("numFmtId"): style.get("formatCode") for style in _walk(root, "numFmt")}
        formats = [
            own.get(style.get("numFmtId")) or builtin_format_code(int(style.get("numFmtId") or 0))
            for styles in _walk(root, "cellXfs")
            for style in _walk(styles, "xf")
        ]
        return frozenset(str(number) for number, code in enumerate(formats) if is_date_format(code))


def _walk(root, name):
    """Yield the elements of this name, whatever the namespace: there is a strict and a usual one."""
    return root.iter(f"{{*}}{name}")


class _Reader:
    """Feeds a part to the parser; the names of its elements may have a prefix, that of the first one.

    ``names`` maps the names without prefix to what ``_start`` and ``_end`` are to see.
    """

    names = ()

    def __init__(self):
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start_first
        self._parser.CharacterDataHandler = self._collect
        self._text = None  # pieces of the text that is being read

    def _start_first(self, name, _attributes):
        prefix = name.rpartition(":")[0]
        self._known = {f"{prefix}:{name}" if prefix else name: name for name in self.names}
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def _collect(self, text):
        if self._text is not None:
            self._text.append(text)

    def _take(self):
        text, self._text = "".join(self._text or ()), None
        return text


class TextsReader(_Reader):
    """The table of texts that cells share."""

    names = ("si", "t", "rPh")

    def __init__(self):
        super().__init__()
        self.texts = []
        self._is_sound = False  # how a text is pronounced, in Japanese files, is none of it
        self._parts = []

    def feed(self, piece, is_last=False):
        self._parser.Parse(piece, is_last)

    def _start(self, name, _attributes):
        name = self._known.get(name)
        if name == "t" and not self._is_sound:
            self._text = []
        elif name == "si":
            self._parts = []
        elif name == "rPh":
            self._is_sound = True

    def _end(self, name):
        name = self._known.get(name)
        if name == "t" and self._text is not None:
            self._parts.append(self._take())
        elif name == "si":
            self.texts.append("".join(self._parts).replace("x005F_", ""))
        elif name == "rPh":
            self._is_sound = False


class SheetReader(_Reader):
    """The cells of a sheet, row by row.

    :param texts: the texts that cells share
    :param date_styles: numbers of styles, as texts
    :param starts_1904: days are counted as old Macintoshs did
    """

    names = ("row", "c", "v", "is", "t", "rPh")

    def __init__(self, texts, date_styles, starts_1904):
        super().__init__()
        self._texts = texts
        self._date_styles = date_styles
        self._starts_1904 = starts_1904
        self._rows = []
        self._next = 1  # number of the row that comes next
        self._number = 0
        self._row = None
        self._column = 0
        self._cell = None  # (kind, style)
        self._value = self._inline = ""
        self._is_sound = False

    def feed(self, piece, is_last=False):
        """Return the rows that this piece of the part completes."""
        self._parser.Parse(piece, is_last)
        rows, self._rows = self._rows, []
        return rows

    def _start(self, name, attributes):
        name = self._known.get(name)
        if name == "c":
            place = attributes.get("r")
            self._column = _column_of(place.rstrip("0123456789")) if place else self._column + 1
            self._cell = (attributes.get("t", "n"), attributes.get("s"))
            self._value = self._inline = ""
        elif name == "v" or (name == "t" and not self._is_sound):
            self._text = []
        elif name == "row":
            number = attributes.get("r")
            self._number = int(float(number)) if number else self._number + 1
            self._row, self._column = [], 0
        elif name == "rPh":
            self._is_sound = True

    def _end(self, name):
        name = self._known.get(name)
        if name == "c":
            self._end_cell()
        elif name == "v":
            self._value = self._take()
        elif name == "t" and self._text is not None:
            self._inline += self._take()
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self._is_sound = False

    def _end_cell(self):
        row = self._row
        if row is None:
            return
        missing = self._column - len(row)
        if missing > 1:
            row += [""] * (missing - 1)
        text = self._read_cell(*self._cell)
        if missing > 0:
            row.append(text)
        else:
            row[self._column - 1] = text

    def _read_cell(self, kind, style):
        if kind == "inlineStr":
            return self._inline
        value = self._value
        if not value:
            return ""
        if kind == "s":
            return self._texts[int(value)]
        if kind == "n":
            return self._read_number(value, style)
        if kind == "b":
            return "true" if int(value) else "false"
        return _read_iso(value) if kind == "d" else value

    def _read_number(self, value, style):
        number = float(value) if "." in value or "E" in value or "e" in value else int(value)
        if style in self._date_styles:
            return _read_date(number, self._starts_1904)
        return to_text(number)

    def _end_row(self):
        if self._number >= self._next:
            self._rows += [[] for _row in range(min(self._number - self._next, MANY_BLANK_ROWS + 1))]
            self._rows.append(self._row)
            self._next = self._number + 1
        self._row = None


@lru_cache(maxsize=4096)
def _column_of(letters):
    """Return the number of a column.

    >>> _column_of("A"), _column_of("AB")
    (1, 28)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
        if not 1 <= ord(letter) - 64 <= 26 or number > LAST_COLUMN:
            raise ValueError(f"no column {letters[:9]}")
    if not number:
        raise ValueError("a cell without a column")
    return number


def _read_date(number, starts_1904):
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

    try:
        return to_text(from_excel(number, MAC_EPOCH if starts_1904 else WINDOWS_EPOCH))
    except (OverflowError, ValueError):
        return "#VALUE!"


def _read_iso(value):
    from openpyxl.utils.datetime import from_ISO8601

    return to_text(from_ISO8601(value))
