# pylint: disable=prefer-env-translation
"""What is told about a configuration: problems, warnings, and keys that are not needed."""

from collections import Counter
from dataclasses import dataclass, field

from ..tools.storable import is_storable

MAX_TEXT = 600  # what somebody wrote may be of any length
MAX_PART = 80
MAX_MESSAGES = 2_000
KINDS = ("problem", "warning", "person", "unneeded", "info")


@dataclass(frozen=True)
class Message:
    """One thing to tell, with the place it is about.

    ``kind``: ``problem`` (nothing is loaded), ``warning``, ``person`` (somebody unknown, told
    by every run, too), ``unneeded`` (a key that Odoo has no use for) or ``info``.
    """

    kind: str
    path: str
    text: str
    line: int | None = None
    lasting: bool = False  # the campaign itself does not show it: its runs tell it, too

    def to_dict(self):
        return {
            "kind": self.kind, "path": self.path, "text": self.text, "line": self.line or None,
            "lasting": self.lasting,
        }  # fmt: skip


@dataclass
class Report:
    """The messages about one configuration, in the order of its lines."""

    lines: dict = field(default_factory=dict)
    messages: list = field(default_factory=list)
    _seen: set = field(default_factory=set)
    _counts: Counter = field(default_factory=Counter)

    def add(self, kind, path, text, line=None, *, lasting=False):
        """Add a message.

        :param path: the way to the key, a tuple of texts, or the name of a file
        :param lasting: whether only the configuration shows it, so that the campaign's runs must tell it
        """
        path = (path,) if isinstance(path, str) else tuple(path)
        for known in (path, path[:-1]):
            line = line or (self.lines.get(known) if known else None)
        message = Message(kind, show(join(path)), shorten(show(text), MAX_TEXT), line, lasting)
        if message not in self._seen and self._counts[kind] < MAX_MESSAGES:
            self._seen.add(message)
            self._counts[kind] += 1
            self.messages.append(message)

    @property
    def problems(self):
        return self.get("problem")

    def get(self, *kinds):
        """Return the messages of these kinds, ordered by line."""
        found = [message for message in self.messages if message.kind in kinds]
        return sorted(found, key=lambda message: (message.line or 0, message.path))

    def describe(self, _, *kinds):
        """Return one line of text for each message of these kinds."""
        texts = []
        for message in self.get(*kinds):
            place = message.path
            if message.line:
                place = _("%(path)s (line %(line)s)", path=place, line=message.line) if place else _(
                    "line %s", message.line
                )  # fmt: skip
            texts.append(f"{place}: {message.text}" if place else message.text)
        return texts

    def sort(self, _):
        """Return all messages as lines of text, by what they mean to the writer."""
        return {
            "problems": self.describe(_, "problem"),
            "warnings": self.describe(_, "warning", "person"),
            "unneeded": self.describe(_, "unneeded"),
            "notes": self.describe(_, "info"),
        }


def show(text):
    """Return a text that can be printed and sent, whatever was in it.

    >>> show("a\\ud800")
    'a\\\\ud800'
    """
    return text if is_storable(text) else text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def shorten(text, limit):
    """Return a text that is not longer than a limit.

    >>> shorten("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= limit else text[: limit - 1] + "…"


def join(path):
    """Return a path as it is shown: keys joined by dots, positions in brackets.

    >>> join(("lead_finding", "campaigns", "types", 1))
    'lead_finding.campaigns.types[1]'
    """
    text = ""
    for part in path:
        name = part if isinstance(part, int) else shorten(str(part), MAX_PART)
        text += f"[{part}]" if isinstance(part, int) else f".{name}" if text else name
    return text
