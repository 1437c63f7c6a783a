"""Write docs/administrator/configuration-keys.md from the addon's table of keys: ``python3 dev/config_document.py``."""

import sys
import types

from common import ROOT

DOCUMENT = ROOT / "docs" / "administrator" / "configuration-keys.md"
BEGIN = "<!-- written by dev/config_document.py: change lead_distribution/config/keys, not this -->\n"
END = "<!-- end of what is written -->\n"
HEAD = "| key | value | what it does |\n|---|---|---|\n"


def import_config():
    """Return the modules of the table; they need no Odoo, which the addon itself would bring."""
    package = types.ModuleType("lead_distribution")
    package.__path__ = [str(ROOT / "lead_distribution")]
    sys.modules.setdefault("lead_distribution", package)
    from lead_distribution.config import kinds, schema, table

    return kinds, schema, table


def write_document(text):
    """Return the text of the document with the keys as they are in the table."""
    before, _begin, rest = text.partition(BEGIN)
    return before + BEGIN + "\n" + "\n".join(_write_keys()) + "\n" + END + rest.partition(END)[2]


def _write_keys():
    kinds, schema, table = import_config()
    keys = [*table.KEYS.values(), *table.SETTING_KEYS.values()]
    unneeded = [path for path, key in table.KEYS.items() if key.kind.unneeded]
    unneeded += [f"{path}.…" for path, block in table.BLOCKS.items() if block.unneeded]
    hidden = tuple(path.removesuffix("…") for path in unneeded if path.endswith("…"))
    keys = [key for key in keys if not key.kind.unneeded and not key.path.startswith(hidden)]
    yield "## At the top\n\n" + HEAD + "".join(_write_rows([key for key in keys if "." not in key.path], kinds))
    for top in dict.fromkeys(key.path.partition(".")[0] for key in keys if "." in key.path):
        rows = [key for key in keys if key.path.startswith(f"{top}.")]
        words = schema.find_words(top)
        yield f"## `{top}`\n\n" + (f"{words}\n\n" if words else "") + HEAD + "".join(_write_rows(rows, kinds))
    names = ", ".join(f"`{path}`" for path in sorted(unneeded))
    yield f"## Not needed\n\nRead, and told as not needed in Odoo: {names}.\n"


def _write_rows(rows, kinds):
    for key in rows:
        value = _describe(key.kind, kinds).replace("|", "\\|")
        yield f"| `{key.path}` | {value} | {key.words.replace('|', chr(92) + '|')} |\n"


def _describe(kind, kinds):
    """Return what may be written, in words."""
    match kind:
        case kinds.Items():
            return "list of " + _describe(kind.item, kinds)
        case kinds.Named():
            return "names, each with " + _describe(kind.value, kinds)
        case kinds.Section():
            return "block of " + ", ".join(f"`{key}`" for key in kind.keys)
        case kinds.Either():
            return " or ".join(_describe(option, kinds) for option in kind.options)
    match kind.kind:
        case "flag":
            return "true, false"
        case "choice":
            return ", ".join(dict.fromkeys(choice.lower() for choice in kind.choices))
        case "any":
            return "as in the form"
        case "date" | "regex" | "condition" | "trigger":
            return kind.kind
        case "whole" | "days" | "number":
            return {"whole": "number", "days": "days", "number": "number"}[kind.kind]
    return "text"


def main():
    DOCUMENT.write_text(write_document(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
