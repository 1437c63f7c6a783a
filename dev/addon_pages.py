"""What strangers read first of an addon, written from the fragments in its folder ``readme``.

README.md, for forges and package indexes, and the page in the list of apps: ``make readme`` writes both. The fragments,
their names and their order are those of the Odoo Community Association, whose own generator is on no Python index.
Pictures are named as seen from the fragments: ``../static/description/run.png``.
"""

import ast
import hashlib
import re
import shutil
import sys
from html import escape
from pathlib import Path

from common import ADDONS, GLUE, ROOT, say

FRAGMENTS = {  # file → heading; what an addon does has none
    "DESCRIPTION": None,
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known limits",
    "HISTORY": "Change log",
    "CONTRIBUTORS": "Contributors",
}
LICENCES = {"LGPL-3": "LGPL-3, see the file LICENSE."}
PICTURES = "../static/description/"
# Odoo shows name, summary and icon above the page, takes the style of its head away, and has its own
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<title>{title}</title>
<style>body {{ margin: 2rem; font-family: sans-serif; line-height: 1.5 }}</style>
</head>
<body>
<!-- written by make readme from the fragments in the folder readme; source: {digest} -->
<div class="py-3" style="max-width: 60rem; margin: 0 auto">
{body}
</div>
</body>
</html>
"""


def compose(addon):
    """Return the README of an addon as Markdown text, without its title."""
    parts = []
    for name, heading in FRAGMENTS.items():
        fragment = ROOT / addon / "readme" / f"{name}.md"
        if fragment.exists():
            # what is a section of a fragment is one below it
            text = re.sub(r"^(#+ )", r"#\1", fragment.read_text(encoding="utf-8").strip(), flags=re.MULTILINE)
            parts.append(f"## {heading}\n\n{text}" if heading else text)
    licence = LICENCES[read_manifest(addon)["license"]]
    return "\n\n".join([*parts, f"## Licence\n\n{licence}"]) + "\n"


def read_manifest(addon):
    return ast.literal_eval((ROOT / addon / "__manifest__.py").read_text(encoding="utf-8"))


def make_readme(addon):
    """Return README.md: what forges and package indexes show."""
    manifest = read_manifest(addon)
    return f"# {manifest['name']}\n\n{compose(addon).replace(PICTURES, PICTURES.removeprefix('../'))}"


def make_digest(addon):
    """Return what changes with all that the page of an addon is made of."""
    manifest = read_manifest(addon)
    parts = [manifest["name"], compose(addon), Path(__file__).read_text(encoding="utf-8")]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def make_page(addon):
    """Return static/description/index.html: what the list of apps shows. Needs Python-Markdown."""
    import markdown

    body = markdown.markdown(compose(addon).replace(PICTURES, ""), output_format="xhtml", extensions=["sane_lists"])
    body = body.replace("<p>", '<p class="lead">', 1)
    body = body.replace("<h2>", '<h2 class="mt-5">')
    body = body.replace("<img ", '<img class="img img-fluid border rounded shadow-sm my-3" style="max-width: 100%" ')
    return PAGE.format(title=escape(read_manifest(addon)["name"]), digest=make_digest(addon), body=body)


def make_change_log(addon):
    """Return CHANGELOG.md: where people look for what is new."""
    return f"# What is new\n\n{(ROOT / addon / 'readme' / 'HISTORY.md').read_text(encoding='utf-8')}"


def list_files(addon):
    """Return {path: function that makes its text} of an addon; the change log of the project is that of the first."""
    folder = ROOT / addon
    files = {folder / "README.md": make_readme, folder / "static" / "description" / "index.html": make_page}
    return {**files, ROOT / "CHANGELOG.md": make_change_log} if addon == ADDONS[0] else files


def write(addons):
    for addon in addons:
        _copy_pictures(addon)
        for path, make in list_files(addon).items():
            path.write_text(make(addon), encoding="utf-8")
            say(f"    {path.relative_to(ROOT)}")


def list_pictures(addon):
    """Return the names of the pictures that the fragments of an addon show."""
    return re.findall(re.escape(PICTURES) + r"([\w.-]+)", compose(addon))


def _copy_pictures(addon):
    """The pictures are those of the documents, so that they are as old."""
    for name in list_pictures(addon):
        shutil.copy(ROOT / "docs" / "images" / name, ROOT / addon / "static" / "description" / name)


def check(addons):
    """Say what is not as the fragments have it; return 1 if anything is."""
    stale = [path for addon in addons for path, make in list_files(addon).items()
             if not path.exists() or path.read_text(encoding="utf-8") != make(addon)]  # fmt: skip
    for path in stale:
        say(f"{path.relative_to(ROOT)} is not what its folder readme says: make readme")
    return 1 if stale else 0


if __name__ == "__main__":
    both = (*ADDONS, *GLUE)
    sys.exit(check(both) if "--check" in sys.argv else write(both))
