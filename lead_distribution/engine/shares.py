"""For strategies that settle in advance who gets how many leads of which kind."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from itertools import chain, repeat
from math import inf

from .data import LeftOver


@dataclass(slots=True)
class Supply:
    """A kind of like leads.

    ``takers``: candidate who may take them → rank; ``most``: candidate → how many at most,
    where that is less than ``count``, because they hold the others.
    """

    count: int
    takers: dict
    most: dict
    segment: Hashable
    cap_class: Hashable


class Shares:
    """What a strategy has settled in advance: who takes which lead."""

    def __init__(self, groups, takers, queue):
        self._groups = groups
        self._takers = takers  # lead id -> candidate
        self._received = Counter({c: c.received for c in groups.candidates})  # when all is handed out
        self._received.update(takers.values())
        by_lead = ((takers.get(lead.id), groups.get_cap_class(lead.group)) for lead in queue)
        self._of_class = Counter({(c, name): count for c in groups.candidates for name, count in c.of_class.items()})
        self._of_class.update(taken for taken in by_lead if taken[0])
        self._free = {}  # group -> {candidate with room: rank}; forgotten when one more is counted

    def take_next(self, lead):
        """Return the candidate who takes the lead, or the reason why there is none."""
        taker = self._takers.get(lead.id)
        if taker is None:
            return self._reason_for_nobody(lead)
        taker.received += 1
        return taker

    def take_while_room(self, lead):
        """The same where another plan gives leads to the same people at the same time, see ``note_elsewhere``.

        If that has filled the taker, it is the best match whose room is not settled yet.
        """
        cap_class = self._groups.get_cap_class(lead.group)
        taker = self._takers.pop(lead.id, None)
        if taker is not None and taker.is_full(cap_class):
            self._count(taker, cap_class, -1)
            taker = None
        if taker is None:
            taker = self._find_best(lead)
            if taker is None:
                return self._reason_for_nobody(lead)
            self._count(taker, cap_class, 1)
        taker.received += 1
        if cap_class is not None:
            taker.of_class[cap_class] += 1
        return taker

    def note_elsewhere(self, candidate, cap_class):
        """Count a lead of a class that another plan has given to somebody; caps are the candidate's own."""
        self._of_class[candidate, cap_class] += 1
        self._free.clear()

    def _count(self, candidate, cap_class, number):
        self._received[candidate] += number
        self._of_class[candidate, cap_class] += number
        self._free.clear()

    def _find_free(self, group):
        """Return {candidate: rank} of those who may take such leads and have room, when all is handed out."""
        if group not in self._free:
            takers, cap_class = self._groups.get_takers(group), self._groups.get_cap_class(group)
            self._free[group] = {c: rank for c, rank in takers.items() if not self._is_full(c, cap_class)}
        return self._free[group]

    def _find_best(self, lead):
        """Return the best match with room for a lead, when all is handed out, or None."""
        free = [(rank, -c.person.get_rate(lead.segment), c.tie, c) for c, rank in self._find_free(lead.group).items()
                if c.person.id not in lead.holders]  # fmt: skip
        return min(free)[3] if free else None

    def place_rest(self, queue, room):
        """Give leads that are left to the best match with room."""
        room -= len(self._takers)
        for lead in queue:
            if room <= 0:
                return
            if lead.id not in self._takers:
                room -= self._place(lead)

    def _place(self, lead):
        cap_class = self._groups.get_cap_class(lead.group)
        taker = self._find_best(lead)
        if taker is None:
            return 0
        self._takers[lead.id] = taker
        self._count(taker, cap_class, 1)
        return 1

    def _reason_for_nobody(self, lead):
        if not self._groups.get_takers(lead.group):
            return self._groups.get_reason(lead.group)
        free = self._find_free(lead.group)
        if not free:
            return LeftOver.EVERYBODY_FULL
        return LeftOver.ONLY_HOLDER if all(c.person.id in lead.holders for c in free) else LeftOver.MAX_LEADS

    def _is_full(self, candidate, cap_class):
        """Whether the person has no room when all is handed out."""
        limit = candidate.person.class_limits.get(cap_class, inf)
        return self._received[candidate] >= candidate.cap or self._of_class[candidate, cap_class] >= limit


def share_out(queue, groups, room, rng):
    """Let a strategy that plans ahead do so.

    Leads of a group and segment are one kind, whoever holds them: that each person can take
    no more than the others hold is all there is to obey (Hall's theorem), as long as a lead
    has one holder. Where leads have two, a few may be left after that, and go to whoever has room.
    """
    people = {c.person.id: c for c in groups.candidates}
    kinds = {}
    for lead in queue:
        holders = {i for i in lead.holders if i in people}
        kinds.setdefault((lead.group, lead.segment), []).append((lead, holders))
    supplies = [_get_supply(kind, leads, groups, people) for kind, leads in kinds.items()]
    takers = {}
    for leads, share in zip(kinds.values(), groups.strategy.share_out(supplies, room, rng), strict=True):
        takers.update(_match(leads, share, rng))
    shares = Shares(groups, takers, queue)
    shares.place_rest(queue, room)
    return shares


def _get_supply(kind, leads, groups, people):
    group, segment = kind
    takers = dict(groups.get_takers(group))
    held = Counter(holder for _lead, holders in leads for holder in holders)
    most = {people[i]: len(leads) - n for i, n in held.items() if people[i] in takers}
    return Supply(len(leads), takers, most, segment, groups.get_cap_class(group))


def _match(leads, share, rng):
    """Return {lead id: candidate}: the first leads are served, and nobody gets their own.

    Somebody who would is exchanged with a lead whose holder and taker are others. There is
    one: else all the leads that others hold were this person's already. (Not always, where
    leads have two holders: such a lead stays for now.)
    """
    drawn = [c for c, amount in share.items() for _turn in range(amount)]
    rng.shuffle(drawn)
    takers = [*drawn, *repeat(None, len(leads) - len(drawn))]
    for place, (_lead, holders) in enumerate(leads):
        if takers[place] is not None and takers[place].person.id in holders:
            other = _find_exchange(place, takers, leads, rng)
            if other is None:
                takers[place] = None
            else:
                takers[place], takers[other] = takers[other], takers[place]
    return {lead.id: taker for (lead, _holders), taker in zip(leads, takers, strict=True) if taker}


def _find_exchange(place, takers, leads, rng):
    mine, my_holders = takers[place].person.id, leads[place][1]
    count = len(leads)
    tries = (rng.randrange(count) for _try in range(50))
    for other in chain(tries, range(count)):
        theirs = takers[other].person.id if takers[other] else None
        if theirs not in my_holders and mine not in leads[other][1]:
            return other
    return None
