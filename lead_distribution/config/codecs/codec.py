from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Codec:
    """Loads and dumps the settings of one subject that are no plain fields.

    ``load`` and ``dump`` stand side by side, so that what one writes can be seen to be what the
    other reads. A method of a codec whose first word is ``_load`` reads one part.
    """

    context: Any  # what loading shares, see ``Context``
    env: Any
    _: Callable  # translates
    get: Callable  # takes the path of a key or section of the table, and what holds without it

    def load(self, values):
        """Return the values of the campaign's fields; rows are lists of dicts.

        :param values: those that the table and the codecs before have loaded
        """
        raise NotImplementedError

    @staticmethod
    def dump(campaign, names):
        """Return {path of a key: what is written}; what is empty is left out.

        :param names: {user: what names this user alone}
        """
        raise NotImplementedError
