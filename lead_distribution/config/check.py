# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Compares a configuration with its schema: what is right comes back, what is wrong goes into the report."""

import re
from datetime import date, datetime
from difflib import get_close_matches

from ..engine.dropback import parse_condition
from ..finding.guarded_matching import explain_broken
from ..tools.limits import CHAR, LONGEST_DAYS, WHOLE
from ..tools.storable import list_unstorable
from . import kinds
from .table import ROOT
from .unneeded import get_reasons

LINE_BREAK = re.compile(r"[\r\n]")  # as the lines of a stored list are told apart
NUMBERS = ("whole", "days", "number")
SHOWN_KEYS = 12
SHOWN = 80
EXPLAINED = 100  # further unknown keys are only named
MISSING = object()
TRIGGER = re.compile(r"^\s*when_(lead_count|salespeople_count)\s*<\s*(\d{1,9})\s*$")
MANUAL_TRIGGER = re.compile(r"^\s*when_manual_override\s*(?:$|==?\s*true\s*$)", re.IGNORECASE)


def parse_trigger(text):
    """Return a trigger of the round-robin override as (what, below which number), or None.

    >>> parse_trigger("when_lead_count < 10")
    ('lead_count', 10)
    >>> parse_trigger("when_manual_override = true")
    ('manual_override', None)
    >>> parse_trigger("when_manual_override = false")
    >>> parse_trigger("when_it_rains")
    """
    found = TRIGGER.match(text)
    if found:
        return found.group(1), int(found.group(2))
    return ("manual_override", None) if MANUAL_TRIGGER.match(text) else None


def find_key_elsewhere(key, node=ROOT, path=()):
    """Return the paths in the schema at which a key is right."""
    found = []
    if isinstance(node, kinds.Section):
        for name, below in node.keys.items():
            found += [(*path, name)] if name == key else []
            found += find_key_elsewhere(key, below, (*path, name))
    for option in getattr(node, "options", ()):
        found += find_key_elsewhere(key, option, path)
    return found


def explain_choice(value, choices, _):
    """Return what to write instead of a value that is none of the choices."""
    several = [part.strip() for part in str(value).split("|")]
    if len(several) > 1 and all(part in choices for part in several):
        return _("Write one of these values: %s.", ", ".join(several))
    near = get_close_matches(str(value)[:SHOWN], choices, n=1)
    text = _("“%(value)s” is none of: %(choices)s.", value=value, choices=", ".join(choices))
    return text + " " + _("Did you mean “%s”?", near[0]) if near else text


class Checker:
    """Checks one configuration."""

    def __init__(self, report, _):
        self.report = report
        self._ = _
        self.regexes = []  # (path, pattern), tried all at once
        self.unstorable = set()  # paths of texts that no database keeps

    def check(self, data):
        """Return the parts of a configuration that are right; empty values are left out."""
        self.unstorable = set(list_unstorable(data))
        cleaned = self._check(ROOT, data, ())
        self._check_regexes()
        return {} if cleaned is MISSING else cleaned

    def _check_regexes(self):
        broken = explain_broken([pattern for _path, pattern in self.regexes], None, self._)
        for path, pattern in self.regexes:
            if pattern in broken:
                self._problem(path, broken[pattern])

    def _problem(self, path, text):
        self.report.add("problem", path, text)
        return MISSING

    def _check(self, node, value, path):
        if value is None:
            return MISSING
        if node.unneeded:
            self.report.add("unneeded", path, get_reasons(self._)[node.unneeded])
        if path in self.unstorable:
            return self._problem(path, self._("The text contains a character that cannot be stored."))
        return getattr(self, f"_check_{type(node).__name__.lower()}")(node, value, path)

    def _check_section(self, node, value, path):
        if not isinstance(value, dict):
            return self._problem(path, self._("Keys and values are expected here, not %s.", self._name(value)))
        cleaned = {}
        self._tell_if_off(node, value, path)
        for key, item in value.items():
            if key not in node.keys:
                self._problem((*path, key), self._explain_unknown(key, node, path))
                continue
            result = self._check(node.keys[key], item, (*path, key))
            if result is not MISSING:
                cleaned[key] = result
        return cleaned

    def _tell_if_off(self, node, value, path):
        """A section with keys that does not say whether it is on is off; the writer should know."""
        governed = [key for key in node.governed or node.keys if key != node.switch]
        silent = node.switch and value.get(node.switch) is None
        if silent and any(value.get(key) is not None for key in governed):
            text = self._("Without %s: true, it is off.", node.switch)
            self.report.add("warning", path, text, lasting=True)

    def _check_named(self, node, value, path):
        if not isinstance(value, dict):
            return self._problem(path, self._("Keys and values are expected here, not %s.", self._name(value)))
        for key in value:
            if (*path, key) in self.unstorable:  # the key, or its value
                self._problem((*path, key), self._("The text contains a character that cannot be stored."))
            elif len(key) > CHAR:
                self._problem((*path, key), self._("The key is longer than %s characters.", CHAR))
        storable = {key: item for key, item in value.items() if (*path, key) not in self.unstorable}
        checked = {key: self._check(node.value, item, (*path, key)) for key, item in storable.items()}
        # a name without anything below it is still a name
        empty = {} if isinstance(node.value, kinds.Section) else None
        named = {key: empty if result is MISSING else result for key, result in checked.items()}
        return {key: result for key, result in named.items() if result is not None}

    def _check_items(self, node, value, path):
        if not isinstance(value, list):
            return self._problem(path, self._("A list is expected here, not %s.", self._name(value)))
        checked = [self._check(node.item, item, (*path, number)) for number, item in enumerate(value)]
        return [item for item in checked if item is not MISSING and not (isinstance(item, str) and not item.strip())]

    def _check_either(self, node, value, path):
        wanted = {dict: kinds.Section, list: kinds.Items}.get(type(value), kinds.Leaf)
        fitting = [option for option in node.options if isinstance(option, wanted)]
        if len(fitting) > 1:  # several kinds of single values: by the type of the value
            is_number = isinstance(value, (int, float))
            fitting = [o for o in fitting if (o.kind in NUMBERS) == is_number] or fitting
        if not fitting:
            words = {kinds.Section: self._("a block"), kinds.Items: self._("a list"), kinds.Leaf: self._("a text")}
            names = self._(" or ").join(words[type(option)] for option in node.options)
            return self._problem(
                path, self._("%(wanted)s is expected here, not %(found)s.", wanted=names, found=self._name(value))
            )
        return self._check(fitting[0], value, path)

    def _check_leaf(self, node, value, path):
        return getattr(self, f"_check_{node.kind}")(node, value, path)

    def _check_any(self, node, value, path):
        if any(place[: len(path)] == path for place in self.unstorable):
            return self._problem(path, self._("The text contains a character that cannot be stored."))
        return value

    def _check_name(self, node, value, path):
        """A text as it is: what is compared with what exists may begin or end with blanks."""
        checked = self._check_text(node, value, path)
        return value if checked and checked is not MISSING and isinstance(value, str) else checked

    def _check_line(self, node, value, path):
        checked = self._check_text(node, value, path)
        if checked is not MISSING and LINE_BREAK.search(checked):
            return self._problem(path, self._("A text of a list must be in one line."))
        return checked

    def _check_pattern(self, node, value, path):
        checked = self._check_line(node, value, path)
        return value if checked is not MISSING and isinstance(value, str) else checked

    def _check_text(self, node, value, path):
        if isinstance(value, (date, datetime)):
            value = value.isoformat()
        if isinstance(value, (bool, dict, list)):
            hint = self._("A text is expected here, not %s.", self._name(value))
            if isinstance(value, bool):
                hint += " " + self._("If it is a name, put it in quotes.")
            return self._problem(path, hint)
        value = str(value).strip()
        limit = node.high or CHAR
        if len(value) > limit:
            return self._problem(path, self._("The text is longer than %s characters.", limit))
        return value

    def _check_flag(self, node, value, path):
        if not isinstance(value, bool):
            return self._problem(path, self._("true or false is expected here, not %s.", self._name(value)))
        return value

    def _check_whole(self, node, value, path):
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            return self._problem(path, self._("A whole number is expected here, not %s.", self._name(value)))
        return self._check_limits(node, value, path)

    def _check_days(self, node, value, path):
        checked = self._check_whole(node, value, path)
        return checked if checked is MISSING else min(checked, LONGEST_DAYS)

    def _check_number(self, node, value, path):
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return self._problem(path, self._("A number is expected here, not %s.", self._name(value)))
        return self._check_limits(node, value, path)

    def _check_limits(self, node, value, path):
        low, high = node.low, WHOLE if node.high is None else node.high
        if not low <= value <= high:  # NaN, too, is not between them
            return self._problem(
                path, self._("%(value)s is not between %(low)s and %(high)s.", value=value, low=low, high=high)
            )
        return value

    def _check_date(self, node, value, path):
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            return self._problem(path, self._("“%s” is no date; write it like 2024-01-31.", value))

    def _check_choice(self, node, value, path):
        if not isinstance(value, str) or value.strip() not in node.choices:
            return self._problem(path, explain_choice(value, node.choices, self._))
        return value.strip()

    def _check_regex(self, node, value, path):
        pattern = self._check_pattern(node, value, path)
        if pattern is MISSING:
            return MISSING
        self.regexes.append((path, pattern))
        return pattern

    def _check_condition(self, node, value, path):
        condition = self._check_line(node, value, path)
        if condition is MISSING:
            return MISSING
        try:
            parse_condition(condition)
        except ValueError:
            text = self._("“%s” is no condition. Write it like: priority >= 3, or: tag_ids contains 'vip'.", condition)
            return self._problem(path, text)
        return condition

    def _check_trigger(self, node, value, path):
        trigger = self._check_text(node, value, path)
        if trigger is MISSING or parse_trigger(trigger):
            return trigger
        text = self._(
            "“%s” is no condition that can hold. There are: when_lead_count < 10, when_salespeople_count < 3, "
            "when_manual_override = true.",
            trigger,
        )
        return self._problem(path, text)

    def _name(self, value):
        """Return what a value is, in words."""
        if isinstance(value, dict):
            return self._("keys and values")
        if isinstance(value, list):
            return self._("a list")
        return f"“{str(value)[:60]}”" if not isinstance(value, bool) else str(value).lower()

    def _explain_unknown(self, key, node, path):
        if len(self.report.messages) > EXPLAINED:
            return self._("Unknown key.")
        near = get_close_matches(key[:SHOWN], node.keys, n=1)
        if near:
            return self._("Unknown key. Did you mean “%s”?", near[0])
        elsewhere = min(find_key_elsewhere(key), key=len, default=None)
        if elsewhere:
            return self._("Unknown key here; it belongs to %s.", ".".join(elsewhere[:-1]) or self._("the top"))
        known = list(node.keys)[:SHOWN_KEYS]
        return self._("Unknown key. There are: %s.", ", ".join(known) + (" …" if len(node.keys) > SHOWN_KEYS else ""))
