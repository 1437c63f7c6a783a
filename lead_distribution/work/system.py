"""Doing what the caller may have done, but not do alone."""


def as_system(records):
    """Return the same records with full rights.

    For what follows from an action after the caller's right to it was checked: a run writes
    leads of other people, and its own history, which nobody may write. Everywhere else ``sudo()``
    stands with its reason beside it.
    """
    return records.sudo()
