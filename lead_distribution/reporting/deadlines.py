"""Whether what was due was done in time, and what is due now: each figure is worked out here, for all who tell it."""

from collections import Counter
from typing import NamedTuple

from odoo.fields import Domain

from ..engine.figures import percentage
from ..names import MOVED
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
    """Return {name of a field: {its record: ``Kept``}}, and the sum under None; one query, two where people were named.

    A campaign has those of its leads that named people took over, as these are its deadlines.

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
    _give_to_campaigns(env, domain, kept.get("campaign_id", {}))
    return kept


def add_kept(kept, more):
    """Add what ``count_kept`` has found of other assignments."""
    kept[None] = kept[None].add(more.pop(None))
    for name, records in more.items():
        for record, part in records.items():
            kept[name][record] = kept[name].get(record, Kept()).add(part)


def _give_to_campaigns(env, domain, kept):
    """Count what went without any rules for the campaigns that had handed the leads out, see ``applying.wanting``."""
    by_hand = [campaign.id for campaign in kept if campaign.is_by_hand]
    if not by_hand:
        return
    domain &= ENDED & Domain("campaign_id", "in", by_hand) & Domain("kind", "in", MOVED)
    groups = env["lead.distribution.assignment"]._read_group(
        domain & Domain("lead_id.distribution_campaign_id", "!=", False),
        ["campaign_id", "lead_id.distribution_campaign_id", "deadline_state"],
        ["__count"],
    )
    for handing, wanting, state, count in groups:
        kept[handing] = kept[handing].add(Kept(**{state: -count}))
        kept[wanting] = kept.get(wanting, Kept()).add(Kept(**{state: count}))
        if not any(kept[handing]):
            del kept[handing]


def get_taken_over_domain(env, campaign):
    """Return the assignments besides its own whose deadlines are a campaign's: its leads that named people took over.

    :param env: with full rights, and the companies of the user
    :param campaign: nothing for all; of all there are none besides
    """
    campaigns = env["lead.distribution.campaign"].with_context(active_test=False)
    by_hand = campaign and campaigns.search(Domain("is_by_hand", "=", True) & get_company_domain(env)) - campaign
    if not by_hand:
        return Domain.FALSE
    named = Domain("campaign_id", "in", by_hand.ids) & Domain("kind", "in", MOVED)
    return named & Domain("lead_id.distribution_campaign_id", "=", campaign.id)


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
