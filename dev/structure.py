"""Checks of an addon's files that need no Odoo: well-formed, listed, named once, of sane size.

Beside those of OCA's odoo-pre-commit-hooks, which ``make lint`` runs as well: what they do not look at, or not so
strictly.
"""

import ast
import csv
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from common import ROOT, say

REQUIRED_KEYS = ("name", "summary", "version", "author", "license", "depends", "data")
FORBIDDEN = ("en.po", ".rej", ".orig")
TRANSLATES = ("_", "_lt")
FUNCTION_LINES, FILE_LINES = 60, 500  # one subject a file; a file is not cut for its length alone


def check(addons):
    """Print all findings in the addons; return 1 if there are any."""
    findings = [line for addon in addons for line in _check_addon(ROOT / addon)]
    for line in findings:
        say(line)
    return 1 if findings else 0


def _check_addon(folder):
    manifest = ast.literal_eval((folder / "__manifest__.py").read_text())
    yield from _check_manifest(folder, manifest)
    listed = [*manifest.get("data", ()), *manifest.get("demo", ())]
    yield from _check_records(folder, listed)
    yield from _check_access(folder)
    for path in sorted(folder.rglob("*.py")):
        yield from _check_python(path)
    for path in sorted(folder.rglob("*")):
        if path.name.endswith(FORBIDDEN):
            yield f"{_name(path)}: does not belong into the repository"


def _check_manifest(folder, manifest):
    where = _name(folder / "__manifest__.py")
    yield from (f"{where}: “{key}” is missing" for key in REQUIRED_KEYS if not manifest.get(key))
    if not re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", manifest.get("version", "")):
        yield f"{where}: the version must look like 19.0.1.0.0"
    listed = {*manifest.get("data", ()), *manifest.get("demo", ())}
    yield from (f"{where}: {name} does not exist" for name in listed if not (folder / name).exists())
    folders = ("data", "demo", "security", "views", "wizards", "report")
    present = {
        str(path.relative_to(folder))
        for name in folders
        for suffix in ("*.xml", "*.csv")
        for path in (folder / name).rglob(suffix)
    }
    present.discard("security/rights.csv")  # what tests hold the rights against, no data
    yield from (f"{where}: {name} is not listed" for name in sorted(present - listed))


def _check_records(folder, listed):
    ids = Counter()
    for name in listed:
        path = folder / name
        if path.suffix != ".xml" or not path.exists():
            continue
        try:
            root = ElementTree.parse(path).getroot()
        except ElementTree.ParseError as error:
            yield f"{_name(path)}: {error}"
            continue
        for node in root.iter():
            if node.tag in ("record", "template", "menuitem") and node.get("id"):
                ids[node.get("id")] += 1
            if node.tag in ("attribute", "tree") or "attrs" in node.attrib or "states" in node.attrib:
                yield f"{_name(path)}: <{node.tag}> uses what Odoo 19 no longer knows"
    yield from (f"{_name(folder)}: the id {xmlid} is used {n} times" for xmlid, n in ids.items() if n > 1)


def _check_access(folder):
    """Every model of the addon has its line in the access rights."""
    rights = folder / "security" / "ir.model.access.csv"
    rows = []
    if rights.exists():
        with rights.open() as lines:
            rows = list(csv.DictReader(lines))
    ids = Counter(row["id"] for row in rows)
    yield from (f"{_name(rights)}: the id {xmlid} is used {n} times" for xmlid, n in ids.items() if n > 1)
    covered = {row["model_id:id"] for row in rows}
    for path in sorted(folder.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(folder).parts):
            for model in _list_new_models(ast.parse(path.read_text())):
                if f"model_{model.replace('.', '_')}" not in covered:
                    yield f"{_name(path)}: {model} has no access rights"


def _list_new_models(tree):
    """Yield the models with records of their own that a file makes, not those that it extends."""
    for node in tree.body:
        bases = [ast.unparse(base) for base in getattr(node, "bases", ())]
        if {"models.Model", "models.TransientModel"} & set(bases):
            lines = [line for line in node.body if isinstance(line, ast.Assign)]
            values = {ast.unparse(line.targets[0]): ast.unparse(line.value) for line in lines}
            name = values.get("_name")
            if name and name not in values.get("_inherit", ""):
                yield ast.literal_eval(name)


def _check_python(path):
    text = path.read_text()
    lines = text.count("\n")
    if lines > FILE_LINES * (2 if "tests" in path.parts else 1):
        yield f"{_name(path)}: {lines} lines; split it"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            size = node.end_lineno - node.lineno + 1
            if size > FUNCTION_LINES:
                yield f"{_name(path)}:{node.lineno} {node.name}: {size} lines"
        elif isinstance(node, ast.JoinedStr) and "tests" not in path.parts:
            yield from (f"{_name(path)}:{call.lineno}: a term within an f-string is not exported"
                        for call in ast.walk(node) if _is_translated(call))  # fmt: skip


def _is_translated(node):
    """Whether a node of a program translates a term."""
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
    return name in TRANSLATES


def _name(path):
    return Path(path).relative_to(ROOT)
