"""Adds up the runs of some days: all reports and the dashboard do it here, so their numbers agree.

Runs count that were carried out: done, or stopped after a part. A reverted run counts in none; failed
ones are counted by themselves. What was left over counts once (``left_once``), and found is what was handed out
and what was left, so a lead that several runs found in vain is one lead.
"""

from collections import Counter
from typing import NamedTuple

from odoo.fields import Domain

from ..engine.figures import percentage
from ..engine.names import name_key
from ..finding.languages import get_language_envs
from .figures import average
from .left_once import count_left
from .report_data import fill_ages
from .words import describe_left_over

SHOWN_PEOPLE = 10  # who received most
APPLIED = Domain("is_applied", "=", True)  # of runs
OF_APPLIED = Domain("run_id.is_applied", "=", True)  # of tracking lines and assignments
SUMMED = (
    "leads_distributed",
    "leads_dropped_back",
    "dropback_failed",
    "leads_reassigned",
    "execution_seconds",
)
COUNTED = ("leads_by_source", "leads_by_status", "leads_by_campaign", "leads_by_age")
ASKED = ("campaign_id", "distribution_date", "origin", "options", "left_over")  # to count what is left over
AVERAGED = ("fairness_index", "utilization_spread")
PERSON_COLUMNS = [
    "user_id",
    "salesperson_name",
    "level_name",
    "campaign_id",
    "target_leads",
    "leads_before_total",
    "leads_after_total",
    "utilization",
]


class Part(NamedTuple):
    """What somebody got in some campaigns: sums, and the ids of the first and of each campaign's last tracking line."""

    received: int
    dropped_to: int
    given_up: int
    first: int
    lasts: dict  # campaign id → line id

    def add(self, other):
        last_of = Counter(self.lasts) | Counter(other.lasts)  # the larger ids
        sums = [mine + others for mine, others in zip(self[:3], other[:3], strict=True)]
        return Part(*sums, min(self.first, other.first), last_of)


def get_applied_domain(env):
    """Return the rows of OF_APPLIED, to count very many: hardly any run was not applied, so no row's run is read.

    :param env: with full rights
    """
    return Domain("run_id", "not in", env["lead.distribution.run"]._search(Domain("is_applied", "=", False)))


def get_totals(env, domain, campaign=None):
    """Add up the runs of a domain; a fixed number of queries.

    :param env: with full rights, and the companies of the user
    :param domain: of runs and tracking lines alike, see ``periods.get_domain``
    :param campaign: of which the domain tells, if it is one
    """
    every = env["lead.distribution.run"]
    failed = every.search_count(domain & Domain("state", "=", "failed"))
    runs = every.search_fetch(domain & APPLIED, [*SUMMED, *COUNTED, *AVERAGED, *ASKED], order="id")
    sums = {name: sum(runs.mapped(name)) for name in SUMMED}
    counts = {name: _add_up(runs.mapped(name)) for name in COUNTED}
    sharing = runs.filtered("leads_distributed")
    distributed, left = sums["leads_distributed"], count_left({None: runs})[None]
    found = distributed + left.total()
    people = _get_people(env, domain)
    received = [person["leads_received"] for person in people if person["leads_received"]]
    return {
        "campaign": campaign.name if campaign else None,
        "runs": len(runs),
        "failed_runs": failed,
        "reverted": _count_reverted(every, domain),
        "total_leads_found": found,
        "total_leads_distributed": distributed,
        "total_leads_not_distributed": left.total(),
        "leads_dropped_back": sums["leads_dropped_back"],
        "dropback_failed": sums["dropback_failed"],
        "leads_reassigned": sums["leads_reassigned"],
        "distribution_efficiency": percentage(distributed, found),
        "salespeople_participated": len(received),
        "average_leads_per_salesperson": average(received),
        "execution_time_seconds": round(sums["execution_seconds"], 2),
        "top_recipients": [_name_recipient(p) for p in people[:SHOWN_PEOPLE] if p["leads_received"]],
        "reason_not_distributed": {describe_left_over(env, reason): count for reason, count in left.items() if count},
        "salespeople": people,
        "by_source": counts["leads_by_source"],
        "by_status": counts["leads_by_status"],
        "by_campaign": counts["leads_by_campaign"],
        "by_date_range": fill_ages(counts["leads_by_age"]),
        "fairness_index": _mean(sharing.mapped("fairness_index"), 4),
        "spread": _mean(sharing.mapped("utilization_spread"), 2),
        "by_origin": _count_by_origin(runs),
    }


def _count_by_origin(runs):
    """Return {what started runs: leads that they handed out}."""
    counts = Counter()
    for run in runs:
        counts[run.origin] += run.leads_distributed
    return {origin: count for origin, count in counts.items() if count}


def _count_reverted(runs, domain):
    """Return what became of the runs that were reverted; they count in no other figure."""
    sums = ["__count", "leads_put_back:sum", "leads_kept:sum"]
    [(count, back, kept)] = runs._read_group(domain & Domain("state", "=", "reverted"), [], sums)
    return {"runs": count, "leads_put_back": back or 0, "leads_kept": kept or 0}


def _add_up(many):
    """Return the sum of dicts of counts, some of which are missing."""
    total = Counter()
    for counts in many:
        total.update(counts or {})
    return dict(total)


def name_anew(env, totals):
    """Return totals with all names in the reader's language; each run has kept those of the one that it was made in."""
    return {
        **totals,
        "by_status": _name_counts(env["crm.lead.status"], totals["by_status"]),
        "by_campaign": _name_counts(env["utm.campaign"], totals["by_campaign"]),
    }


def _name_counts(records, counts):
    """Return counts by the names that records have in the reader's language.

    :param records: an empty recordset of what has the names
    """
    envs, names, column = get_language_envs(records.env), {}, records._rec_name
    for one in envs if counts and len(envs) > 1 else ():
        known = records.with_context(lang=one.lang, active_test=False).search([(column, "in", list(counts))])
        for record in known:
            names.setdefault(record[column], record.with_env(records.env)[column])
    named = Counter()
    for name, count in counts.items():
        named[names.get(name, name)] += count
    return dict(named)


def _mean(values, digits):
    return round(sum(values) / len(values), digits) if values else None


def _name_recipient(person):
    return {"user_id": person["id"], "name": person["name"], "leads_received": person["leads_received"]}


def _get_people(env, domain):
    """Return what each person got, most first: before of the first run, after of the last."""
    lines = env["lead.distribution.run.member"]
    groups = lines._read_group(
        domain & OF_APPLIED,
        ["user_id", "salesperson_name", "campaign_id"],
        ["leads_received:sum", "leads_dropped_to:sum", "leads_distributed_from:sum", "id:min", "id:max"],
    )
    merged = {}  # a person who was renamed is one person; deleted ones are known by their names
    for user, name, campaign, *sums, first, last in groups:
        part = Part(*sums, first, {campaign.id: last})
        key = user.id or name
        merged[key] = merged[key].add(part) if key in merged else part
    parts = merged.values()
    lines.browse({line_id for part in parts for line_id in (part.first, *part.lasts.values())}).fetch(PERSON_COLUMNS)
    people = [
        _describe_person(part, lines.browse(part.first), lines.browse(sorted(part.lasts.values()))) for part in parts
    ]
    return sorted(people, key=lambda person: (-person["leads_received"], name_key(person["name"])))


def _describe_person(part, first, lasts):
    """Return the figures of one person; of several campaigns the targets add up, as on the dashboard.

    Before, received, dropped back, given up and otherwise add up to after; *otherwise* is what happened
    between the runs: by hand, by another campaign, by taking a run back.

    :param first: the first tracking line of the time
    :param lasts: the last one of each campaign, in their order
    """
    last, target = lasts[-1], sum(lasts.mapped("target_leads"))
    by_runs = part.received + part.dropped_to - part.given_up
    return {
        "id": last.user_id.id or None,
        "name": last.salesperson_name,
        "level": last.level_name or "",
        "target_leads": target,
        "current_leads": first.leads_before_total,
        "leads_received": part.received,
        "leads_dropped_back": part.dropped_to,
        "leads_given_up": part.given_up,
        "leads_otherwise": last.leads_after_total - first.leads_before_total - by_runs,
        "new_total": last.leads_after_total,
        "utilization": percentage(last.leads_after_total, target),
    }


def get_days(env, domain):
    """Return the sums of each day that had a run; what is left over on two days counts on both."""
    columns = ["leads_distributed", *ASKED]
    runs_of = env["lead.distribution.run"].search_fetch(domain & APPLIED, columns, order="id")
    runs_of = runs_of.grouped("distribution_date")
    left = count_left(runs_of)
    return [
        {"date": day.isoformat(), **_sum_up(sum(runs_of[day].mapped("leads_distributed")), left[day].total())}
        for day in sorted(runs_of)
    ]


def _sum_up(distributed, left):
    found = distributed + left
    return {
        "found": found,
        "distributed": distributed,
        "not_distributed": left,
        "efficiency": percentage(distributed, found),
    }


def get_efficiency(runs):
    """Return the leads handed out in percent of those found by some runs that were carried out."""
    return _sum_up(sum(runs.mapped("leads_distributed")), count_left({None: runs})[None].total())["efficiency"]
