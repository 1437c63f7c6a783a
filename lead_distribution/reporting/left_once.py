"""What several runs left over, each lead counted once: a lead that stays is found by every run anew.

A run of a campaign looks at all leads that an earlier one has left. So of the runs of some days the last such run
counts, with what came after it: runs on selected leads or on other dates, and imports, which look at theirs only.
Two campaigns that left the same lead are two answers, and count each.
"""

from collections import Counter

from ..names import ASIDE, GIVEN
from .left import read_left

OWN_LEADS = ("lead_ids", "date_from", "date_to")  # options of runs that look at other leads than their campaign does


def count_left(runs_of):
    """Return {key: {reason: leads left over}} of groups of runs; two statements at most, however many groups.

    :param runs_of: {key: runs that were carried out, in their order}
    """
    chains_of = {
        key: [_get_chain(own) for own in runs.grouped("campaign_id").values()] for key, runs in runs_of.items()
    }
    chains = [chain for own in chains_of.values() for chain in own if len(chain) > 1]
    handed_out = _read_chains(chains)
    counted = {}
    for key, own in chains_of.items():
        counted[key] = sum((_count_chain(chain, handed_out) for chain in own), Counter())
    return counted


def _get_chain(runs):
    """Return the last run of a campaign that looked at all its leads, and those after it."""
    last = max((place for place, run in enumerate(runs) if _looks_at_all(run)), default=0)
    return runs[last:]


def _looks_at_all(run):
    return run.origin not in ASIDE and not any((run.options or {}).get(name) for name in OWN_LEADS)


def _read_chains(chains):
    """Have the ids of what these runs left at hand, and return {run id: ids of the leads it handed out}."""
    if not chains:
        return {}
    runs = chains[0].union(*chains)
    runs.fetch(["left_over_leads", "left_over_rest"])
    groups = runs.env["lead.distribution.assignment"]._read_group(
        [("run_id", "in", runs.ids), ("kind", "in", GIVEN), ("state", "=", "done")],
        ["run_id"],
        ["lead_id:array_agg"],
    )
    return {run.id: set(ids) for run, ids in groups}


def _count_chain(chain, handed_out):
    if len(chain) == 1:
        return Counter(chain.left_over or {})
    left, unknown = {}, Counter()
    for run in chain:
        ids_of = read_left(run.left_over_leads, run.left_over_rest)
        for lead_id in handed_out.get(run.id, ()):
            left.pop(lead_id, None)
        left.update((lead_id, reason) for reason, ids in ids_of.items() for lead_id in ids)
        for reason, count in (run.left_over or {}).items():  # deleted since: nobody can tell which they were
            unknown[reason] += count - len(ids_of.get(reason, ()))
    return Counter(left.values()) + unknown
