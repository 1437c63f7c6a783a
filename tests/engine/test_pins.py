"""The versions that pre-commit takes are those that ``make lint`` runs, and both configurations of pylint agree."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HOOKS = {  # the end of a repository's address → the package of the requirements
    "ruff-pre-commit": "ruff",
    "pylint-odoo": "pylint-odoo",
    "whool": "whool",
    "odoo-pre-commit-hooks": "oca-odoo-pre-commit-hooks",
}


@pytest.fixture(scope="module")
def repositories():
    return yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]


def read_pins():
    texts = [path.read_text() for path in (ROOT / "dev" / "requirements").glob("*.txt")]
    return dict(re.findall(r"^([\w-]+)==(\S+)$", "\n".join(texts), re.MULTILINE))


def read_checks(name):
    parser = ConfigParser()
    parser.read(ROOT / name)
    return {check.strip() for check in parser["MESSAGES CONTROL"]["enable"].split(",")}


@pytest.mark.parametrize("hook, package", HOOKS.items())
def test_pre_commit_takes_the_version_of_the_requirements(repositories, hook, package):
    versions = [each["rev"] for each in repositories if each["repo"].rpartition("/")[2] == hook]
    assert versions == [f"v{read_pins()[package]}"]


def test_all_of_others_is_pinned(repositories):
    for repository in repositories:
        if repository["repo"] != "local":
            assert re.fullmatch(r"v\d+(\.\d+)+|[0-9a-f]{40}", repository["rev"]), repository["repo"]


def test_what_has_to_pass_is_part_of_what_editors_show():
    assert read_checks(".pylintrc-mandatory") < read_checks(".pylintrc")


def test_addons_are_built_by_the_same_tool_in_the_same_way():
    files = {path.read_text() for path in ROOT.glob("lead_distribution*/pyproject.toml")}
    assert len(files) == 1
