"""Matching of plain texts: exact, in part, with wildcards, or by regular expressions."""

import re
from dataclasses import dataclass, field
from fnmatch import translate

MODES = ("exact", "partial", "wildcard", "regex")
NOTHING = "(?!)"  # the regular expression that fits no text


@dataclass(frozen=True)
class Matcher:
    """Tells which texts a list of values accepts.

    ``exact``: the whole text is equal. ``partial``: a value is inside the text, or the text
    inside a value. ``wildcard``: ``*``, ``?`` and ``[…]`` over the whole text. ``regex``: from
    the start of the text, as ``re.match``; "anywhere" is written ``.*``. The ``wildcards``
    count in addition to the values, in every mode. Empty texts never match, in no mode.

    >>> Matcher("partial", ("voice",)).accepts("Facebook_Voice")
    True
    >>> Matcher("partial", ("facebook_voice_2024",)).accepts("voice")
    True
    >>> Matcher("exact", ("google",), wildcards=("facebook*",)).accepts("Facebook form")
    True
    >>> Matcher("regex", ("phone",)).accepts("iphone")
    False
    """

    mode: str
    values: tuple[str, ...] = ()
    wildcards: tuple[str, ...] = ()
    case_sensitive: bool = False
    _values: frozenset = field(init=False, repr=False, compare=False)
    _wildcards: tuple = field(init=False, repr=False, compare=False)
    _regexes: tuple = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        if self.mode not in MODES:
            raise ValueError(f"Unknown match mode: {self.mode}")
        given = [value for value in self.values if value and value.strip()]
        trimmed = tuple(value.strip() for value in given)
        wildcards = [text.strip() for text in self.wildcards if text and text.strip()]
        if self.mode == "wildcard":
            wildcards += trimmed
        # blanks at the ends cannot be seen in a name; in a regex they are part of what was written
        patterns = [*map(translate, wildcards), *(given if self.mode == "regex" else ())]
        flags = 0 if self.case_sensitive else re.IGNORECASE
        literal = trimmed if self.mode in ("exact", "partial") else ()
        object.__setattr__(self, "_values", frozenset(map(self._fold, literal)))
        object.__setattr__(self, "_wildcards", tuple(re.compile(text, flags) for text in patterns[: len(wildcards)]))
        object.__setattr__(self, "_regexes", tuple(re.compile(text, flags) for text in patterns[len(wildcards) :]))

    def _fold(self, text):
        return text if self.case_sensitive else text.lower()

    @property
    def is_empty(self):
        """Whether nothing is configured, so that nothing could ever match."""
        return not self._values and not self._wildcards and not self._regexes

    def accepts(self, text):
        """Return whether the text matches."""
        if not text or not text.strip():
            return False
        trimmed = text.strip()  # as the values: a blank at the end cannot be seen
        folded = self._fold(trimmed)
        if self.mode == "exact" and folded in self._values:
            return True
        if self.mode == "partial" and any(v in folded or folded in v for v in self._values):
            return True
        if any(wildcard.match(trimmed) for wildcard in self._wildcards):
            return True
        return any(regex.match(text) for regex in self._regexes)


def find_matches(texts, mode, values=(), wildcards=(), case_sensitive=False):
    """Return the positions of the texts that match, see ``Matcher``.

    :raise re.error: for a broken regex

    >>> find_matches(["iphone", "phone"], "regex", ["phone"])
    [1]
    """
    matcher = Matcher(mode, tuple(values), tuple(wildcards), case_sensitive)
    return [number for number, text in enumerate(texts) if matcher.accepts(text)]


def find_idle(texts, mode, values=(), wildcards=(), case_sensitive=False):
    """Return the values and wildcards that fit none of the texts.

    >>> find_idle(["phone"], "exact", ["phone", "tablet"], ["ph*", "x*"])
    ['tablet', 'x*']
    """
    lines = [(mode, value) for value in values] + [("wildcard", text) for text in wildcards]
    matchers = [(line, Matcher(kind, (line,), (), case_sensitive)) for kind, line in lines]
    return [line for line, matcher in matchers if not any(matcher.accepts(text) for text in texts)]


def read_lines(text):
    """Return the texts of a list, one a line: trimmed, without empty ones. ``#`` is a letter like any other.

    >>> read_lines(" facebook_form \\n\\n#promo")
    ['facebook_form', '#promo']
    """
    return [line.strip() for line in read_patterns(text)]


def read_patterns(text):
    """Return the regular expressions of a list, one a line: as they were written, blanks at the ends included.

    >>> read_patterns("^a \\r\\n\\n#b")
    ['^a ', '#b']
    """
    # not splitlines, which also breaks at characters that may stand in a name
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line for line in lines if line.strip()]


def read_values(text, mode):
    """Return the texts of a stored list as a ``Matcher`` of this mode takes them."""
    return read_patterns(text) if mode == "regex" else read_lines(text)


def read_file_lines(text):
    """Return the lines of a file of names: trimmed, without empty ones and comments (``#``).

    >>> read_file_lines("# sources\\n facebook_form \\n\\ngoogle_ads")
    ['facebook_form', 'google_ads']
    """
    return [line for line in read_lines(text) if not line.startswith("#")]


def find_broken(patterns):
    """Return (pattern, what is wrong with it) for each that is no regular expression.

    >>> [pattern for pattern, _error in find_broken(["voice.*", "(voice"])]
    ['(voice']
    """
    broken = []
    for pattern in patterns:
        try:
            re.compile(pattern)
        except (re.error, OverflowError) as error:
            broken.append((pattern, str(error)))
        except RecursionError:
            broken.append((pattern, "nested too deeply"))
    return broken
