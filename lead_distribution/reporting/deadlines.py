"""Whether what was due was done in time, and what is due now: each figure is worked out here, for all who tell it."""

from collections import Counter
from typing import NamedTuple

from odoo.fields import Domain

from ..engine.figures import percentage
from .periods import get_company_domain

ENDED = Domain("deadline_state", "in", ("kept", "missed"))
LATE = Domain("due_on", "<", "now")  # of leads, as the filter of their lists has it
DUE_TODAY = Domain("due_on", ">=", "today") & Domain("due_on", "<", "today +1d")  # in the time zone of the reader


class Kept(NamedTuple):
    """How many deadlines were kept, and missed."""

    kept: int = 0
    missed: int = 0

    @property
    def rate(self):
        """In percent; None where none has ended."""
        count = self.kept + self.missed
        return percentage(self.kept, count, 1) if count else None

    def add(self, other):
        return Kept(self.kept + other.kept, self.missed + other.missed)


def count_kept(env, domain, names):
    """Return {name of a field: {its record: ``Kept``}}, and the sum under None; one query.

    :param domain: of assignments that were carried out; each belongs to the day on which the lead was handed out
    :param names: fields of assignments
    """
    kept = {None: Kept(), **{name: {} for name in names}}
    groups = env["lead.distribution.assignment"]._read_group(
        domain & ENDED, [*names, "deadline_state"], ["__count"], order="__count DESC"
    )
    for *records, state, count in groups:
        part = Kept(**{state: count})
        kept[None] = kept[None].add(part)
        for name, record in zip(names, records, strict=True):
            kept[name][record] = kept[name].get(record, Kept()).add(part)
    return kept


def get_due_domain(env, campaign=None, user=None):
    """Return the leads among which something may be due, in the companies that are chosen; of all, or of these.

    :param campaign: that has handed them out
    :param user: who has them
    """
    due = get_company_domain(env)  # a campaign may be of all companies
    if user:
        due &= Domain("holder_id", "=", user.id)
    return due & Domain("distribution_campaign_id", "=", campaign.id) if campaign else due


def count_due(env, domain):
    """Return (Counter of the late leads of each person, leads that are due today); in proportion to what is due.

    :param domain: see ``get_due_domain``
    """
    leads = env["crm.lead"]
    late = Counter({user: count for user, count in leads._read_group(domain & LATE, ["holder_id"], ["__count"])})
    return late, leads.search_count(domain & DUE_TODAY)
