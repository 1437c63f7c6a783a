"""The kinds of values a configuration has, as data: what ``schema_*`` are written in."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Leaf:
    """One value.

    ``kind``: text, name, line, pattern, flag, whole, number, date, choice, regex, condition, trigger, any.
    """

    kind: str
    choices: tuple = ()
    low: float | None = None
    high: float | None = None
    unneeded: str = ""


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
    return Section(keys, unneeded)


def switched(**keys):
    """A section that is off unless it says ``enabled: true``."""
    return Section({"enabled": flag(), **keys}, switch="enabled")


def days(low=0):
    """A number of days; more than ``LONGEST`` is as good as that."""
    return whole(low, 99_999_999)


LONGEST = 300_000  # days that a date can go back
