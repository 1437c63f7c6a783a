"""The kinds of values a configuration has, as data: what the table of keys is written in."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Leaf:
    """One value.

    ``kind``: text, name, line, pattern, flag, whole, days, number, date, choice, regex, condition, trigger, any.
    """

    kind: str
    choices: tuple = ()
    low: float | None = None
    high: float | None = None
    unneeded: str = ""

    def because(self, unneeded):
        """Return the same kind, of a key that is not needed."""
        return replace(self, unneeded=unneeded)


@dataclass(frozen=True)
class Items:
    """A list of values of one kind."""

    item: object
    unneeded: str = ""


@dataclass(frozen=True)
class Section:
    """Known keys; each has a node of its own.

    ``switch`` is the key without which the others, or those of ``governed``, have no effect.
    """

    keys: dict = field(default_factory=dict)
    unneeded: str = ""
    switch: str = ""
    governed: tuple = ()


@dataclass(frozen=True)
class Named:
    """Keys of the writer's own choice, all with values of the same kind."""

    value: object
    unneeded: str = ""


@dataclass(frozen=True)
class Either:
    """A list, a block or a single value: whichever the writer used."""

    options: tuple
    unneeded: str = ""


def text(unneeded="", high=None):
    """A text without the blanks at its ends, of so many characters at most; usually as many as a name may have."""
    return Leaf("text", unneeded=unneeded, high=high)


def name(high=None):
    """A text that is kept as it is, blanks at its ends included; nothing but blanks is empty."""
    return Leaf("name", high=high)


def flag(unneeded=""):
    return Leaf("flag", unneeded=unneeded)


def whole(low=0, high=None, unneeded=""):
    return Leaf("whole", low=low, high=high, unneeded=unneeded)


def number(low=0, high=None, unneeded=""):
    return Leaf("number", low=low, high=high, unneeded=unneeded)


def day(unneeded=""):
    return Leaf("date", unneeded=unneeded)


def choice(*choices, unneeded=""):
    return Leaf("choice", choices=choices, unneeded=unneeded)


def texts(unneeded=""):
    return Items(Leaf("text"), unneeded)


def names():
    return Items(Leaf("name"))


def lines():
    """Texts that are stored one a line."""
    return Items(Leaf("line"))


def patterns():
    """Texts that are stored one a line and may be regular expressions: blanks at their ends are kept."""
    return Items(Leaf("pattern"))


def regexes():
    return Items(Leaf("regex", high=20_000))


def conditions():
    return Items(Leaf("condition"))


def section(unneeded="", **keys):
    """A block whose keys mean something only together; what stands for itself is a ``Key`` of the table."""
    return Section(keys, unneeded)


def switched(**keys):
    """A section that is off unless it says ``enabled: true``."""
    return Section({"enabled": flag(), **keys}, switch="enabled")


MODE = choice("exact", "partial", "regex")
PRIORITY = whole(1, 5)
LOG_LEVEL = choice("debug", "info", "warning", "error", "DEBUG", "INFO", "WARNING", "ERROR")


def matching(**more):
    """Return the keys that every section with a text match has."""
    return {
        "case_sensitive": flag(),
        "exact_match": flag("exact_match"),
        "match_mode": MODE,
        "match_patterns": lines(),
        "regex_patterns": regexes(),
        **more,
    }


def listed(**more):
    """Return a list of texts, or a block with ``values`` and how they are matched."""
    return Either((lines(), section(values=lines(), **matching(**more))))


def days(low=0):
    """A number of days that a date can go back; more than ``LONGEST_DAYS`` is as good as that."""
    return Leaf("days", low=low, high=99_999_999)
