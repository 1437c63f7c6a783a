# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Matches texts with what somebody typed, and gives up on what would never end.

Python's own ``re`` cannot be interrupted, neither while it compiles nor while it matches, so
regexes are handled in a process of their own, which is ended when its time is up. All texts of
one use (a run, a preview, the loading of a configuration) count against one ``Budget``: the
processor time that matching takes, as starting a process on a busy machine is nobody's fault.
"""

import json
import subprocess
import sys
from pathlib import Path

from ..engine import matching
from ..engine.matching import NOTHING, find_idle, find_matches

SECONDS = 2.0  # for one regex, or one list of them
ALL_SECONDS = 10.0  # for everything in one use
SECONDS_EACH = 0.05  # more, for each further list
STARTING = 1.0  # for the process to start, and for others who need the processor
AT_ONCE = 200_000  # comparisons of plain texts that need no process of their own
MAX_PATTERN = 20_000  # characters
SHOWN = 80
KEY = "lead_distribution_matching"
ENGINE = str(Path(matching.__file__).parent)
SCRIPT = """
import json, signal, sys, time
sys.path.insert(0, sys.argv[1])  # before the folder in which the server happens to run
import matching  # without the rest of the engine, which takes longer to load than most texts to match
task = json.load(sys.stdin)
if hasattr(signal, "setitimer"):  # ends the process, wherever it is
    signal.setitimer(signal.ITIMER_PROF, task["seconds"])
started = time.process_time()
for part in task["parts"]:
    try:
        result = {"result": getattr(matching, task["function"])(*part)}
    except (matching.re.error, OverflowError, RecursionError) as error:
        result = {"error": str(error)}
    print(json.dumps({**result, "seconds": time.process_time() - started}), flush=True)
"""


class BrokenPattern(ValueError):
    """Something typed is no regular expression; the argument says why."""


class MatchingTimeout(Exception):
    """It took too long; ``done`` is how many lists were finished before."""

    def __init__(self, done=0):
        super().__init__(done)
        self.done = done


class Budget:
    """The time that is left for the texts of one use."""

    def __init__(self, seconds=ALL_SECONDS):
        self.left = seconds

    def run(self, function, parts, seconds=SECONDS):
        """Return what a function of ``engine.matching`` returns for each part, worked out in another process.

        :raise BrokenPattern: for a regex that is none
        :raise MatchingTimeout: if it takes longer than ``seconds``, or than what is left for all
        """
        limit = min(seconds, self.left)
        if limit <= 0:
            raise MatchingTimeout
        task = json.dumps({"function": function, "parts": parts, "seconds": limit}).encode()
        try:
            done = subprocess.run(
                [sys.executable, "-S", "-c", SCRIPT, ENGINE],
                input=task, capture_output=True, timeout=limit + STARTING, check=True,
            )  # fmt: skip
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:  # or it ran out of memory
            self.left -= limit
            raise MatchingTimeout((error.stdout or b"").count(b"\n")) from error
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.left -= answers[-1]["seconds"] if answers else 0
        errors = [answer["error"] for answer in answers if "error" in answer]
        if errors:
            raise BrokenPattern(errors[0])
        return [answer["result"] for answer in answers]


def start_budget(cr):
    """A run or a loading begins: what the transaction did before does not count against it."""
    cr.cache.pop(KEY, None)
    return get_budget(cr)


def get_budget(cr):
    """Return the budget of what is going on in a transaction."""
    if KEY not in cr.cache:
        cr.cache[KEY] = Budget()
        for end in (cr.postcommit, cr.postrollback):
            end.add(lambda: cr.cache.pop(KEY, None))
    return cr.cache[KEY]


def _run(function, texts, mode, values, wildcards, case_sensitive, budget):
    matcher_options = (mode, list(values), list(wildcards), case_sensitive)
    lines = len(values) + len(wildcards)
    patterns = [*wildcards, *(values if mode == "wildcard" else ())]
    is_hard = (mode == "regex" and {*values} != {NOTHING}) or any("[" in pattern for pattern in patterns)
    if mode not in matching.MODES:
        raise ValueError(mode)
    if not texts or not lines:
        return []
    is_quick = lines * len(texts) <= AT_ONCE or (mode == "exact" and not wildcards and function is find_matches)
    if is_quick and not is_hard:
        return function(texts, *matcher_options)
    seconds = SECONDS if is_hard else ALL_SECONDS
    [found] = (budget or Budget()).run(function.__name__, [(texts, *matcher_options)], seconds)
    return found


def match_texts(texts, mode, values=(), wildcards=(), case_sensitive=False, budget=None):
    """Return the positions of the texts that match.

    :raise ValueError: for an unknown mode
    :raise BrokenPattern: for a broken regex
    :raise MatchingTimeout: if it takes longer than ``SECONDS``, or than what is left in the budget
    """
    return _run(find_matches, texts, mode, values, wildcards, case_sensitive, budget)


def find_idle_lines(texts, mode, values=(), wildcards=(), case_sensitive=False, budget=None):
    """Return the values and wildcards that fit none of the texts; errors as ``match_texts``."""
    if not texts:
        return [*values, *wildcards]
    return _run(find_idle, texts, mode, values, wildcards, case_sensitive, budget)


def match_lists(texts, lists, budget=None):
    """Return for each list of regexes the positions of the texts that one of them fits; errors as ``match_texts``."""
    if not texts or not any(lists):
        return [[] for _patterns in lists]
    parts = [(texts, "regex", patterns, [], False) for patterns in lists]
    return (budget or Budget()).run("find_matches", parts, SECONDS + SECONDS_EACH * len(parts))


def find_broken(patterns, budget=None):
    """Return (pattern, what is wrong with it) for each that is no regular expression.

    :raise MatchingTimeout: if it takes too long to tell
    """
    long = [(pattern, f"more than {MAX_PATTERN} characters") for pattern in patterns if len(pattern) > MAX_PATTERN]
    short = [pattern for pattern in dict.fromkeys(patterns) if len(pattern) <= MAX_PATTERN and pattern != NOTHING]
    [broken] = (budget or Budget()).run("find_broken", [(short,)]) if short else [[]]
    return long + [tuple(pair) for pair in broken]


def explain_broken(patterns, budget, _):
    """Return {pattern: what is wrong with it, in words} for those that cannot be used.

    :param _: translates
    """
    try:
        broken = find_broken(patterns, budget)
    except MatchingTimeout:
        text = _("The regular expressions take too long: there are too many, or too large ones.")
        return dict.fromkeys(patterns, text)
    return {
        pattern: _("“%(line)s” is no regular expression: %(error)s.", line=pattern[:SHOWN], error=error)
        for pattern, error in broken
    }
