"""Guessing: where the header is, and what the columns mean. Pure Python."""

import hashlib
import re
from difflib import SequenceMatcher
from itertools import islice

from .cleaning import digits_of, is_missing, read_date
from .targets import IGNORE, INDEX, NOTES, normal

HEADER_ROWS = 20  # the header is looked for among so many rows
SAMPLE_CHARS = 4_000_000  # of all rows that are looked at
LONGEST_NAME = 500  # of a cell that could be the name of a column
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.\w{2,}$")
PHONE = re.compile(r"^\+?[\d\s()./-]{6,20}$")
SURE, LIKELY = 0.75, 0.5  # above: taken; between: taken, but shown as a guess
REPEATABLE = {NOTES, IGNORE, "tags"}


def first_rows(rows, count):
    """Return the first rows that are looked at: not more than ``count``, and not more text than needs be.

    >>> first_rows(iter([(1, ["a"]), (2, ["b"])]), 1)
    [(1, ['a'])]
    """
    found, chars = [], 0
    for number, cells in islice(rows, count):
        found.append((number, cells))
        chars += sum(map(len, cells))
        if chars > SAMPLE_CHARS:
            break
    return found


def find_header(rows, kind="leads"):
    """Return the number of the row (from 0) that holds the names of the columns, or None.

    It is the one with the most names that are known; without any, the first row that holds
    several different texts and nothing that looks like an e-mail, a phone or a date.

    >>> find_header([["Leads of March"], [], ["Name", "E-mail", "Phone"], ["Ann", "ann@x.com", "+1 212 555 0100"]])
    2
    >>> find_header([["Ann", "ann@x.com"], ["Bob", "bob@x.com"]]) is None
    True
    """
    index = INDEX[kind]
    best, found = 0, None
    for number, row in enumerate(rows[:HEADER_ROWS]):
        if any(len(cell) > LONGEST_NAME or _is_value(cell) for cell in row):
            continue
        known = sum(1 for cell in row if normal(cell) in index)
        if known > best:
            best, found = known, number
    if found is not None:
        return found
    widest = max((len([cell for cell in row if cell]) for row in rows[:HEADER_ROWS]), default=0)
    for number, row in enumerate(rows[:HEADER_ROWS]):
        texts = [cell for cell in row if cell.strip()]
        if any(len(cell) > LONGEST_NAME or _is_value(cell) for cell in texts):
            return None
        if texts and len(texts) >= max(1, widest * 0.6) and len(set(texts)) == len(texts):
            return number if number + 1 < len(rows) else None
    return None


def _is_value(cell):
    cell = cell.strip()
    return bool(EMAIL.match(cell) or PHONE.match(cell) or re.fullmatch(r"[\d.,]+", cell) or read_date(cell)[0])


def header_names(header, width):
    """Return the names of all columns: none empty, none twice.

    >>> header_names(["Name", "", "Name"], 4)
    ['Name', 'Column B', 'Name (2)', 'Column D']
    """
    names, seen = [], {}
    for number in range(width):
        name = header[number].strip() if header and number < len(header) else ""
        name = " ".join(name.split())[:120] or f"Column {_letters(number)}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _letters(number):
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def signature(names):
    """Return the same text for files with the same columns, in whatever order and case."""
    text = "\n".join(sorted(normal(name) for name in names))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def guess_columns(names, samples, kind="leads", known=None):
    """Return [(target, confidence 0 to 1)] for the columns.

    :param names: the columns' names
    :param samples: for each column, some of its values
    :param known: {normal name: target} of mappings that people have kept
    """
    index = {**INDEX[kind], **(known or {})}
    options = []
    for number, (name, values) in enumerate(zip(names, samples, strict=True)):
        by_target = _by_name(normal(name), index)
        if kind == "leads":
            for target, score in _by_content(values).items():
                by_target[target] = min(1.0, max(by_target.get(target, 0), score) + 0.1 * (target in by_target))
        options += [(score, -number, target) for target, score in by_target.items() if score >= LIKELY]
    return _share_out(options, len(names))


def _share_out(options, count):
    """Give each column its best target; a target that can stand only once goes to the surest column."""
    result, used = [(IGNORE, 0.0)] * count, set()
    for score, negative, target in sorted(options, reverse=True):
        number = -negative
        if result[number][1] or target in used:
            continue
        result[number] = (target, round(min(score, 1.0), 2))
        if target not in REPEATABLE:
            used.add(target)
    return result


def _by_name(name, index):
    if name in index:
        return {index[name]: 1.0}
    scores = {}
    for known, target in index.items():
        if len(known) < 4 or abs(len(known) - len(name)) > 6:
            continue
        matcher = SequenceMatcher(None, name, known)
        if matcher.real_quick_ratio() < 0.8 or matcher.quick_ratio() < 0.8:
            continue
        ratio = matcher.ratio()
        if ratio >= 0.8:
            scores[target] = max(scores.get(target, 0), ratio * 0.85)
    return scores


def _by_content(values):
    """Return {target: score} from what the cells look like."""
    values = [value.strip() for value in values if not is_missing(value.strip())]
    if not values:
        return {}
    total = len(values)
    scores = {
        "email": sum(bool(EMAIL.match(value)) for value in values) / total * 0.9,
        "phone": sum(bool(PHONE.match(v)) and len(digits_of(v)) >= 8 and not read_date(v)[0] for v in values)
        / total
        * 0.6,
        "date": sum(bool(read_date(value)[0]) and not value.isdigit() for value in values) / total * 0.6,
        "website": sum(value.lower().startswith(("http://", "https://", "www.")) for value in values) / total * 0.8,
    }
    return {target: score for target, score in scores.items() if score >= LIKELY}
