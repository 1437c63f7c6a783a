"""How the names are compared that people give to rules and levels, in configurations and files. Pure Python."""

import re


def fold_name(name):
    """Return a rule's name as it is compared: without case, blanks and underscores.

    >>> fold_name("Voice_Campaign - 1")
    'voicecampaign1'
    """
    return re.sub(r"[\s_-]+", "", name.lower())


def normalize_level(code):
    """Return a level's code as it is compared.

    >>> normalize_level("Mid-Level")
    'mid_level'
    """
    return re.sub(r"[\s_-]+", "_", (code or "").strip().lower()).strip("_")
