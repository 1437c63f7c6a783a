"""What strangers read first of an addon: it is there, as new as its fragments, and needs nothing from elsewhere."""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dev"))

import addon_pages
from common import ADDONS, GLUE, ROOT

BOTH = (*ADDONS, *GLUE)
PICTURE_BYTES = 150_000


def read_page(addon):
    return (ROOT / addon / "static" / "description" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("addon", BOTH)
def test_readme_is_what_the_fragments_say(addon):
    text = (ROOT / addon / "README.md").read_text(encoding="utf-8")
    assert text == addon_pages.make_readme(addon), "make readme"


def test_change_log_of_the_project_is_that_of_the_addon():
    assert (ROOT / "CHANGELOG.md").read_text(encoding="utf-8") == addon_pages.make_change_log("lead_distribution")


@pytest.mark.parametrize("addon", BOTH)
def test_page_of_the_app_was_made_of_the_fragments_as_they_are(addon):
    assert f"source: {addon_pages.make_digest(addon)} " in read_page(addon), "make readme"


@pytest.mark.parametrize("addon", BOTH)
def test_page_of_the_app_is_well_formed_and_loads_nothing_from_elsewhere(addon):
    page = ElementTree.fromstring(read_page(addon).removeprefix("<!DOCTYPE html>"))
    tags = {node.tag for node in page.iter()}
    assert not tags & {"script", "link", "iframe", "object", "form"}
    sources = [node.get("src") for node in page.iter("img")]
    assert set(sources) == set(addon_pages.list_pictures(addon))
    assert all(re.fullmatch(r"[\w-]+\.png", source) for source in sources)


@pytest.mark.parametrize("addon", BOTH)
def test_pictures_of_the_app_are_there_small_and_those_of_the_documents(addon):
    folder = ROOT / addon / "static" / "description"
    named = addon_pages.list_pictures(addon)
    for name in named:
        picture = (folder / name).read_bytes()
        assert len(picture) <= PICTURE_BYTES, name
        assert picture == (ROOT / "docs" / "images" / name).read_bytes(), f"{name}: make readme"
    assert {path.name for path in folder.glob("*.png")} == {*named, "icon.png"}
    images = addon_pages.read_manifest(addon).get("images", [])
    assert [path.removeprefix("static/description/") for path in images] == named


@pytest.mark.parametrize("addon", BOTH)
def test_icon_is_a_square_of_256_pixels(addon):
    picture = (ROOT / addon / "static" / "description" / "icon.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert [int.from_bytes(picture[at : at + 4], "big") for at in (16, 20)] == [256, 256]


@pytest.mark.parametrize("addon", BOTH)
def test_version_stands_in_the_change_log(addon):
    history = (ROOT / addon / "readme" / "HISTORY.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\S+)$", history, re.MULTILINE)
    assert addon_pages.read_manifest(addon)["version"] in versions
    assert versions == sorted(set(versions), key=lambda version: [int(part) for part in version.split(".")])[::-1]


def test_licence_is_the_same_in_all_places():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    assert "13. Use with the GNU Affero General Public License." in text
    assert {(ROOT / addon / "LICENSE").read_text(encoding="utf-8") for addon in BOTH} == {text}
