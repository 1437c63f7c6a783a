"""The largest number of conversions that can be expected, under all rules and limits."""

from .base import register_strategy
from .fill import FillStrategy

BETTER_MATCH = 2.0  # conversions: more than the one that a lead can be at most
EVEN = 1e-5  # conversions that the most even of nearly equal ways may cost a lead
CHANCE = 1e-6  # conversions by which chance tells equal ways apart
STEPS = 20  # up to twice the average, how finely shares are evened out


@register_strategy
class Optimal(FillStrategy):
    """Hand out as many leads as there is room for, and of all ways to do so take the best.

    Rule: a transport problem from kinds of like leads (rules, segment, holder) to people with
    their room, up to the target as in ``FillStrategy``. The best way has the largest sum of
    expected conversions; where rules rank people, each place nearer to the best match counts more
    than a conversion. Among equal ways the most even one is taken (rates that differ by less than
    a fiftieth of a percent are equal), and what is open then is left to chance. Source: F. L.
    Hitchcock, "The distribution of a product from several sources to numerous localities",
    1941. The solver is an argument.

    >>> from random import Random
    >>> from engine import Lead, Person, make_plan
    >>> from lead_distribution.planning.transport import solve
    >>> team = [Person(1, target=2, rates={"web": 0.3, "fair": 0.2}),
    ...         Person(2, target=2, rates={"web": 0.25, "fair": 0.05})]
    >>> leads = [Lead(1, segment="web"), Lead(2, segment="web"), Lead(3, segment="fair"), Lead(4, segment="fair")]
    >>> plan = make_plan(leads, team, Optimal(solve), rng=Random(1))
    >>> sorted((d.lead_id, d.person_id) for d in plan.decisions)  # 0.9 conversions; the other way 0.7
    [(1, 2), (2, 2), (3, 1), (4, 1)]
    """

    name = "optimal"
    options = ("solve", "overflow_limit")
    needs_rates = True
    by_segment = True
    plans_ahead = True

    def __init__(self, solve=None, overflow_limit=None):
        """:param solve: see ``planning.transport.solve``"""
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
        rooms |= {
            (c, name): max(0, limit - c.of_class[name])
            for c in candidates
            for name, limit in c.person.class_limits.items()
        }
        ladders = self._get_ladders(candidates, sum(supply.count for supply in supplies), rng)
        amounts = self._solve([supply.count for supply in supplies], rooms, arcs, room, ladders)
        for (index, candidate, *_rest), amount in zip(arcs, amounts, strict=True):
            if amount:
                shares[index][candidate] = amount
        return shares

    def _get_arcs(self, supplies, rng):
        """Return (number of supply, candidate, class, value, at most) for everybody who may take a lead."""
        arcs = []
        for index, supply in enumerate(supplies):
            place = {rank: number for number, rank in enumerate(sorted(set(supply.takers.values())))}
            for candidate, rank in supply.takers.items():
                rate = candidate.person.get_rate(supply.segment)
                value = rate - BETTER_MATCH * place[rank] + rng.random() * CHANCE
                most = supply.most.get(candidate, supply.count)
                arcs.append((index, candidate, supply.cap_class, value, most))
        return arcs

    def _get_ladders(self, candidates, count, rng):
        """Return {candidate: list of (leads, cost of each)}: the more somebody has got, the dearer the next.

        Only so much that equal values are shared evenly. Who is ahead of others from earlier parts of
        the plan begins as much higher on the ladder.
        """
        step = max(1, round(count / max(1, len(candidates)) / STEPS * 2))
        fewest = min((candidate.turns for candidate in candidates), default=0)
        ladders = {}
        for candidate in candidates:
            share = candidate.person.share
            ahead = (candidate.turns - fewest) / step
            rungs = [(step, EVEN * min(STEPS, ahead + (number + rng.random() / 2) / share)) for number in range(STEPS)]
            ladders[candidate] = [*rungs, (count, EVEN * (STEPS + rng.random()))]
        return ladders

    def get_share(self, person):
        return person.share
