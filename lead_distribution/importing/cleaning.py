"""Cleaning of single values of a file. Pure Python, nothing of Odoo.

Each function takes text as it stands in the file and returns what is kept of it. Words such as N/A
say that there is no value.
"""

import re
import unicodedata
from datetime import date, timedelta
from urllib.parse import urlsplit

from ..tools.safe_export import SIGNS

MISSING = {
    "n/a", "n.a.", "#n/a", "#value!", "#ref!", "#div/0!", "none", "null", "(null)", "nil", "nan", "nat", "-", "--",
    "---", "–", "—", "?", "??", "n/d", "undefined", "empty", "(empty)", "\\n", "not available", "k.a.", "k. a.",
}  # fmt: skip
PARTICLES = {"van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "du", "la", "le", "el", "bin", "y"}
MAX_TEXT = 32_767  # what a cell of a spreadsheet can hold
MAX_DATE = 100  # no date, with its time, is longer
THOUSANDS = re.compile(r"-?\d{1,3}[.,]\d{3}")
MAX_NUMBER = 1e15  # above, a number of this kind has no cents any more
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio januari janeiro",
            "feb february februar février fevrier febrero febbraio februari fevereiro",
            "mar march märz maerz mrz mars marzo maart março",
            "apr april avril abril aprile",
            "may mai mayo maggio mei maio",
            "jun june juni juin junio giugno junho",
            "jul july juli juillet julio luglio julho",
            "aug august août aout agosto augustus",
            "sep sept september septembre septiembre settembre setembro",
            "oct okt october oktober octobre octubre ottobre outubro",
            "nov november novembre noviembre novembro",
            "dec dez december dezember décembre decembre diciembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
UNSEEN = " \u200c\u200d\u115f\u1160\u3164\uffa0\u2800"
ORDERS = ("dmy", "mdy", "ymd")
EXCEL_EPOCH = date(1899, 12, 30)


def clean_text(text, lines=False):
    """Trim, take control characters out, make runs of blanks one; with ``lines`` keep line breaks.

    >>> clean_text("  Ann\\x00\\u00a0 Lee\\u200b "), clean_text("\\u200d \\u3164")
    ('Ann Lee', '')
    """
    if lines:
        parts = (clean_text(part) for part in text.replace("\r\n", "\n").split("\n"))
        return "\n".join(parts).strip()
    if not (text.isascii() and text.isprintable()):
        text = "".join(" " if _is_blank(char) else char for char in text if not _is_dropped(char))
        text = text if text.strip(UNSEEN) else ""  # joiners that join nothing, letters without a form
    return _without_guard(" ".join(text.split()))


def _is_blank(char):
    return char in "\t\n\r\v\f" or unicodedata.category(char) == "Zs"


def _is_dropped(char):
    """Control and invisible characters; the joiner of emoji and of some scripts stays."""
    if char in "\t\n\r\v\f\u200c\u200d":
        return False
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn")


def _without_guard(text):
    """Take away the apostrophe that our own export puts before a sign that starts a formula."""
    rest = text[1:].lstrip()
    return rest if rest and text[0] == "'" and rest[0] in SIGNS else text


def is_missing(text, is_code=False):
    """Whether a text only says that there is no value.

    :param is_code: ``NA`` is a country, and may be a person's initials elsewhere
    """
    lowered = text.lower()
    return not lowered or lowered in MISSING or (lowered == "na" and not is_code)


def fix_name(text):
    """Give a name its capitals, if it is all in one case.

    >>> fix_name("JEAN-LUC O'NEILL"), fix_name("ludwig van der rohe"), fix_name("McDonald")
    ("Jean-Luc O'Neill", 'Ludwig van der Rohe', 'McDonald')
    """
    if not (text.islower() or (text.isupper() and len(text) > 3)):
        return text
    words = text.lower().split(" ")
    return " ".join(
        word if word in PARTICLES and index else re.sub(r"(^|[-'’.])(\w)", lambda m: m[1] + m[2].upper(), word)
        for index, word in enumerate(words)
    )


def order_name(text):
    """Turn “Doe, John” into “John Doe”; anything with more commas stays.

    >>> order_name("Doe, John"), order_name("Smith, Jones, and Sons")
    ('John Doe', 'Smith, Jones, and Sons')
    """
    parts = [part.strip() for part in text.split(",")]
    return f"{parts[1]} {parts[0]}" if len(parts) == 2 and all(parts) else text


def join_name(first, full, last):
    """Return the name of a person; in “Name” beside “First name” often stands the last name alone.

    >>> join_name("Hans", "Müller", None), join_name("Ann", "Ann Lee", None), join_name("Ann", "Dr. Ann Lee", "Lee")
    ('Hans Müller', 'Ann Lee', 'Ann Lee')
    """
    if not full or (first and last):
        return " ".join(filter(None, (first, last)))
    is_part = {*(first or last or "").casefold().split()} <= {*full.casefold().split()}
    return full if is_part else " ".join(filter(None, (first, full, last)))


def digits_of(text):
    """Return the digits of a phone number, without the zeros of an international prefix.

    >>> digits_of("+1 (212) 555-0100"), digits_of("0049 30 123"), digits_of("none")
    ('12125550100', '4930123', '')
    """
    digits = re.sub(r"\D", "", re.split(r"(?i)\b(?:ext|x|durchwahl)\b|;", text)[0])
    return digits[2:] if digits.startswith("00") else digits


def read_date(text, order="dmy"):
    """Return (date or None, whether day and month could as well be the other way round).

    :param order: which comes first where it cannot be told: dmy, mdy or ymd

    >>> read_date("2024-03-09 10:00:00"), read_date("3/4/2024", "mdy"), read_date("12. März 2024")
    ((datetime.date(2024, 3, 9), False), (datetime.date(2024, 3, 4), True), (datetime.date(2024, 3, 12), False))
    """
    text = text.strip()
    if len(text) > MAX_DATE:
        return None, False
    text = re.sub(r"[T ]\d{1,2}:\d{2}.*$", "", text)
    if ":" in text:
        return None, False  # a time of day, without a day
    if re.fullmatch(r"[0-9]{8}", text):
        return _make_date(int(text[:4]), int(text[4:6]), int(text[6:])), False
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):  # the day count of a spreadsheet
        return EXCEL_EPOCH + timedelta(days=int(text[:5])), False
    parts = re.findall(r"\d+|[^\W\d_]{3,}", text)
    named = [part for part in parts if not part.isdecimal()]
    if len(parts) != 3 or any(len(part) > 4 for part in parts if part.isdecimal()):
        return None, False
    if named:
        return _read_named(parts, named), False
    return _read_numbers(parts, order)


def _read_named(parts, named):
    month = MONTHS.get(named[0].lower())
    numbers = [part for part in parts if part.isdecimal()]
    if month is None or len(numbers) != 2:
        return None
    year, day = (numbers[0], numbers[1]) if len(numbers[0]) == 4 else (numbers[1], numbers[0])
    return _make_date(_full_year(year), month, int(day))


def _read_numbers(parts, order):
    if len(parts[0]) == 4:
        return _make_date(*map(int, parts)), False
    if order == "ymd" and len(parts[2]) <= 2:
        return _make_date(_full_year(parts[0]), int(parts[1]), int(parts[2])), False
    first, second, year = int(parts[0]), int(parts[1]), _full_year(parts[2])
    month_first = order == "mdy" if max(first, second) <= 12 else second > 12
    day, month = (second, first) if month_first else (first, second)
    return _make_date(year, month, day), max(first, second) <= 12 and first != second


def _full_year(text):
    year = int(text)
    return year if len(text) > 2 else 2000 + year if year < 70 else 1900 + year


def _make_date(year, month, day):
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def guess_date_order(texts):
    """Return the order that the dates of a column prove, or None.

    >>> guess_date_order(["01/02/2024", "01/31/2024"]), guess_date_order(["01/02/2024"])
    ('mdy', None)
    """
    for text in texts:
        match = re.match(r"^(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}", text.strip())
        if match and int(match[1]) > 12 >= int(match[2]):
            return "dmy"
        if match and int(match[2]) > 12 >= int(match[1]):
            return "mdy"
    return None


POWER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?[eE][+-]?[0-9]{1,3}")


def read_number(text, point="."):
    """Return the number of a text in either notation, or None.

    :param point: the sign before decimals where a number leaves it open, as 1.234 does

    >>> read_number("1.234,50 €"), read_number("$1,234.50"), read_number("1'000"), read_number("abc")
    (1234.5, 1234.5, 1000.0, None)
    >>> read_number("1.234"), read_number("1.234", ","), read_number("1.234.567"), read_number("12,5")
    (1.234, 1234.0, 1234567.0, 12.5)
    >>> read_number("1E+05"), read_number("1e999"), read_number("3 of 5")
    (100000.0, None, None)
    """
    if POWER.fullmatch(text.strip()):  # as spreadsheets write what is long
        return _keep_in_bounds(float(text))
    if _is_interrupted(text):
        return None
    text = re.sub(r"[^\d.,-]", "", text)
    point = _find_point(text, point)
    text = "".join("." if char == point else char for char in text if char == point or char not in ".,")
    try:
        number = float(text)
    except ValueError:
        return None
    return _keep_in_bounds(number)


def _keep_in_bounds(number):
    return number if abs(number) <= MAX_NUMBER else None


def _find_point(text, usual):
    """Return the sign before the decimals of a number, or nothing if it has none."""
    signs = [char for char in text if char in ".,"]
    if len(set(signs)) == 2:
        return signs[-1] if signs.count(signs[-1]) == 1 else ""
    if len(signs) == 1 and not (signs[0] != usual and THOUSANDS.fullmatch(text)):
        return signs[0]
    return ""


def _is_interrupted(text):
    """Whether there are letters between the digits; before and behind them, they are a currency."""
    first, *rest = [place for place, char in enumerate(text) if char.isdigit()] or [0]
    return any(char.isalpha() for char in text[first : rest[-1] if rest else 0])


def is_website(text):
    """Whether a text can be the address of a web site.

    >>> is_website("example.com/a"), is_website("http://[::1")
    (True, False)
    """
    try:
        urlsplit(text)
        urlsplit(f"http://{text}")
    except ValueError:
        return False
    return True
