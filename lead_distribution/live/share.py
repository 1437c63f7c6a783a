"""What one live campaign makes of some leads: which it takes, who gets them, and which wait for somebody."""

import time
from collections import Counter

from ..day.arms import Crossing
from ..day.part import Part
from ..day.run import count_room_today, get_run, grow
from ..finding.dropback import plan_dropback
from ..finding.search import sort_out
from ..planning.decide import Task
from ..planning.request import PlanRequest
from ..planning.store import store_dropback, store_fallback
from . import fallback
from .left import count_left
from .next_try import Outlook, put_off
from .tomorrow import look_until_tomorrow


class Share:
    """One campaign's part of a micro-batch.

    ``refused``: {lead id: key of the step}; ``waits``: {lead id: ``Wait``}; ``handed_out``: ids; ``found``: ids of
    what the rules take.

    :param ways: see ``Ways``
    :param rows: {lead id: ``Due``}
    """

    def __init__(self, ways, rows, now):
        self.ways, self.campaign = ways, ways.campaign
        self.env = ways.campaign.env
        self.rows, self.now = rows, now
        self.refused, self.waits = {}, {}
        self.handed_out, self.found = set(), set()
        self.parts = []  # see ``HandOut``

    def take(self):
        """Look at the leads, and hand out what can be handed out now."""
        started = time.monotonic()
        crossing = Crossing(self.ways)
        columns = crossing.list_columns()
        request = look_until_tomorrow(self.campaign)
        found = sort_out(self.campaign, request, self.ways.get_steps(request), list(self.rows), columns)
        self.refused = found.refused
        self._put_off(found)
        dropped = plan_dropback(self.campaign, found.to_drop_back)
        without = {candidate.id for candidate in found.to_drop_back} - {lead.lead_id for lead in dropped}
        self.refused |= dict.fromkeys(without, "dropback")  # nobody to give them to: left alone
        self.found = {candidate.id for candidate in found.candidates} | {lead.lead_id for lead in dropped}
        if self.found:
            self._go_ways(crossing, found, columns, dropped, started)

    def _go_ways(self, crossing, found, columns, dropped, started):
        """Hand out the leads by the way of each; what drops back goes none of them."""
        room = count_room_today(self.campaign) if crossing.is_open else None
        sides = crossing.deal(found.candidates, columns, room)
        outside = next((side for side in sides if not side.arm), None)
        if dropped and not outside:
            sides.append(crossing.outside([]))
        first = Counter(key for lead_id, key in self.refused.items() if self.rows[lead_id].is_new)
        for side in sides:
            part = HandOut(self, side, columns)
            part.take(found, () if side.arm else dropped)
            self.parts.append(part)
            part.grow(first, time.monotonic() - started)
            first, started = {}, time.monotonic()

    def _put_off(self, found):
        """Have the leads wait that came a moment ago, if the campaign wants so."""
        if not self.campaign.live_delay:
            return
        for candidates in (found.candidates, found.to_drop_back):
            for candidate in list(candidates):
                wait = put_off(self.campaign, self.rows[candidate.id], self.now)
                if wait:
                    self.waits[candidate.id] = wait
                    candidates.remove(candidate)

    def close(self):
        """Count what is left over of the runs, once the list says what waits, and tell of it; seldom is there any."""
        if any(wait.is_told for wait in self.waits.values()):
            fallback.try_telling(self.campaign)
        runs = {part.run for part in self.parts if part.has_left()}
        for run in sorted(runs | self._find_left_behind(), key=lambda run: run.id):
            count_left(run)

    def _find_left_behind(self):
        """Return the runs in which leads have waited that go a way by now."""
        if not any(part.side.arm for part in self.parts):
            return set()
        ids = {self.rows[lead_id].run_id for lead_id in self.found} - {None, *(part.run.id for part in self.parts)}
        return set(self.env["lead.distribution.run"].browse(sorted(ids)).exists())


class HandOut:
    """The leads of a share that go one way: into its run of the day.

    :param share: whose leads they are; what becomes of them is kept there
    :param side: see ``day.arms.Side``
    """

    def __init__(self, share, side, columns):
        self.share, self.side, self.columns = share, side, columns
        self.campaign = share.campaign
        self.run, self._done = None, None
        self._found = {candidate.id for candidate in side.candidates}

    def take(self, found, dropped):
        """Hand out what can be handed out now.

        :param found: what the campaign's rules take now
        :param dropped: what drops back
        """
        self._found |= {lead.lead_id for lead in dropped}
        share, ways = self.share, self.side.ways
        selection = ways.select()
        self.run = get_run(self.campaign, found, selection, self.side.get_warnings, side=self.side)
        part = Part(ways, self.run, self.side)
        left = part.decide(Task(self.side.candidates, self.columns, selection.members, PlanRequest()))
        store_dropback(self.run, dropped)
        outlook = Outlook(self.campaign, share.now, selection, self.run, ways.campaign)
        for reason, lead_ids in left.items():
            for lead_id in lead_ids:
                share.waits[lead_id] = outlook.describe(reason, share.rows[lead_id])
        self._fall_back(left)
        self._done = self._apply(part, outlook)

    def _fall_back(self, left):
        """Give what nobody could take for too long to the person whom the campaign names, or tell of it."""
        share = self.share
        waits = {lead_id: share.waits[lead_id] for lead_ids in left.values() for lead_id in lead_ids}
        user, given, told = fallback.pick(self.campaign, waits, share.rows, share.now)
        if given:
            store_fallback(self.run, given, user)
        for lead_id in given:
            del share.waits[lead_id]
        for lead_id in told:
            share.waits[lead_id] = share.waits[lead_id]._replace(is_told=True)

    def _apply(self, part, outlook):
        """Write the leads; return the rows of the history that were done. What could not be written waits."""
        share = self.share
        done, rest, busy = part.apply()
        share.handed_out |= set(done.lead_id.ids)
        for row in rest:
            due = share.rows[row.lead_id.id]
            if row in busy:
                share.waits[due.lead_id] = outlook.wait_for_lead()
            else:
                share.waits[due.lead_id] = outlook.fail(row.note, due)
        rest.unlink()  # it did not happen
        return done

    def grow(self, refused, seconds):
        """Add the leads to the figures of the run.

        :param refused: {key of a step: leads that it refuses, looked at for the first time}
        """
        run, rows = self.run, self.share.rows
        dropped = set(self._done.filtered(lambda row: row.kind == "dropback").lead_id.ids)
        known = {lead_id for lead_id in self._found if rows[lead_id].run_id == run.id}
        change = len(self._found - known - dropped) - len(known & dropped)
        grow(run, self._done, change, refused, seconds)

    def has_left(self):
        """Whether leads of the run wait, or have waited until now."""
        return any(
            lead_id in self.share.waits or self.share.rows[lead_id].run_id == self.run.id for lead_id in self._found
        )
