"""The terms of the addons: what the source says, and bringing the files of the languages up to it.

``python dev/terms.py FOLDER``, with Odoo's Python: takes the terms that Odoo exported to FOLDER into the templates
(``i18n/*.pot``) and into the file of each language. What is translated stays, what nobody uses any more goes, what is
new stands there empty. The same source gives the same files: no dates, nothing of the machine.
"""

import ast
import re
import sys
from pathlib import Path

import polib
from common import ADDONS, GLUE, ROOT, say

MARKS = ("_", "_lt", "_t")
JS_LITERAL = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)"""
JS_CALL = re.compile(rf"\b_t\(\s*({JS_LITERAL}(?:\s*\+\s*{JS_LITERAL})*)\s*[,)]")
NO_TERMS = ("tests", "migrations", "demo")
WIDTH = 78


def list_addons():
    return [ROOT / name for name in (*ADDONS, *GLUE)]


def get_template(addon):
    return addon / "i18n" / f"{addon.name}.pot"


def list_languages(addon):
    """Return the files of the languages of an addon; the glue has those of the addon that it joins."""
    names = sorted(path.name for path in (ROOT / ADDONS[0] / "i18n").glob("*.po"))
    return [addon / "i18n" / name for name in names]


def list_literals(addon):
    """Return {path below the addon: texts that its code marks as terms}; what tests and migrations say is none."""
    found = {}
    for path in sorted([*addon.rglob("*.py"), *addon.rglob("*.js")]):
        place = path.relative_to(addon)
        if not set(place.parts) & set(NO_TERMS):
            read = read_python if path.suffix == ".py" else read_script
            found[place.as_posix()] = read(path.read_text())
    return found


def read_python(text):
    """Return the texts that Python code marks as terms.

    >>> sorted(read_python('_("a %s" "b", c); env._("d"); x("e"); _(f)'))
    ['a %sb', 'd']
    """
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.args)
    return {
        node.args[0].value
        for node in calls
        if getattr(node.func, "id", getattr(node.func, "attr", None)) in MARKS
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def read_script(text):
    r"""Return the texts that JavaScript marks as terms.

    >>> sorted(read_script('_t("a %s", b); _t("c" +\n "d"); x_t("e"); _t(f)'))
    ['a %s', 'cd']
    """
    found = set()
    for call in JS_CALL.finditer(text):
        parts = (match.group()[1:-1] for match in re.finditer(JS_LITERAL, call.group(1)))
        found.add("".join(re.sub(r"\\(.)", lambda sign: {"n": "\n"}.get(sign[1], sign[1]), part) for part in parts))
    return found


def clean(terms, addon):
    """Leave out what Odoo's export takes for a term of Python code and is none: words beside a term on its line."""
    literals = list_literals(addon)
    prefix = f"code:addons/{addon.name}/"
    for entry in list(terms):
        entry.occurrences = [
            (place, line)
            for place, line in entry.occurrences
            if not (place.startswith(prefix) and place.endswith(".py"))
            or entry.msgid in literals.get(place.removeprefix(prefix), ())
        ]
        if not entry.occurrences:
            terms.remove(entry)


def merge(template, known, language=""):
    """Return the file of a language: the terms of the template, translated where they are known.

    :param known: {term: translation}
    """
    merged = polib.POFile(wrapwidth=WIDTH)
    merged.header = template.header
    merged.metadata = {
        "Project-Id-Version": "Odoo Server 19.0",
        "Report-Msgid-Bugs-To": "",
        "Language-Team": "",
        **({"Language": language} if language else {}),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "",
    }
    for entry in sorted(template, key=lambda entry: entry.msgid):
        merged.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=known.get(entry.msgid, ""),
                comment=entry.comment,
                occurrences=sorted(set(entry.occurrences)),
            )
        )
    return merged


def read_known(path):
    """Return {term: translation} of a file that may not be there yet."""
    if not path.exists():
        return {}
    entries = polib.pofile(str(path), wrapwidth=WIDTH)
    return {entry.msgid: entry.msgstr for entry in entries if not entry.obsolete and not entry.fuzzy}


def update(addon, exported):
    """Bring the files of an addon up to the terms that Odoo exported to a file."""
    terms = polib.pofile(str(exported), wrapwidth=WIDTH)
    clean(terms, addon)
    get_template(addon).parent.mkdir(exist_ok=True)
    merge(terms, {}).save(str(get_template(addon)))
    say(f"{addon.name}: {len(terms)} terms")
    for path in list_languages(addon):
        known = read_known(path)
        merge(terms, known, path.stem).save(str(path))
        missing = sum(not known.get(entry.msgid) for entry in terms)
        say(f"  {path.name}: {missing} to translate" if missing else f"  {path.name}: complete")


def main(folder):
    for addon in list_addons():
        update(addon, Path(folder) / f"{addon.name}.pot")


if __name__ == "__main__":
    main(sys.argv[1])
