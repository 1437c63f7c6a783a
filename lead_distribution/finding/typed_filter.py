# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Reads a filter that somebody typed: Odoo's domain syntax, and nothing that computes.

The text is parsed, never executed. What the domain widget writes is understood: texts, numbers,
lists, ``uid``, and dates counted from today. All else (arithmetic, comprehensions, other calls)
is refused before anything is worked out.
"""

import ast
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from ..tools.storable import is_storable
from .dates import get_today

MAX_CHARACTERS = 10_000
MAX_PARTS = 4_000
MAX_DEPTH = 20
LARGEST = 2**63 - 1  # what PostgreSQL compares without turning to decimals
SHOWN = 60
OPERATORS = ("&", "|", "!")
FORMAT = re.compile(r"(?:%[YmdHMS]|[-:/ T.]){0,30}")
DELTA_NAMES = {
    "years", "months", "weeks", "days", "hours", "minutes", "seconds",
    "year", "month", "day", "hour", "minute", "second", "weekday",
}  # fmt: skip
LARGEST_DELTA = 400_000


class FilterRefused(ValueError):
    """The filter has a part that is not allowed; the argument says which, in words."""


@dataclass(frozen=True)
class Moment:
    """When a filter is read: ``now`` in UTC without zone, and the name of the zone in which days are counted."""

    now: datetime
    zone: str = "UTC"

    def get_today(self):
        return get_today(self.now, self.zone)

    def to_utc(self, moment):
        return pytz.timezone(self.zone).localize(moment).astimezone(pytz.utc).replace(tzinfo=None)


def read_filter(text, uid, moment, _):
    """Return a filter as a domain in list form.

    :param uid: id of the user that ``uid`` means
    :param moment: a ``Moment``, from which dates are counted
    :param _: translates
    :raise FilterRefused: with a text for users

    >>> read_filter("[('user_id', '=', uid)]", 7, Moment(datetime(2024, 1, 31)), str)
    [('user_id', '=', 7)]
    >>> read_filter("[('d', '<', (context_today() + relativedelta(months=1)).strftime('%Y-%m-%d'))]",
    ...             7, Moment(datetime(2024, 1, 31)), str)
    [('d', '<', '2024-02-29')]
    """
    text = (text or "").strip() or "[]"
    if len(text) > MAX_CHARACTERS:
        raise FilterRefused(_("it is longer than %s characters", MAX_CHARACTERS))
    try:
        tree = ast.parse(text, mode="eval")
        parts = sum(1 for _node in ast.walk(tree))
    except (SyntaxError, ValueError) as error:
        raise FilterRefused(_("it cannot be read: brackets, commas or quotation marks are missing")) from error
    except (MemoryError, RecursionError) as error:
        raise FilterRefused(_("it is nested too deeply")) from error
    if parts > MAX_PARTS:
        raise FilterRefused(_("it has more than %s parts", MAX_PARTS))
    domain = _Evaluator(text, uid, moment, _).evaluate(tree.body, 0)
    _check_shape(domain, _)
    return domain


def _check_shape(domain, _):
    """Check that this is a list of conditions and operators that is not nested too deeply."""
    if not isinstance(domain, (list, tuple)):
        raise FilterRefused(_("a list of conditions is expected"))
    depths = []
    for item in reversed(domain):
        if item in OPERATORS:
            wanted = 1 if item == "!" else 2
            if len(depths) < wanted:
                raise FilterRefused(_("a condition is missing after “%s”", item))
            taken = [depths.pop() for _number in range(wanted)]
            # several conditions joined in the same way lie side by side
            depth = max(d if kind == item and item != "!" else d + 1 for kind, d in taken)
            depths.append((item, depth))
        elif isinstance(item, (list, tuple)) and len(item) == 3:
            depths.append(("", 0))
            if item[1] in ("any", "not any"):
                _check_shape(item[2], _)
        else:
            raise FilterRefused(_("“%s” is no condition", str(item)[:SHOWN]))
    if any(depth > MAX_DEPTH for _kind, depth in depths):
        raise FilterRefused(_("it is nested too deeply"))


class _Evaluator:
    """Works out the value of a tree of allowed forms."""

    def __init__(self, text, uid, moment, _):
        self.text = text
        self.moment = moment
        self.names = {"uid": uid, "true": True, "false": False}
        self._ = _

    def refuse(self, node):
        part = (ast.get_source_segment(self.text, node) or "")[:SHOWN]
        raise FilterRefused(self._("“%s” is not allowed in a filter", part))

    def evaluate(self, node, depth):
        if depth > MAX_DEPTH:
            raise FilterRefused(self._("it is nested too deeply"))
        reader = {
            ast.Constant: self.read_constant,
            ast.List: self.read_list,
            ast.Tuple: self.read_list,
            ast.Name: self.read_name,
            ast.UnaryOp: self.read_signed,
            ast.BinOp: self.read_date_sum,
            ast.Call: self.read_call,
        }.get(type(node))
        return reader(node, depth) if reader else self.refuse(node)

    def read_constant(self, node, _depth):
        value = node.value
        if isinstance(value, str):
            return value if is_storable(value) else self.refuse(node)
        if not isinstance(value, (bool, int, float, type(None))):
            self.refuse(node)
        if value and not -LARGEST <= value <= LARGEST:  # infinity, too
            raise FilterRefused(self._("a number is too large"))
        return value

    def read_list(self, node, depth):
        values = [self.evaluate(item, depth + 1) for item in node.elts]
        return tuple(values) if isinstance(node, ast.Tuple) else values

    def read_name(self, node, _depth):
        return self.names[node.id] if node.id in self.names else self.refuse(node)

    def read_signed(self, node, depth):
        number = node.operand
        is_number = isinstance(number, ast.Constant) and type(number.value) in (int, float)
        if not is_number or not isinstance(node.op, (ast.USub, ast.UAdd)):
            self.refuse(node)
        value = self.evaluate(number, depth + 1)
        return -value if isinstance(node.op, ast.USub) else value

    def read_date_sum(self, node, depth):
        """A date and a span of time; no other arithmetic."""
        if not isinstance(node.op, (ast.Add, ast.Sub)):
            self.refuse(node)
        left, right = self.evaluate(node.left, depth + 1), self.evaluate(node.right, depth + 1)
        if not isinstance(left, date) or not isinstance(right, (relativedelta, timedelta)):
            self.refuse(node)
        try:
            return left + right if isinstance(node.op, ast.Add) else left - right
        except (OverflowError, ValueError) as error:
            raise FilterRefused(self._("a date lies outside the years 1 to 9999")) from error

    def read_call(self, node, depth):
        arguments = [self.evaluate(item, depth + 1) for item in node.args]
        named = {keyword.arg: self.evaluate(keyword.value, depth + 1) for keyword in node.keywords}
        name = self.get_path(node.func)
        function = self.get_function(name) if name else None
        if function is None and isinstance(node.func, ast.Attribute):
            function = self.get_method(self.evaluate(node.func.value, depth + 1), node.func.attr)
        if function is None:
            self.refuse(node)
        try:
            return function(*arguments, **named)
        except (TypeError, ValueError, OverflowError):
            self.refuse(node)

    @staticmethod
    def get_path(node):
        """Return a dotted name such as ``datetime.datetime.now``, or None if it is none."""
        names = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else None

    def get_function(self, path):
        name = path.removeprefix("datetime.") if path.count(".") else path
        now = self.moment.now
        return {
            "context_today": self.moment.get_today,
            "date.today": self.moment.get_today,
            "now": lambda: now,
            "utcnow": lambda: now,
            "datetime.now": lambda: now,
            "datetime.utcnow": lambda: now,
            "datetime.today": lambda: now,
            "datetime.combine": lambda day, at: datetime.combine(day, at),
            "combine": lambda day, at: datetime.combine(day, at),
            "date": date,
            "datetime": datetime,
            "time": time,
            "timedelta": make_timedelta,
            "relativedelta": make_delta,
            "time.strftime": lambda wanted: format_date(now, wanted),
        }.get(name)

    def get_method(self, value, name):
        if not isinstance(value, date):
            return None
        if name == "strftime":
            return lambda wanted: format_date(value, wanted)
        if isinstance(value, datetime) and name in ("to_utc", "date"):
            return {"to_utc": lambda: self.moment.to_utc(value), "date": value.date}[name]
        return value.replace if name == "replace" else None


def format_date(moment, wanted):
    """Return a date as text; only numbers of years to seconds, no widths.

    :raise ValueError: for any other format
    """
    if not FORMAT.fullmatch(wanted):
        raise ValueError(wanted)
    return moment.strftime(wanted)


def make_delta(**named):
    """Return a span of calendar time.

    :raise ValueError: for names that are none, and numbers that are no span
    """
    numbers = all(type(value) is int and abs(value) <= LARGEST_DELTA for value in named.values())
    if not numbers or not named.keys() <= DELTA_NAMES:
        raise ValueError(named)
    return relativedelta(**named)


def make_timedelta(days=0, **named):
    """Return a span of time of a fixed length; as ``make_delta``."""
    return make_delta(days=days, **named)
