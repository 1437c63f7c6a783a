"""Matches texts, and gives up on a regex that would never end.

Python's own ``re`` cannot be interrupted, so regexes are matched in a process of their
own, which is ended when its time is up.
"""

import json
import subprocess
import sys
from pathlib import Path

from ..engine.matching import Matcher

SECONDS = 2.0
ADDON = str(Path(__file__).resolve().parents[1])
SCRIPT = """
import json, sys
sys.path.insert(0, sys.argv[1])
from engine.matching import Matcher
task = json.load(sys.stdin)
matcher = Matcher(**task["matcher"])
json.dump([number for number, text in enumerate(task["texts"]) if matcher.accepts(text)], sys.stdout)
"""


class MatchingTimeout(Exception):
    """A regex took too long."""


def match_texts(texts, mode, values=(), wildcards=(), case_sensitive=False):
    """Return the positions of the texts that match.

    :raise re.error: for a broken regex
    :raise ValueError: for an unknown mode
    :raise MatchingTimeout: if a regex takes longer than ``SECONDS``
    """
    matcher = Matcher(mode, tuple(values), tuple(wildcards), case_sensitive)
    if mode != "regex" or matcher.is_empty or not texts:
        return [number for number, text in enumerate(texts) if matcher.accepts(text)]
    options = {"values": list(values), "wildcards": list(wildcards), "case_sensitive": case_sensitive}
    task = {"matcher": {"mode": mode, **options}, "texts": texts}
    try:
        done = subprocess.run(
            [sys.executable, "-S", "-c", SCRIPT, ADDON],
            input=json.dumps(task), capture_output=True, text=True, timeout=SECONDS, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise MatchingTimeout from error
    return json.loads(done.stdout)
