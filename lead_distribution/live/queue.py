"""The list of waiting leads: what comes is put into it in the transaction of whoever makes it, and leaves it again.

Nothing is decided here. Where no campaign is live, nothing costs a statement.
"""


def note_new(leads):
    """Put new leads that nobody has into the list of waiting leads, and wake whoever works it off.

    :param leads: just created
    """


def note_change(leads, names):
    """Put leads that may fit by now into the list, and take out those that somebody has.

    :param leads: just written
    :param names: of the fields that were written
    """


def try_again(env, campaigns=None):
    """Have waiting leads tried at once: somebody came back, a limit rose, a lead was closed.

    :param campaigns: only those that wait for one of these; None: all
    """


def wake(env, at=None):
    """Wake whoever works off the list.

    :param at: when (UTC); None: as soon as this transaction is committed
    """
    env["lead.distribution.waiting"].wake(at)
