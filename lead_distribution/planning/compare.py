"""Several strategies on the same leads, side by side, and what really happened; nothing is stored."""

from collections import Counter

from ..engine import get_strategy_class
from ..engine.figures import jain_index, percentage, spread
from ..engine.names import name_key
from ..finding.candidates import fetch_candidates
from ..tools.labels import get_labels
from .request import UNLIMITED, Trial

# the settings that a variant has, and that a campaign may adopt
ADOPTED = ("strategy", "fill_strategy", "allow_overflow", "overflow_limit", "distribution_order", "max_daily")


def describe_variant(campaign, variant, task, planned, segments):
    """Return the column of what one variant would do.

    :param task: see ``decide.Task``
    :param planned: see ``decide.Planned``
    :param segments: {lead id: segment}
    """
    people = {person.id: person for person in planned.people}
    expected = sum(people[d.person_id].get_rate(segments[d.lead_id]) for d in planned.plan.decisions if d.person_id)
    figures = _measure(planned.people, task.members, planned.plan.received, len(task.candidates), expected)
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


def _measure(people, members, received, found, expected):
    """Return the figures of a column.

    :param people: the engine's
    :param received: {user id: leads}
    :param found: number of leads
    :param expected: conversions
    """
    levels = {m.user_id.id: m.level_id.name or "" for m in members}
    people = sorted(people, key=lambda person: name_key(person.name))
    lines = [
        {
            "user_id": person.id,
            "name": person.name,
            "level": levels[person.id],
            "received": received.get(person.id, 0),
            "utilization": percentage(person.current + received.get(person.id, 0), person.target, 1),
        }
        for person in people
    ]
    distributed = sum(line["received"] for line in lines)
    return {
        "people": lines,
        "distributed": distributed,
        "left": found - distributed,
        "fairness_index": jain_index(line["received"] for line in lines),
        "spread": spread(line["utilization"] for line, p in zip(lines, people, strict=True) if p.target),
        "expected": round(expected, 1),
    }


class Past:
    """What a campaign handed out in a period.

    :param period: (first, last) date, both included
    """

    def __init__(self, campaign, period):
        self.campaign = campaign
        self.period = period
        self.rows = self._find_rows()

    def _find_rows(self):
        """Return the rows of the history, the first for each lead, by lead id."""
        rows = self.campaign.env["lead.distribution.assignment"].search_fetch(
            [
                ("campaign_id", "=", self.campaign.id),
                ("kind", "=", "distribution"),
                ("state", "in", ("done", "reverted")),
                ("distribution_date", ">=", self.period[0]),
                ("distribution_date", "<=", self.period[1]),
                ("lead_id", "!=", False),
            ],
            ["lead_id", "user_id", "before", "distribution_date"],
            order="id desc",
        )
        return {row.lead_id.id: row for row in rows}  # the oldest row comes last, and stays

    def fetch_candidates(self, leads, columns):
        """Return the leads as candidates, with the holders they had before."""
        candidates = fetch_candidates(leads, [("id", "in", list(self.rows)), ("active", "in", [True, False])], columns)
        before = {lead_id: row.before or {} for lead_id, row in self.rows.items()}
        return [
            candidate._replace(**{name: before[candidate.id].get(name) for name in ("user_id", "open_user_id")})
            for candidate in candidates
        ]

    def make_trial(self, seed, members):
        """Return what is asked if the leads are handed out once more."""
        days = {row.distribution_date for row in self.rows.values()}
        load = self._count_load(members.user_id)
        return Trial(seed=seed, max_leads=UNLIMITED, current=load, days=len(days), with_rates=True)

    def _count_load(self, users):
        """Return {user id: leads held before the first run of the period}, where it is known."""
        lines = self.campaign.env["lead.distribution.run.member"].search_fetch(
            [
                ("campaign_id", "=", self.campaign.id),
                ("user_id", "in", users.ids),
                ("run_state", "in", ("done", "reverted")),
                ("distribution_date", ">=", self.period[0]),
                ("distribution_date", "<=", self.period[1]),
            ],
            ["user_id", "leads_before_total"],
            order="id desc",
        )
        return {line.user_id.id: line.leads_before_total for line in lines}

    def describe(self, people, members, segments):
        """Return the column of what really happened, for the people who are still there.

        :param people: the engine's
        :param segments: {lead id: segment}
        """
        by_id = {person.id: person for person in people}
        taken = [(lead_id, self.rows[lead_id].user_id.id) for lead_id in segments]
        received = Counter(user_id for _lead_id, user_id in taken if user_id in by_id)
        expected = sum(by_id[u].get_rate(segments[lead_id]) for lead_id, u in taken if u in by_id)
        figures = _measure(people, members, received, len(segments), expected)
        # people who have left since have no line, but what they got was handed out
        figures.update(distributed=len(taken), left=0)
        return {"name": self.campaign.env._("As it was"), "settings": None, **figures}
