"""Hold docs/coverage.md against what is there: its places, names and tests. ``python3 dev/coverage_document.py``."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import PurePath

from common import ROOT, say

DOCUMENT = ROOT / "docs" / "coverage.md"
ADDON = "lead_distribution"
CODE = (".py", ".js", ".xml")
QUOTED = re.compile(r"`([^`]+)`")
TEST_OF = re.compile(r"^ *def (test_\w+)", re.MULTILINE)
NAME = re.compile(r"[A-Za-z_][\w.]*")
MISSING = ("not yet", "not measured")


class Sources:
    """The files of the repository: which there are, which names stand in the code, which tests in each file."""

    def __init__(self):
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        self.paths = [path for path in listed.splitlines() if (ROOT / path).exists()]
        code = [path for path in self.paths if path.endswith(CODE) and "tests" not in PurePath(path).parts]
        self.words = set(re.findall(r"\w+", " ".join((ROOT / path).read_text() for path in code)))
        self.tests = {path: TEST_OF.findall((ROOT / path).read_text()) for path in self.paths if path.endswith(".py")}

    def find(self, name):
        """Return the paths of a file or folder, by what its path in the repository or the addon begins with."""
        starts = (name, f"{ADDON}/{name}", f"{ADDON}/tests/{name}.py", f"{ADDON}/tests/{name}/")
        return [path for path in self.paths if any(path == each or path.startswith(f"{each}/") for each in starts)]


def check():
    """Tell all problems; return 1 if there are any."""
    problems = list(find_problems(Sources()))
    for problem in problems:
        say(f"{DOCUMENT.relative_to(ROOT)}: {problem}")
    return int(bool(problems))


def find_problems(sources):
    text = DOCUMENT.read_text()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"][2:]
    for row in rows:
        if len(row) != 4:
            yield f"{row[0]}: not four cells"
            continue
        yield from (f"{row[0]}: {problem}" for problem in _check_places(row[2], sources))
        yield from (f"{row[0]}: {problem}" for problem in _check_tests(row[3], sources))
    yield from (f"{key}: {times} times" for key, times in Counter(row[0] for row in rows).items() if times > 1)
    there = sum(not row[2].startswith(MISSING) for row in rows)
    if f"{there} of {len(rows)} items are there" not in text:
        yield f"{there} of {len(rows)} items are there, it says otherwise"


def _check_places(cell, sources):
    """Yield the files that are not there, and the names that do not stand in the code."""
    for quoted in QUOTED.findall(cell):
        place, _colon, name = quoted.rpartition(": ")
        if "/" in quoted and NAME.match(quoted.replace("/", "")) and not quoted.startswith(("GET ", "POST ")):
            path = place or quoted
            found = sources.find(path)
            if not found:
                yield f"there is no {path}"
            elif place and not any(re.search(rf"\b{name}\b", (ROOT / each).read_text()) for each in found):
                yield f"{place} has no {name}"
        elif NAME.fullmatch(name := quoted.partition("(")[0]):
            lost = [part for part in name.split(".") if part not in sources.words]
            yield from (f"nothing is called {part}" for part in lost)


def _check_tests(cell, sources):
    """Yield the files that are not there, and the shortened names that none of their tests has."""
    parts = QUOTED.split(cell)
    for path, names in zip(parts[1::2], parts[2::2], strict=True):
        found = sources.find(path)
        tests = [test for each in found for test in sources.tests.get(each, ())]
        if not found:
            yield f"there is no {path}"
        for short in re.findall(r"[\w…]*[_…][\w…]*", names):
            pattern = ".*".join(re.escape(piece) for piece in short.split("…"))
            if not any(re.search(rf"test_{pattern}" if short[0] != "…" else pattern, test) for test in tests):
                yield f"{path} has no test {short}"


if __name__ == "__main__":
    sys.exit(check())
