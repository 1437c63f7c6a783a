"""Names that people give: of files, campaigns and mappings."""

from ..tools.safe_export import guard


def explain_bad_name(env, text, limit):
    """Return why a text is no name: lists and exports show it, and spreadsheets run what looks like a formula."""
    if len(text) > limit:
        return env._("A name has at most %s characters.", limit)
    if text != guard(text):
        return env._("A name cannot begin with “%s”: spreadsheets take it for a formula.", text.strip()[:1])
    if not text.isprintable():
        return env._("There are signs in the name that nobody can see.")
    return None
