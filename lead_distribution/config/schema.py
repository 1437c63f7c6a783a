"""The table of keys as a JSON schema: an editor that knows it completes keys, and marks what is wrong. Pure Python."""

from .kinds import Either, Items, Named, Section
from .table import BLOCKS, KEYS, ROOT, SETTING_KEYS
from .unneeded import get_reasons
from .write_yaml import get_comments

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REASONS = get_reasons(str)
SECTIONS = get_comments(str)
NULL = {"type": "null"}  # what is empty says nothing
TEXT = {"type": ["string", "number"]}  # a number is a text, where a text is expected
NUMBERS = {"whole": "integer", "days": "integer", "number": "number"}
TRIGGER = r"^\s*when_((lead|salespeople)_count\s*<\s*\d+|manual_override(\s*==?\s*true)?)\s*$"


def make_schema():
    """Return the schema of a configuration, as plain data.

    >>> make_schema()["properties"]["campaign"]["anyOf"][0]["properties"]["active"]["anyOf"][0]
    {'type': 'boolean'}
    """
    schema = {"$schema": DIALECT, "title": "Lead distribution: a campaign as text", **_describe(ROOT, "")}
    odoo = schema["properties"]["odoo"]["anyOf"][0]
    settings = odoo["properties"]["settings"]["anyOf"][0]
    settings["properties"] = {name: {"description": key.words} for name, key in SETTING_KEYS.items()}
    return schema


def find_words(path):
    """Return what is said of a key or a section, and why it is not needed."""
    line = KEYS.get(path) or BLOCKS.get(path)
    if not line:
        return SECTIONS.get(path, "")
    unneeded = line.unneeded if path in BLOCKS else line.kind.unneeded
    return REASONS[unneeded] if unneeded else line.words or SECTIONS.get(path, "")


def _describe(kind, path=None):
    """Return the schema of a kind.

    :param path: of a section of the table: its keys have words; nothing for what is below a key of the writer's own
    """
    match kind:
        case Section():
            start = f"{path}." if path else path
            paths = {key: None if start is None else start + key for key in kind.keys}
            properties = {key: _allow_nothing(below, paths[key]) for key, below in kind.keys.items()}
            return {"type": "object", "properties": properties, "additionalProperties": False}
        case Named():
            return {"type": "object", "additionalProperties": _allow_nothing(kind.value)}
        case Items():
            return {"type": "array", "items": _allow_nothing(kind.item)}
        case Either():
            return {"anyOf": [_describe(option) for option in kind.options]}
    return _describe_leaf(kind)


def _allow_nothing(kind, path=None):
    words = find_words(path) if path else ""
    schema = {"anyOf": [_describe(kind, path), NULL]}
    return {"description": words, **schema} if words else schema


def _describe_leaf(leaf):
    match leaf.kind:
        case "any":
            return {}
        case "flag":
            return {"type": "boolean"}
        case "choice":
            return {"enum": list(leaf.choices)}
        case "date":
            return {"type": "string", "format": "date"}
        case "trigger":
            return {"type": "string", "pattern": TRIGGER}
        case "regex":
            return {"type": "string", "format": "regex"}
    if leaf.kind in NUMBERS:
        limits = {"minimum": leaf.low, "maximum": leaf.high}
        return {"type": NUMBERS[leaf.kind], **{name: limit for name, limit in limits.items() if limit is not None}}
    return TEXT
