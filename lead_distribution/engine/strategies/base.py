"""What a strategy is, and the table in which strategies are found by name."""

from math import inf

STRATEGIES = {}


class Strategy:
    """A rule for whose turn it is: a key and a cap.

    For each lead, the eligible person with the smallest key gets it, and that person's
    key is computed anew. Keys must not shrink when a person receives a lead. Ties are
    broken by the plan's random generator, never by name or id.
    """

    name = ""
    options = ()  # names of the settings that are given to it, see the campaign's _get_engine_strategy
    needs_rates = False  # whether it looks at the shares of leads that people convert
    by_segment = False  # whether it tells leads of one segment from those of another
    plans_ahead = False  # whether share_out settles who gets what before the first lead
    is_settled_later = False  # whether what whole leads leave uneven in one plan is settled in the next that goes on
    is_share_measured = False  # whether get_share follows from what people do, and is seldom the same twice

    def prepare(self, people):
        """Look at everybody once before the first lead; called by the planner."""

    def key(self, candidate):
        """Return the sort key of a candidate who has got ``candidate.received`` so far.

        Where turns count, and not what people hold, ``candidate.turns`` is fair to those who come later.
        """
        raise ValueError(f"The strategy {self.name or type(self).__name__} has no key.")

    def reversed_key(self, candidate):
        """Return the key for leads that go to the last level first; only levels know one."""
        return self.key(candidate)

    def ranked_key(self, candidate, rank, is_reversed):
        """Return the key where rules rank the people: the better match first, then the turn."""
        return (rank, self.reversed_key(candidate) if is_reversed else self.key(candidate))

    def share_out(self, supplies, room, rng):
        """Return in advance who gets how many leads of which kind; asked if ``plans_ahead``.

        :param supplies: kinds of like leads, see ``shares.Supply``
        :param room: hand out at most so many leads in all, or None
        :return: a list parallel to ``supplies`` of {candidate: number of leads}
        """
        raise ValueError(f"The strategy {self.name} shares nothing out.")

    def cap(self, person):
        """Return how many leads the person may get in the whole plan at most."""
        return inf

    def get_share(self, person):
        """Return the part of the turns that belongs to a person, such as the weight; after ``prepare``.

        None: it goes by what people hold, so nobody is behind for having come later.
        """
        return None

    def get_rivals(self, person):
        """Return what those have in common with whom a person takes turns."""
        return None

    def get_head_start(self, person, rng=None):
        """Return the leads that count as received when it is about turns; called after ``prepare``.

        :param rng: the plan's; None: what chance adds is left out
        """
        return person.head_start


def register_strategy(strategy_class):
    """Class decorator: make a strategy known under its name."""
    STRATEGIES[strategy_class.name] = strategy_class
    return strategy_class


def get_strategy_class(name):
    """Return the class of a strategy, which says what it needs; of one that is gone, that of any strategy."""
    return STRATEGIES.get(name, Strategy)


def get_strategy(name, **options):
    """Return a new strategy.

    :raise ValueError: for an unknown name
    """
    if name not in STRATEGIES:
        raise ValueError(f"Unknown strategy: {name}")
    return STRATEGIES[name](**options)
