"""The leads of a campaign in the order in which they are handed out, a page at a time.

Who wants a single lead of a million must not have all of them read: each part of an order is that of an index, along
which the database goes until there are enough. The next page has all before it once more, in a statement that is five
times as large: so it does not matter what was taken meanwhile, and no page is planned for more than it is.
"""

from datetime import timedelta
from random import SystemRandom

from odoo.fields import Domain
from odoo.tools import SQL

from .candidates import fetch_candidates

FIRST_PAGE = 200  # leads; of these, one is for the person nearly always
GROWTH = 5
PRIORITIES = (["3"], ["2"], ["1"], ["0", False])


class InTurn:
    """Candidates in the order of a campaign; iterate over it for lists of ``Candidate``.

    The first page is fetched at once, so that whoever limits the time of looking does it here.

    :param leads: crm.lead, with the rights and the context to look with
    :param domain: of the leads that the campaign takes
    :param order: see ``lead_order`` of campaigns
    :param window: first and last date of these leads, None is an open side
    :param fact_names: stored fields of leads, see ``Candidate.facts``
    """

    def __init__(self, leads, domain, order, window, fact_names=()):
        self.warnings = []
        self._leads, self._domain, self._names = leads, domain, fact_names
        self._pages = self._fetch_all(_list_parts(leads, order, window))
        self._first = next(self._pages, [])

    def __iter__(self):
        if self._first:
            yield self._first
        yield from self._pages

    def _fetch_all(self, parts):
        for part, order in parts:
            yield from self._fetch(self._domain & part, order)

    def _fetch(self, domain, order):
        seen, size, is_more = set(), FIRST_PAGE, True
        while is_more:
            page = fetch_candidates(self._leads, domain, self._names, order, size)
            is_more, size = len(page) == size, size * GROWTH
            new = [candidate for candidate in page if candidate.id not in seen]
            seen.update(candidate.id for candidate in new)
            if new:
                yield new


def _list_parts(leads, order, window):
    """Return [(domain, order)]: one after the other they are all leads in an order of campaigns.

    As ``planning.decide.RANKS`` has it: newer ones are those that came in later, and those without a date are the
    oldest.
    """
    dated = Domain("source_date", "!=", False)
    newest = [(dated, "source_date DESC, id"), (~dated, "id")]
    if order == "newest":
        return newest
    if order == "oldest":
        return [(~dated, "id"), (dated, "source_date, id")]
    if order == "priority":
        return [(Domain("priority", "in", values) & part, order) for values in PRIORITIES for part, order in newest]
    return _begin_anywhere(leads, window)


def _begin_anywhere(leads, window):
    """Return the parts of an order by chance: it begins with any day, and goes on from there."""
    [extremes] = leads.env.execute_query(
        SQL("SELECT coalesce(min(source_date), now()::date), coalesce(max(source_date), now()::date) FROM crm_lead")
    )
    first, last = max(window[0] or extremes[0], extremes[0]), min(window[1] or extremes[1], extremes[1])
    day = first + timedelta(days=SystemRandom().randint(0, max(0, (last - first).days)))
    return [
        (Domain("source_date", ">=", day), "source_date, id"),
        (Domain("source_date", "<", day), "source_date, id"),
        (Domain("source_date", "=", False), "id"),
    ]
