"""Text matching of the specification (3.2–3.4, 7.2), on plain texts."""

import re
from dataclasses import dataclass, field
from fnmatch import translate

MODES = ("exact", "partial", "wildcard", "regex")


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
    _regexes: tuple = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        if self.mode not in MODES:
            raise ValueError(f"Unknown match mode: {self.mode}")
        values = tuple(value.strip() for value in self.values if value and value.strip())
        patterns = [translate(text.strip()) for text in self.wildcards if text and text.strip()]
        if self.mode == "wildcard":
            patterns += map(translate, values)
        elif self.mode == "regex":
            patterns += values
        flags = 0 if self.case_sensitive else re.IGNORECASE
        literal = values if self.mode in ("exact", "partial") else ()
        object.__setattr__(self, "_values", frozenset(map(self._fold, literal)))
        object.__setattr__(self, "_regexes", tuple(re.compile(text, flags) for text in patterns))

    def _fold(self, text):
        return text if self.case_sensitive else text.lower()

    @property
    def is_empty(self):
        """Whether nothing is configured, so that nothing could ever match."""
        return not self._values and not self._regexes

    def accepts(self, text):
        """Return whether the text matches."""
        if not text or not text.strip():
            return False
        folded = self._fold(text.strip())  # as the values: a blank at the end cannot be seen
        if self.mode == "exact" and folded in self._values:
            return True
        if self.mode == "partial" and any(v in folded or folded in v for v in self._values):
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
    """Return the lines of a list: trimmed, without empty ones and comments (``#``).

    >>> read_lines("# sources\\n facebook_form \\n\\ngoogle_ads")
    ['facebook_form', 'google_ads']
    """
    lines = (line.strip() for line in (text or "").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


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
