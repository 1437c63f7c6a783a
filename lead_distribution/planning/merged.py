"""What rows of the history say of a lead that was merged into another one, and the same without its name."""

import re

from ..finding.languages import get_language_envs
from ..names import MASKED

NAME, NUMBER = "\ue000", "\ue001"  # signs that nobody writes


def say_merged(env, name, number):
    """Return the note of rows whose lead was merged into the one of this name and number."""
    return env._("The lead was merged into “%(name)s” (#%(number)s).", name=name, number=number)


def mask_merged(env, note):
    """Return a note without the name, in whatever language it was written; what is no such note as it is."""
    for one in get_language_envs(env):
        pattern = re.escape(say_merged(one, NAME, NUMBER)).replace(NAME, ".*").replace(NUMBER, r"(\d+)")
        found = re.fullmatch(pattern, note or "", re.DOTALL)
        if found:
            return say_merged(one, MASKED, found[1])
    return note
