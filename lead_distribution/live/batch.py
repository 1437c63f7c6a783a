"""One micro-batch: the leads that are due, shared out by the live campaigns in their order; one transaction.

The first campaign whose rules take a lead has it: there it is handed out, or waits. Rows of the history are stored as
planned and applied by what applies any run. So a process that dies leaves the leads waiting as they were.
"""

import logging

from odoo import fields
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..work.errors import describe_error
from .catching_up import follow_changes
from .fallback import try_telling
from .next_try import describe_failure, wait_for_lead
from .rows import keep_not_taken, keep_waiting, lock_due, lock_leads, remove
from .share import Share
from .watching import find_live
from .worked import Worked

_logger = logging.getLogger(__name__)


def work_batch(env, get_ways):
    """Work on the next leads; return what became of them, see ``Worked``.

    :param get_ways: live campaign → its ``Ways``
    """
    follow_changes(env)
    batch = Batch(env, lock_due(env))
    if batch.rows:
        for campaign in find_live(env):
            if not batch.rest:
                break
            batch.ask(get_ways(campaign))
        batch.settle()
    return batch.worked


class Batch:
    """The leads of one micro-batch. ``rest``: those that no campaign has taken so far, {lead id: ``Due``}."""

    def __init__(self, env, rows):
        self.env = env
        self.now = fields.Datetime.now()
        self.rows = {row.lead_id: row for row in rows}
        free, busy = lock_leads(env, list(self.rows)) if rows else (set(), set())
        self.rest = {lead_id: row for lead_id, row in self.rows.items() if lead_id in free}
        self.gone = self.rows.keys() - free - busy
        self.waits = {lead_id: wait_for_lead(self.now) for lead_id in busy}
        self.refused = {lead_id: {} for lead_id in self.rest}
        self.handed_out = set()
        self.shares = []
        self.broken = []  # campaigns that could not hand out anything
        self.not_taken = {}
        self.failed = {}  # lead id → ``Wait``, of leads that a campaign could not look at

    def ask(self, ways):
        """Have a campaign take what its rules take; one that does not work keeps the others from nothing."""
        share = Share(ways, dict(self.rest), self.now)
        try:
            with self.env.cr.savepoint():
                share.take()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.exception("Live: campaign %s could not hand out leads", ways.campaign.id)
            self._note_failure(ways.campaign, share, describe_error(error, self.env))
            return
        self.shares.append(share)
        for lead_id, key in share.refused.items():
            self.refused[lead_id][str(ways.campaign.id)] = key
        self.waits |= share.waits
        self.handed_out |= share.handed_out
        for lead_id in (*share.waits, *share.handed_out):
            del self.rest[lead_id]

    def _note_failure(self, campaign, share, reason):
        """Remember the leads of a campaign that does not work: of those it would take, others must not have them."""
        self.broken.append(campaign)
        for lead_id in share.found:
            self.waits[lead_id] = describe_failure(campaign, self.rest.pop(lead_id), reason, self.now)
        for lead_id in share.waits.keys() & self.rest.keys():  # which it has put off
            self.waits[lead_id] = share.waits[lead_id]
            del self.rest[lead_id]
        if not share.found:
            for lead_id, row in self.rest.items():
                self.failed.setdefault(lead_id, describe_failure(campaign, row, reason, self.now))

    def settle(self):
        """Write what became of the leads in the list."""
        waiting = {lead_id: self.failed[lead_id] for lead_id in self.rest if lead_id in self.failed}
        self.waits |= waiting
        refused = {lead_id: self.refused[lead_id] for lead_id in self.rest if lead_id not in waiting}
        remove(self.env, [*self.handed_out, *self.gone])
        keep_not_taken(self.env, refused)
        keep_waiting(self.env, self.waits)
        self.not_taken = refused
        for share in self.shares:
            share.close()
        for campaign in self.broken:
            if any(wait.campaign_id == campaign.id and wait.is_told for wait in self.waits.values()):
                try_telling(campaign)

    @property
    def worked(self):
        if not self.rows:
            return Worked()
        return Worked(len(self.handed_out), len(self.waits), len(self.not_taken), len(self.gone))
