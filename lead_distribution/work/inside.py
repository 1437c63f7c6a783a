"""Values that travel in the context from one of our methods to another, and that nobody else can give.

Whoever calls a method over RPC chooses its context. What comes from there is JSON, so it is never
an ``Inside``: a key with any other value counts as missing.
"""

# what a caller of a public method may decide by the context: language, clock and companies; and silence
KEPT = ("lang", "tz", "allowed_company_ids", "tracking_disable")


class Inside:
    """A value put into the context by the addon itself.

    Two of them are the same only if they are one object: Odoo shares the environments of equal
    contexts, and a list or dict in one of them would be somebody else's.
    """

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


YES = Inside(True)
NO = Inside(False)


def get_inside(env, key, default=None):
    """Return what the addon has put into the context under a key, or ``default``."""
    found = env.context.get(key)
    return found.value if isinstance(found, Inside) else default


def with_own_context(records):
    """Return records without what a caller has put into the context.

    A default for a field that we leave to its own ("default_state"), or a search that shows
    archived records, would change what a run does.
    """
    context = records.env.context
    # replacing the whole context is what this is for
    # pylint: disable-next=context-overridden
    return records.with_context({k: v for k, v in context.items() if k in KEPT or isinstance(v, Inside)})
