# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""The files that a configuration names: campaign table (CSV), salespeople and web sources (text)."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from ..engine.matching import read_file_lines
from ..tools.storable import is_storable

YES = {"", "true", "t", "yes", "y", "1", "active", "x"}
NO = {"false", "f", "no", "n", "0", "inactive"}
MAX_ROWS = 20_000
MAX_BYTES = 5_000_000
DEFAULT_COLUMNS = {
    "salesperson_column": "salesperson_name",
    "campaign_column": "campaign_name",
    "active_column": "active",
}


@dataclass
class Row:
    """One person as a file or list names them. ``target`` None: no own target; ``level`` "": not named."""

    name: str
    user_id: int | None = None
    campaign: str = ""
    active: bool = True
    team: str | None = None  # None: the source has no team
    level: str = ""
    target: int | None = None
    weight: float | None = None
    login: str = ""
    path: tuple = ()
    line: int | None = None
    extra: dict | None = None


def normal_path(name):
    """Return the path of a file as paths are compared."""
    return "/".join(part for part in str(name).replace("\\", "/").split("/") if part not in ("", "."))


def _are_files(files):
    kinds = str | bytes | bytearray
    return isinstance(files, Mapping) and all(isinstance(content, kinds) for content in files.values())


class Files:
    """The files that came with a configuration, by the name it uses for them."""

    def __init__(self, files, report, _):
        self.given = files or {}
        if not _are_files(self.given):
            report.add("problem", ("files",), _("Expected the names of files, each with its content."))
            self.given = {}
        self.files = {normal_path(name): content for name, content in self.given.items()}
        self.report = report
        self._ = _

    def read_text(self, name, path):
        """Return the text of a file, or None after adding a problem.

        A file given under its bare name is found under a longer path, too, if it is the only one.
        """
        wanted = normal_path(name)
        content = self.files.get(wanted, self.given.get(name))
        if content is None:
            base = wanted.rpartition("/")[2]
            same = [known for known in self.files if known.rpartition("/")[2] == base]
            content = self.files[same[0]] if len(same) == 1 else None
        if content is None:
            self.report.add("problem", path, self._("The file %s is named, but it was not given.", name))
            return None
        if len(content) > MAX_BYTES:
            self.report.add("problem", path, self._("The file %s is too large.", name))
            return None
        if isinstance(content, str):
            return self._check_text(content.removeprefix("\ufeff"), name, path)
        return self._decode(bytes(content), name, path)

    def _decode(self, content, name, path):
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
            self.report.add("warning", path, self._("The file %s is not in UTF-8; it was read as Windows text.", name))
        return self._check_text(text, name, path)

    def _check_text(self, text, name, path):
        if is_storable(text):
            return text
        self.report.add("problem", path, self._("The file %s is no text.", name))
        return None


def read_campaign_table(text, file, columns, report, _):
    """Return the rows of a CSV of salespeople and campaigns.

    :param file: the name of the file, for messages
    :param columns: other names of columns than ``DEFAULT_COLUMNS``
    """
    names = {key: columns.get(key) or default for key, default in DEFAULT_COLUMNS.items()}
    first = text.lstrip().split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else "\t" if "\t" in first else ","
    reader = csv.DictReader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        header = [(name or "").strip() for name in reader.fieldnames or ()]
        reader.fieldnames = header
        missing = [names[key] for key in ("salesperson_column", "campaign_column") if names[key] not in header]
        if missing:
            report.add("problem", file, _("The column %s is missing.", ", ".join(missing)))
            return []
        rows = []
        for cells in reader:
            if len(rows) >= MAX_ROWS:
                report.add("problem", file, _("The file has more than %s rows.", MAX_ROWS))
                break
            row = _read_table_row(cells, names, file, reader.line_num, report, _)
            rows += [row] if row else []
    except csv.Error as error:
        report.add("problem", file, _("This is no CSV: %s.", error), reader.line_num)
        return []
    return rows


def _read_table_row(cells, names, file, line, report, _):
    get = lambda column: (cells.get(column) or "").strip()  # noqa: E731
    name, user_id = get(names["salesperson_column"]), get("salesperson_id")
    if not name and not user_id:
        if any(isinstance(cell, str) and cell.strip() for cell in cells.values()):
            report.add("warning", file, _("A line without a salesperson was skipped."), line, lasting=True)
        return None
    active = get(names["active_column"]).lower()
    if active not in YES | NO:
        report.add("problem", file, _("“%s” is neither true nor false.", active), line)
    return Row(
        name=name,
        user_id=_read_id(user_id),
        campaign=get(names["campaign_column"]),
        active=active not in NO,
        team=get("team"),
        level=get("level"),
        target=read_number(get("target_leads"), file, line, report, _),
        weight=read_number(get("weight"), file, line, report, _, float),
        path=(file,),
        line=line,
    )


def _read_id(text):
    """An id is only a hint, so one that cannot be read does no harm."""
    return int(text) if text.isdecimal() and 0 < int(text) < 2**31 else None


def read_number(text, file, line, report, _, kind=int):
    """Return a number from 0 of a file, or None where the cell is empty; else a problem."""
    if not text:
        return None
    try:
        value = kind(text)
        if not 0 <= value < 2**31:
            raise ValueError(text)
    except ValueError:
        report.add("problem", file, _("“%s” is no number from 0.", text), line)
        return None
    return value


def read_salespeople(text, file, report, _):
    """Return the rows of a text file with ``name|id|level|target``."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|")]
        if len(parts) < 4:
            text = _("The line has fewer than 4 fields and was skipped.")
            report.add("warning", file, text, number, lasting=True)
            continue
        if not parts[0] and not parts[1]:
            report.add("warning", file, _("A line without a salesperson was skipped."), number, lasting=True)
            continue
        rows.append(
            Row(
                name=parts[0],
                user_id=_read_id(parts[1]),
                level=parts[2],
                target=read_number(parts[3], file, number, report, _),
                path=(file,),
                line=number,
            )
        )
    return rows


def read_web_sources(text):
    """Return the names of a text file, one a line, without comments."""
    return read_file_lines(text)
