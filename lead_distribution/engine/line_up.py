"""The people who may take a group of like leads, the one whose turn it is first."""

from collections import Counter
from heapq import heapify, heappop, heappush, heapreplace

from .data import LeftOver, Person


class Candidate:
    """A person while a plan is made: what they received so far, and their place in a tie.

    ``received`` counts on from what earlier parts of the plan gave, ``of_class`` from now on. ``head_start``:
    leads that count as received when it is about whose turn it is. ``elsewhere``: leads that another plan gives the
    same person at the same time, see ``arms``; they count for caps, limits and load, never for turns.
    """

    __slots__ = ("cap", "elsewhere", "head_start", "of_class", "person", "received", "tie")

    def __init__(self, person: Person, tie: int, cap: float, head_start: float = 0.0):
        """:param cap: how many leads the strategy may give in the whole plan; the person's own limit counts, too"""
        self.person = person
        self.tie = tie
        self.cap = cap if person.limit is None else min(cap, person.received + person.limit)
        self.received = person.received
        self.head_start = head_start
        self.elsewhere = 0
        self.of_class = Counter()

    def receive_elsewhere(self, count=1, cap_class=None):
        """Count leads that another plan has given this person; of a class, where it has limits."""
        self.elsewhere += count
        self.cap -= count
        if cap_class is not None:
            self.of_class[cap_class] += count

    @property
    def load(self):
        """Leads that the person holds by now."""
        return self.person.current + self.received + self.elsewhere

    @property
    def turns(self):
        """Turns had so far: a lead is one, or more for who has a share below 1."""
        return (self.received + self.head_start) / self.person.share

    def is_full(self, cap_class=None):
        """Whether the person can get no more leads, or no more of this class."""
        if self.received >= self.cap:
            return True
        limit = self.person.class_limits.get(cap_class)
        return limit is not None and self.of_class[cap_class] >= limit

    def get_room(self, cap_class=None):
        """Return how many more leads of a class the person can get."""
        room = self.cap - self.received
        limit = self.person.class_limits.get(cap_class)
        return max(0, room if limit is None else min(room, limit - self.of_class[cap_class]))


class LineUp:
    """A priority queue of candidates whose keys only ever grow.

    A candidate may stand in several line-ups, one for each group of leads. When one of
    them serves the candidate, the keys in the others are out of date: too small, never
    too large. So an entry is brought up to date when it comes to the front.
    One turn costs O(log n).
    """

    def __init__(self, candidates, key, cap_class=None, nobody=LeftOver.NO_ELIGIBLE):
        """:param key: candidate → sort key; :param cap_class: the class of these leads;
        :param nobody: why they stay if there are no candidates
        """
        self._nobody = nobody
        self._key = key
        self._class = cap_class
        self._heap = [(key(c), c.tie, c) for c in candidates]
        self._was_empty = not self._heap
        heapify(self._heap)

    def take_next(self, holders):
        """Give one lead to the first candidate with room who is not in ``holders``.

        :return: the candidate, or the reason why there is none
        """
        aside = []
        winner = None
        heap, key, cap_class = self._heap, self._key, self._class
        while heap:
            known, tie, candidate = heap[0]
            if candidate.is_full(cap_class):
                heappop(heap)
                continue
            present = key(candidate)
            if present != known:
                heapreplace(heap, (present, tie, candidate))
                continue
            if candidate.person.id in holders:
                aside.append(heappop(heap))
                continue
            winner = candidate
            candidate.received += 1
            if cap_class is not None:
                candidate.of_class[cap_class] += 1
            heapreplace(heap, (key(candidate), tie, candidate))
            break
        for entry in aside:
            heappush(heap, entry)
        return winner or self._reason_for_nobody(aside)

    def _reason_for_nobody(self, aside):
        if self._was_empty:
            return self._nobody
        return LeftOver.ONLY_HOLDER if aside else LeftOver.EVERYBODY_FULL
