"""Where leads that got too old go: conditions, and the rule for a web source (specification 3.6)."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

OPERATORS = (">=", "<=", ">", "<", "=")
_NUMBER = re.compile(r"^\s*(\w+)\s*(>=|<=|==|=|>|<)\s*(-?\d{1,15}(?:\.\d{1,15})?)\s*$")
_CONTAINS = re.compile(r"^\s*(\w+)\s+contains\s+(['\"])(.+)\2\s*$")


def parse_condition(text):
    """Return a condition in text form as (field, operator, value).

    :raise ValueError: if it is in none of the two forms

    >>> parse_condition("priority >= 3")
    ('priority', '>=', 3.0)
    >>> parse_condition("tag_ids contains 'vip'")
    ('tag_ids', 'contains', 'vip')
    """
    found = _NUMBER.match(text)
    if found:
        name, operator, number = found.groups()
        return name, "=" if operator == "==" else operator, float(number)
    found = _CONTAINS.match(text)
    if found:
        return found.group(1), "contains", found.group(3)
    raise ValueError(text)


@dataclass(frozen=True)
class SourceRule:
    """One campaign of the dropback: its key and its exact source names."""

    key: str
    exact: tuple[str, ...] = ()


def find_rule(
    rules: Sequence[SourceRule], texts: Sequence[str | None], fitting: Mapping[str, Collection[str]]
) -> str | None:
    """Return the key of the first rule for a lead's source texts, or None.

    The texts are those of the primary field and then of the fallback fields. For each that
    is not empty: first the exact names of all rules, whatever their case, then their
    patterns, rules in their order.

    :param fitting: {rule key: texts that one of the rule's patterns fits}

    >>> voice, apple = SourceRule("Voice"), SourceRule("Apple", ("iPhone page",))
    >>> fitting = {"Voice": {"my phone", "iphone page"}, "Apple": set()}
    >>> find_rule([voice, apple], [None, "my phone"], fitting)
    'Voice'
    >>> find_rule([voice, apple], ["iphone page"], fitting)
    'Apple'
    """
    for text in texts:
        wanted = (text or "").strip().lower()
        if not wanted:
            continue
        for rule in rules:
            if any(wanted == name.strip().lower() for name in rule.exact):
                return rule.key
        for rule in rules:
            if text in fitting.get(rule.key, ()):
                return rule.key
    return None
