"""Several strategies on the same leads, side by side, and what really happened; nothing is stored."""

from collections import Counter
from types import MappingProxyType

from ..engine import get_strategy_class
from ..engine.figures import jain_index, percentage, spread
from ..engine.names import name_key
from ..finding.candidates import fetch_candidates
from ..tools.labels import get_labels
from .request import UNLIMITED, Trial

CARRIED_OUT = [("state", "in", ("done", "reverted"))]  # of rows of the history
# the settings that a variant has, and that a campaign may adopt
ADOPTED = ("strategy", "fill_strategy", "allow_overflow", "overflow_limit", "distribution_order", "max_daily")


def describe_variant(campaign, variant, task, planned, segments, moved):
    """Return the column of what one variant would do.

    :param task: see ``decide.Task``
    :param planned: see ``decide.Planned``
    :param segments: {lead id: segment}
    :param moved: {user id: leads more or less} of what drops back besides
    """
    taken = {decision.lead_id: decision.person_id for decision in planned.plan.decisions if decision.person_id}
    holders = {candidate.id: candidate.holder_id for candidate in task.candidates}
    given_up = Counter(holders[lead_id] for lead_id, user_id in taken.items() if holders[lead_id] != user_id)
    people = {person.id: person for person in planned.people}
    expected = sum(people[d.person_id].get_rate(segments[d.lead_id]) for d in planned.plan.decisions if d.person_id)
    changes = Counter(moved)
    changes.subtract(given_up)
    figures = _measure(planned.people, task.members, planned.plan.received, changes)
    figures.update(left=len(task.candidates) - figures["distributed"], expected=round(expected, 1))
    return {"settings": variant, "name": _name_variant(campaign, variant), **figures}


def describe_failure(campaign, variant, error):
    """Return the column of a variant that does not work."""
    return {"settings": variant, "name": _name_variant(campaign, variant), "error": str(error)}


def _name_variant(campaign, variant):
    """Return the strategy and what is set beside it, in words."""
    env, name = campaign.env, variant["strategy"]
    takes = get_strategy_class(name).options
    parts = [get_labels(campaign, "strategy").get(name, name)]
    if "fill_strategy" in takes:
        parts.append(get_labels(campaign, "fill_strategy")[variant["fill_strategy"]].lower())
    if "overflow_limit" in takes and variant["allow_overflow"]:
        parts.append(env._("up to %s%% above the target", variant["overflow_limit"]))
    if variant["max_daily"]:
        parts.append(env._("at most %s a day", variant["max_daily"]))
    return ", ".join(parts)


def count_moved(dropped, candidates):
    """Return {user id: leads more or less} once old leads drop back.

    :param dropped: list of ``DroppedLead``
    :param candidates: those they were found as
    """
    holders = {candidate.id: candidate.holder_id for candidate in candidates}
    moved = Counter(lead.user.id for lead in dropped)
    moved.subtract(holders[lead.lead_id] for lead in dropped)
    return moved


def _measure(people, members, received, changes, targets=MappingProxyType({})):
    """Return the figures of a column; the load is that of a run: held before, received, and given up.

    :param people: the engine's
    :param received: {user id: leads}
    :param changes: {user id: leads more or less besides}
    :param targets: {user id: target} where it is not the one of now
    """
    levels = {m.user_id.id: m.level_id.name or "" for m in members}
    people = sorted(people, key=lambda person: name_key(person.name))
    aims = {person.id: targets.get(person.id, person.target) for person in people}
    lines = [
        {
            "user_id": person.id,
            "name": person.name,
            "level": levels[person.id],
            "received": received.get(person.id, 0),
            "utilization": percentage(
                person.current + received.get(person.id, 0) + changes.get(person.id, 0),
                aims[person.id],
                1,
            ),
        }
        for person in people
    ]
    distributed = sum(line["received"] for line in lines)
    return {
        "people": lines,
        "distributed": distributed,
        "fairness_index": jain_index(line["received"] for line in lines),
        "spread": spread(line["utilization"] for line in lines if aims[line["user_id"]]),
    }


class Past:
    """What a campaign handed out in a period.

    :param period: (first, last) date, both included
    """

    def __init__(self, campaign, period):
        self.campaign = campaign
        self.period = period
        self.rows = self._find_rows()
        self.lines = self._find_lines()

    @property
    def _domain(self):
        """Of rows and lines of the period."""
        return [
            ("campaign_id", "=", self.campaign.id),
            ("distribution_date", ">=", self.period[0]),
            ("distribution_date", "<=", self.period[1]),
        ]

    def _find_rows(self):
        """Return the rows of the history, the first for each lead, by lead id."""
        rows = self.campaign.env["lead.distribution.assignment"].search_fetch(
            [*self._domain, *CARRIED_OUT, ("kind", "=", "distribution"), ("lead_id", "!=", False)],
            ["lead_id", "user_id", "previous_user_id", "before", "distribution_date"],
            order="id desc",
        )
        return {row.lead_id.id: row for row in rows}  # the oldest row comes last, and stays

    def _find_lines(self):
        """Return the tracking lines of the runs, the newest first."""
        return self.campaign.env["lead.distribution.run.member"].search_fetch(
            [*self._domain, ("run_state", "in", ("done", "reverted"))],
            ["user_id", "leads_before_total", "target_leads"],
            order="id desc",
        )

    def count_moved(self):
        """Return {user id: leads more or less} of what dropped back in the period."""
        groups = self.campaign.env["lead.distribution.assignment"]._read_group(
            [*self._domain, *CARRIED_OUT, ("kind", "=", "dropback")], ["user_id", "previous_user_id"], ["__count"]
        )
        moved = Counter()
        for user, previous, count in groups:
            moved[user.id] += count
            moved[previous.id] -= count
        return moved

    def fetch_candidates(self, leads, columns):
        """Return the leads as candidates, with the holders they had before."""
        candidates = fetch_candidates(leads, [("id", "in", list(self.rows)), ("active", "in", [True, False])], columns)
        before = {lead_id: row.before or {} for lead_id, row in self.rows.items()}
        return [
            candidate._replace(**{name: before[candidate.id].get(name) for name in ("user_id", "open_user_id")})
            for candidate in candidates
        ]

    def make_trial(self, seed):
        """Return what is asked if the leads are handed out once more."""
        days = {row.distribution_date for row in self.rows.values()}
        load = {line.user_id.id: line.leads_before_total for line in self.lines}  # the oldest comes last, and stays
        return Trial(seed=seed, max_leads=UNLIMITED, current=load, days=len(days), with_rates=True, at_any_hour=True)

    def describe(self, people, members, segments):
        """Return the column of what really happened, for the people who are still there.

        :param people: the engine's
        :param segments: {lead id: segment}
        """
        by_id = {person.id: person for person in people}
        taken = [(lead_id, self.rows[lead_id].user_id.id) for lead_id in segments]
        received = Counter(user_id for _lead_id, user_id in taken if user_id in by_id)
        expected = sum(by_id[u].get_rate(segments[lead_id]) for lead_id, u in taken if u in by_id)
        changes = self.count_moved()
        changes.subtract(Counter(self.rows[lead_id].previous_user_id.id for lead_id in segments))
        targets = {line.user_id.id: line.target_leads for line in reversed(self.lines)}  # the newest stays
        figures = _measure(people, members, received, changes, targets)
        # people who have left since have no line, but what they got was handed out
        figures.update(distributed=len(taken), left=0, expected=round(expected, 1))
        return {"name": self.campaign.env._("As it was"), "settings": None, **figures}
