"""What one live campaign makes of some leads: which it takes, who gets them, and which wait for somebody."""

import time
from collections import Counter

from ..day.part import Part
from ..day.run import get_run, grow
from ..finding.dropback import plan_dropback
from ..finding.search import sort_out
from ..planning.decide import Task, list_columns
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
        self.run = None

    def take(self):
        """Look at the leads, and hand out what can be handed out now."""
        started = time.monotonic()
        columns = list_columns(self.campaign, self.ways.get_rule_fields(), [self.campaign.strategy])
        request = look_until_tomorrow(self.campaign)
        found = sort_out(self.campaign, request, self.ways.get_steps(request), list(self.rows), columns)
        self.refused = found.refused
        self._put_off(found)
        dropped = plan_dropback(self.campaign, found.to_drop_back)
        without = {candidate.id for candidate in found.to_drop_back} - {lead.lead_id for lead in dropped}
        self.refused |= dict.fromkeys(without, "dropback")  # nobody to give them to: left alone
        self.found = {candidate.id for candidate in found.candidates} | {lead.lead_id for lead in dropped}
        if self.found:
            self._hand_out(found, columns, dropped, started)

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

    def _hand_out(self, found, columns, dropped, started):
        selection = self.ways.select()
        self.run = get_run(self.campaign, found, selection, self.ways.get_warnings)
        part = Part(self.ways, self.run)
        left = part.decide(Task(found.candidates, columns, selection.members, PlanRequest()))
        store_dropback(self.run, dropped)
        outlook = Outlook(self.campaign, self.now, selection, self.run)
        for reason, lead_ids in left.items():
            for lead_id in lead_ids:
                self.waits[lead_id] = outlook.describe(reason, self.rows[lead_id])
        self._fall_back(left)
        done = self._apply(part, outlook)
        self._grow(done, started)

    def _fall_back(self, left):
        """Give what nobody could take for too long to the person whom the campaign names, or tell of it."""
        waits = {lead_id: self.waits[lead_id] for lead_ids in left.values() for lead_id in lead_ids}
        user, given, told = fallback.pick(self.campaign, waits, self.rows, self.now)
        if given:
            store_fallback(self.run, given, user)
        for lead_id in given:
            del self.waits[lead_id]
        for lead_id in told:
            self.waits[lead_id] = self.waits[lead_id]._replace(is_told=True)

    def _apply(self, part, outlook):
        """Write the leads; return the rows of the history that were done. What could not be written waits."""
        done, rest, busy = part.apply()
        self.handed_out = set(done.lead_id.ids)
        for row in rest:
            due = self.rows[row.lead_id.id]
            if row in busy:
                self.waits[due.lead_id] = outlook.wait_for_lead()
            else:
                self.waits[due.lead_id] = outlook.fail(row.note, due)
        rest.unlink()  # it did not happen
        return done

    def _grow(self, done, started):
        run = self.run
        dropped = set(done.filtered(lambda row: row.kind == "dropback").lead_id.ids)
        known = {lead_id for lead_id in self.found if self.rows[lead_id].run_id == run.id}
        change = len(self.found - known - dropped) - len(known & dropped)
        first = Counter(key for lead_id, key in self.refused.items() if self.rows[lead_id].is_new)
        grow(run, done, change, first, time.monotonic() - started)

    def close(self):
        """Count what is left over of the run, once the list says what waits, and tell of it; seldom is there any."""
        if any(wait.is_told for wait in self.waits.values()):
            fallback.try_telling(self.campaign)
        if self.run and (self.waits or any(self.rows[lead_id].run_id == self.run.id for lead_id in self.found)):
            count_left(self.run)
