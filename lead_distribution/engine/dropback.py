"""Where leads that got too old go: conditions, and the rule for a web source."""

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
    rules: Sequence[SourceRule], fields: Sequence[Collection[str]], fitting: Mapping[str, Collection[str]]
) -> str | None:
    """Return the key of the first rule for what a lead has in its source fields, or None.

    For each field with a value: first the exact names of all rules, whatever their case,
    then their patterns, rules in their order.

    :param fields: the texts under which the value may be named, of the primary field and then
        of the fallback fields; empty where a field has no value
    :param fitting: {rule key: texts that one of the rule's patterns fits}

    >>> voice, apple = SourceRule("Voice"), SourceRule("Apple", ("iPhone page",))
    >>> fitting = {"Voice": {"my phone", "iphone page"}, "Apple": set()}
    >>> find_rule([voice, apple], [(), ("my phone",)], fitting)
    'Voice'
    >>> find_rule([voice, apple], [("iphone page",)], fitting)
    'Apple'
    """
    for texts in fields:
        wanted = {text.strip().lower() for text in texts} - {""}
        for rule in rules if wanted else ():
            if any(name.strip().lower() in wanted for name in rule.exact):
                return rule.key
        for rule in rules if wanted else ():
            if any(text in fitting.get(rule.key, ()) for text in texts):
                return rule.key
    return None
