"""The largest number of conversions that can be expected, under all rules and limits."""

from .base import register_strategy
from .fill import FillStrategy

BETTER_MATCH = 2.0  # conversions: more than the one that a lead can be at most


@register_strategy
class Optimal(FillStrategy):
    """Hand out as many leads as there is room for, and of all ways to do so take the best.

    Rule: a transport problem from kinds of like leads (rules, segment, holder) to people with
    their room, up to the target as in ``FillStrategy``. The best way has the largest sum of
    expected conversions; where rules rank people, a better match is worth more than a
    conversion. Equal ways are told apart by chance. Source: F. L. Hitchcock, "The distribution
    of a product from several sources to numerous localities", 1941. The solver is an argument.

    >>> from random import Random
    >>> from engine import Lead, Person, make_plan
    >>> from tools.transport import solve
    >>> team = [Person(1, target=2, rates={"web": 0.3, "fair": 0.2}),
    ...         Person(2, target=2, rates={"web": 0.25, "fair": 0.05})]
    >>> leads = [Lead(1, segment="web"), Lead(2, segment="web"), Lead(3, segment="fair"), Lead(4, segment="fair")]
    >>> plan = make_plan(leads, team, Optimal(solve), rng=Random(1))
    >>> sorted((d.lead_id, d.person_id) for d in plan.decisions)  # 0.9 conversions; the other way 0.7
    [(1, 2), (2, 2), (3, 1), (4, 1)]
    """

    name = "optimal"

    def __init__(self, solve=None, overflow_limit=None):
        """:param solve: see ``tools.transport.solve``"""
        super().__init__(overflow_limit)
        if solve is None:
            raise ValueError("The strategy optimal needs a solver.")
        self._solve = solve

    def key(self, candidate):
        """Only tells how good a person is; who gets what is settled in advance."""
        return -candidate.person.rate

    def ranked_key(self, candidate, rank, is_reversed):
        return (rank, self.key(candidate))

    def share_out(self, supplies, room, rng):
        shares = [{} for _supply in supplies]
        arcs = self._get_arcs(supplies, rng)
        candidates = list(dict.fromkeys(arc[1] for arc in arcs))
        rooms = {(c, None): c.get_room() for c in candidates}
        rooms |= {(c, name): limit for c in candidates for name, limit in c.person.class_limits.items()}
        amounts = self._solve([supply.count for supply in supplies], rooms, arcs, room)
        for (index, candidate, *_rest), amount in zip(arcs, amounts, strict=True):
            if amount:
                shares[index][candidate] = amount
        return shares

    def _get_arcs(self, supplies, rng):
        """Return (number of supply, candidate, class, value, at most) for everybody who may take a lead."""
        ranks = sorted({rank for supply in supplies for rank in supply.takers.values()})
        place = {rank: number for number, rank in enumerate(ranks)}
        return [
            (
                index,
                candidate,
                supply.cap_class,
                self._get_value(candidate, supply, place[rank], rng),
                supply.most.get(candidate, supply.count),
            )
            for index, supply in enumerate(supplies)
            for candidate, rank in supply.takers.items()
        ]

    def _get_value(self, candidate, supply, place, rng):
        # the share of a conversion that chance adds settles ties, and nothing else
        return candidate.person.get_rate(supply.segment) - BETTER_MATCH * place + rng.random() * 1e-5
