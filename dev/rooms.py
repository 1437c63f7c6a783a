"""The law of the house, looked at in the source: ``python3 dev/rooms.py``; docs/developer/develop.md has it in words.

- A room imports from rooms below it, not from one above, nor from its neighbour on the same floor.
- The engine needs nothing but Python.
- A method of a model stands in one place: the addon does not override itself.
- What begins with ``_`` is used in its own file: no file imports it, no room calls it on a record it was given.
"""

import ast
import sys
from collections import defaultdict
from dataclasses import dataclass

from common import ADDONS, GLUE, ROOT, say

FLOORS = (  # from the ground up
    ("names",),
    ("engine",),
    ("tools",),
    ("work",),
    ("finding", "importing/spreadsheet"),
    ("planning",),
    ("applying", "reporting"),
    ("day",),
    ("importing", "config", "live", "following"),
    ("experiments",),
    ("models",),
    ("wizards", "terminal", "demo"),
    ("controllers", "cli"),
)
HEIGHT = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}
FACES = HEIGHT["models"]  # from this floor on, files belong to Odoo: records, forms, routes, commands
NO_ROOMS = ("hooks", "tests", "migrations", "static", "i18n")
PURE = ("engine",)
# Odoo calls them along all addons, so each subject of a model may have its own
STANDARD = ("create", "write", "unlink", "copy", "copy_data", "default_get", "init", "_auto_init")
ODOOS = (  # Odoo's own, which our models may extend
    "_name", "_table", "_fields", "_search", "_read_group", "_field_to_sql", "_commit_progress",
    "_has_field_access", "_message_auto_subscribe",
)  # fmt: skip


@dataclass(frozen=True)
class Offence:
    """What breaks the law, and what to do instead."""

    file: str
    line: int
    text: str


def check(addons):
    """Print what breaks the law in the addons; return 1 if anything does."""
    offences = [offence for addon in addons for offence in find_offences(ROOT / addon)]
    for offence in offences:
        say(f"{offence.file}:{offence.line}: {offence.text}")
    return 1 if offences else 0


def find_offences(addon):
    """Return the offences in an addon, in the order of its files."""
    trees = {name: ast.parse((addon / name).read_text()) for name in _list_files(addon)}
    private = _find_private(trees)
    offences = [*_find_homeless(addon, trees), *_find_layers(addon, trees)]
    for name, tree in trees.items():
        offences += [*_find_imports(addon, name, tree), *_find_calls(addon, name, tree, private)]
    return sorted(offences, key=lambda offence: (offence.file, offence.line))


def _list_files(addon):
    for path in sorted(addon.rglob("*.py")):
        name = path.relative_to(addon)
        if name.parts[0] not in NO_ROOMS and path.name != "__manifest__.py":
            yield name.as_posix()


def find_room(name):
    """Return the room of a file or a module of the addon, or None.

    >>> find_room("importing/spreadsheet/ods.py"), find_room("importing/rows"), find_room("names.py"), find_room("x.py")
    ('importing/spreadsheet', 'importing', 'names', None)
    """
    path = name.removesuffix(".py")
    rooms = [room for room in HEIGHT if path == room or path.startswith(f"{room}/")]
    return max(rooms, key=len, default=None)


def _find_homeless(addon, trees):
    folders = {name.partition("/")[0]: name for name in reversed(trees) if "/" in name}
    for folder, name in folders.items():
        if folder not in HEIGHT:
            text = f"{folder}/ is no room: use one of those there are, or say in FLOORS of dev/rooms.py where it stands"
            yield Offence(f"{addon.name}/{name}", 1, text)


# ------------------------------------------------------------------
# imports
# ------------------------------------------------------------------


def _find_imports(addon, name, tree):
    room = find_room(name)
    for line, target, names in _list_imports(addon, name, tree):
        explain = _explain_outside if target is None else _explain_inside
        for imported in names:
            text = explain(room, target, imported)
            if text:
                yield Offence(f"{addon.name}/{name}", line, text)


def _list_imports(addon, name, tree):
    """Yield (line, module of the addon as a path, or None for others, names or modules), lazy imports included."""
    package = name.split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, *_locate(addon, alias.name.split("."), None)) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            target = [*package[: len(package) - node.level + 1], *(node.module or "").split(".")]
            yield node.lineno, "/".join(filter(None, target)), [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, *_locate(addon, node.module.split("."), [alias.name for alias in node.names])


def _locate(addon, words, names):
    """Return the module's path in the addon and the names taken from it, or None and the module of somebody else."""
    if words[:3] == ["odoo", "addons", addon.name]:
        return "/".join(words[3:]), names or [""]
    return None, [".".join(words)]


def _explain_outside(room, _target, module):
    top = module.partition(".")[0]
    if room in PURE and top not in sys.stdlib_module_names:
        return f"{room}/ needs nothing but Python, and imports {module}: hand over plain values instead"
    return None


def _explain_inside(room, target, imported):
    if _is_private(imported):
        return f"{imported} is private to {target}: make it public there, if it is of use to others"
    other = find_room(f"{target}/{imported}".lstrip("/"))
    if not room or not other or room == other:
        return None
    if HEIGHT[other] > HEIGHT[room]:
        return (
            f"{room}/ imports {target}, which stands above it: let the caller hand over the value, or move "
            "what both need to names.py, tools/ or a room below"
        )
    if HEIGHT[other] == HEIGHT[room]:
        return f"{room}/ imports {target}, on its own floor: what both need belongs into a room below"
    return None


# ------------------------------------------------------------------
# methods
# ------------------------------------------------------------------


def _find_layers(addon, trees):
    places = defaultdict(list)
    for name, tree in trees.items():
        for node in tree.body:
            model = _get_model(node)
            for method in _list_functions(node) if model else ():
                places[model, method.name].append((name, method.lineno))
    for (model, method), found in places.items():
        if method not in STANDARD:
            first = found[0][0]
            text = (
                f"{model}.{method} is in {first} already: one method says one after the other what is done, and calls "
                "what stands here by a name of its own"
            )
            yield from (Offence(f"{addon.name}/{name}", line, text) for name, line in found[1:])


def _get_model(node):
    """Return the name of the model that a class makes or extends, or None."""
    values = {}
    for line in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            values[line.targets[0].id] = line.value
    name, inherit = values.get("_name"), values.get("_inherit")
    if name is None and isinstance(inherit, ast.List | ast.Tuple) and len(inherit.elts) == 1:
        inherit = inherit.elts[0]
    model = name or inherit
    return model.value if isinstance(model, ast.Constant) else None


def _list_functions(node):
    return (line for line in getattr(node, "body", ()) if isinstance(line, ast.FunctionDef | ast.AsyncFunctionDef))


def _find_private(trees):
    """Return {(is it a method, name of what is private): files that define it}."""
    files = defaultdict(set)
    for name, tree in trees.items():
        for node in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]:
            for function in _list_functions(node):
                if _is_private(function.name) and function.name not in (*STANDARD, *ODOOS):
                    files[node is not tree, function.name].add(name)
    return files


def _find_calls(addon, name, tree, private):
    """Yield the uses of what is private to other files; an heir may use what its class inherits."""
    room = find_room(name)
    is_face = not room or HEIGHT[room] >= FACES  # what one face asks of another goes through their records
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {alias.asname or alias.name for node in imports for alias in node.names}
    for node in ast.walk(tree):
        owner, called = _get_called(node)
        is_method = not (isinstance(owner, ast.Name) and owner.id in modules)
        where = private.get((is_method, called), {name})
        if name not in where and not (is_method and is_face):
            text = (
                f"{called} is private to {', '.join(sorted(where))}: let the caller ask for it and hand over the "
                "answer, or make it a function of a room"
            )
            yield Offence(f"{addon.name}/{name}", node.lineno, text)


def _get_called(node):
    """Return (whose, what) of ``x._name`` and ``getattr(x, "_name")``, and nothing of what a class calls of its own."""
    owner = called = None
    if isinstance(node, ast.Attribute):
        owner, called = node.value, node.attr
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr" and node.args[1:]:
        owner, called = node.args[0], getattr(node.args[1], "value", None)
    is_own = isinstance(owner, ast.Name) and owner.id in ("self", "cls")
    return (None, None) if is_own or _is_super(owner) else (owner, called)


def _is_super(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _is_private(name):
    return name.startswith("_") and not name.endswith("__")


if __name__ == "__main__":
    sys.exit(check((*ADDONS, *GLUE)))
