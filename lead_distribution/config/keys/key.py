"""What a line of the table of keys says: ``Key`` for a value, ``Block`` for a section that is more than its keys."""

import dataclasses
from typing import Any

from ..kinds import Leaf

OWN_DEFAULT = object()  # where the key is missing, the field has the value of a new campaign


@dataclasses.dataclass(frozen=True)
class Key:
    """One key of a configuration.

    A key with a ``field`` is loaded and dumped by ``plain``, without any code of its own. One
    without is read by a codec (``codecs/``), or Odoo has no use for it: its kind says why.
    """

    path: str  # from the top, joined by dots
    kind: object  # what may be written there, see ``kinds``
    field: str = ""  # the campaign's field that holds it
    absent: Any = False  # the field's value where the key is missing
    aliases: tuple = ()  # other keys that mean the same; the first one that is there counts
    any_of: bool = False  # with aliases: it is on if any one of them is
    values: dict = dataclasses.field(default_factory=dict)  # what is written → what the field has, where these differ
    silent: Any = None  # the field's value that needs no words: the key is left out
    only_if: str = ""  # the key is written only if this field is set, too
    words: str = ""  # what it does


@dataclasses.dataclass(frozen=True)
class Block:
    """A section that is more than its keys.

    A section with nothing to say about itself needs no line: its keys' paths make it.
    """

    path: str
    field: str = ""  # the campaign's field that is on where the section is there, whatever is in it
    switch: str = ""  # the key without which the others, or those of ``governed``, have no effect
    governed: tuple = ()
    only_if: tuple = ()  # it is written only if one of these fields is set
    unneeded: str = ""  # why Odoo has no use for all of it
    words: str = ""


def setting(name, absent=OWN_DEFAULT, words=""):
    """A setting that only Odoo has, by the name of its field; written where it differs from what is loaded."""
    return Key(f"odoo.settings.{name}", Leaf("any"), field=name, absent=absent, words=words)
