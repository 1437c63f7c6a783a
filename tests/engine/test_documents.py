"""What the documents point at is there."""

import re
import runpy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "pictures"))
ADDON = ROOT / "lead_distribution"
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "benchmarks/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]


def get_anchors(path):
    """Return the names that a forge gives to the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    text = document.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    for link in links:
        name, _sign, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), link
        assert not anchor or anchor in get_anchors(target), link


@pytest.mark.parametrize("name", ["developer/develop.md", "developer/extend.md", "developer/how-it-works.md"])
def test_files_that_are_named_are_there(name):
    words = re.findall(r"`([\w./]+)`", (ROOT / "docs" / name).read_text(encoding="utf-8"))
    files = {word for word in words if "/" in word and not word.startswith((".dev", "/"))}
    missing = {file for file in files if not any((base / file).exists() for base in (ROOT, ADDON))}
    assert not missing


def test_functions_that_are_named_with_their_file_are_there():
    text = (ROOT / "docs" / "developer" / "develop.md").read_text(encoding="utf-8")
    for file, function in re.findall(r"`([\w/]+\.py): (\w+)`", text):
        assert re.search(rf"^ *(def|class) {function}\b|^{function} = ", (ADDON / file).read_text(), re.MULTILINE), (
            function
        )


def test_pictures_of_the_documents_are_those_that_the_command_takes():
    """Of what is drawn (.svg), each picture is made by a script of its own."""
    from album import LARGEST, PICTURES

    shown = {
        (document.parent / name).resolve()
        for document in DOCUMENTS
        for name in re.findall(r"!\[[^]]*\]\(([^)]+\.png)\)", document.read_text(encoding="utf-8"))
    }
    folder = ROOT / "docs" / "images"
    taken = {folder / f"{picture.name}.png" for picture in PICTURES}
    assert shown == taken
    assert set(folder.glob("*.png")) == taken
    assert not [path.name for path in taken if path.stat().st_size > LARGEST]


def test_each_document_has_its_place_in_the_site():
    names = runpy.run_path(str(ROOT / "docs" / "conf.py"))["NAVIGATION"]
    placed = [page for pages in names.values() for page in pages]
    documents = {str(path.relative_to(ROOT).with_suffix("")) for path in DOCUMENTS} - {"docs/index"}
    assert sorted(placed) == sorted(documents)
