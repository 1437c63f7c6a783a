"""What a run keeps, so that each decision can be explained later: the people as they were, and who could take
the leads of each group.
"""

import json
from collections import Counter
from dataclasses import asdict, replace
from typing import NamedTuple

from odoo.tools import SQL

from .. import engine
from ..names import HANDED_OUT

KEPT_LINE_UPS = 2000  # groups of like leads whose line-up is kept; there are seldom more than a few dozen
EVERYBODY = {"ranks": {}, "reversed": False, "class": None}
# settings of the strategy that a line-up needs
SETTINGS = ("distribution_order", "allow_overflow", "overflow_limit", "fill_strategy")


class LineUps:
    """The line-ups of a plan, one for each group of like leads, numbered from 1.

    0: everybody could take the lead. -1: there were too many groups to keep. A plan that goes on keeps
    the numbers of before.
    """

    def __init__(self, strategy, planned, kept=None):
        """:param kept: what the run has kept already"""
        self._strategy = strategy
        self._people = planned.people
        self._book = planned.book
        self._numbers = {}
        self._kept_people = {person["id"]: person for person in (kept or {}).get("people", [])}
        self.groups = list((kept or {}).get("groups", []))
        self._places = {_as_text(group): number for number, group in enumerate(self.groups, 1)}
        self._goes_on = bool(kept)
        for group in planned.plan.decisions.get_groups():
            self._numbers[group] = self._judge(group)

    def prepare_values(self, decision):
        """Return what the history row of a decision keeps of its line-up."""
        number, reasons = self._numbers[decision.group]
        return {"line_up": number, "reason": reasons.get(decision.person_id, self._strategy)}

    def to_json(self, settings):
        """Return what the run keeps.

        :param settings: of the strategy, by name
        """
        people = self._kept_people | {person.id: self._keep_person(person) for person in self._people}
        return {"people": list(people.values()), "groups": self.groups, "settings": settings}

    def _keep_person(self, person):
        """Return a person as when the plan began: what somebody had got before a lead, the rows say."""
        limit = None if person.limit is None else person.limit + person.received
        values = asdict(replace(person, received=0, limit=limit))
        values["rates"] = [[segment, rate] for segment, rate in person.rates.items()]
        before = self._kept_people.get(person.id, {})
        return values | {name: before[name] for name in ("last_served", "class_limits") if name in before}

    def _judge(self, group):
        """Return the number of a group's line-up, and {person id: reason} of those who were a better match."""
        if not self._book:
            return 0, {}
        verdicts = self._book.judge(group, self._people)
        return self._keep(group, verdicts), self._get_reasons(verdicts)

    def _keep(self, group, verdicts):
        kept = {
            "ranks": _keep_ranks(verdicts),
            "reversed": self._book.is_reversed(group),
            "class": self._book.get_cap_class(group),
            "skills": self._get_skills(group),
        }
        known = self._places.get(_as_text(kept)) if self._goes_on else None
        if not known and len(self.groups) >= KEPT_LINE_UPS:
            return -1
        if not known:
            self.groups.append(kept)
        return known or len(self.groups)

    def _get_skills(self, group):
        """Return the ids of the tags that such leads ask of people."""
        parts = zip(self._book.rules, group or (), strict=bool(group))
        return sorted(tag for rule, part in parts if rule.name == "skills" for tag in part)

    def _get_reasons(self, verdicts):
        """Return {person id: strategy and the rules by which the person was a better match than somebody}."""
        ranks = {i: v.rank for i, v in verdicts.items() if not v.refused_by}
        if not _differ(ranks.values()):
            return {}
        worst = [max(column) for column in zip(*ranks.values(), strict=True)]
        reasons = {}
        for i, rank in ranks.items():
            better = [rule.name for n, rule in enumerate(self._book.rules) if rank[n] < worst[n]]
            if better:
                reasons[i] = "+".join([self._strategy, *better])
        return reasons


def _keep_ranks(verdicts):
    """Return {person id: rank, or the name of the rule that refuses}; only who is refused, if all others are equal.

    Of leads that were taken back each may have a line-up of its own, which differs in who had the lead.
    """
    is_ranked = _differ(v.rank for v in verdicts.values() if not v.refused_by)
    return {
        i: v.refused_by.name if v.refused_by else list(v.rank) for i, v in verdicts.items() if v.refused_by or is_ranked
    }


def _differ(ranks):
    return len(set(ranks)) > 1


def _as_text(values):
    """Return values as they are when they were kept, to see whether they are the same."""
    return json.dumps(json.loads(json.dumps(values)), sort_keys=True)  # numbers as keys are texts by then


def keep_line_ups(run, planned):
    """Keep the people and the line-ups of a plan with its run; return the ``LineUps``, which know the numbers.

    Of a run that goes on, what it has kept already stays, and only what is new is written.
    """
    before = run.line_ups  # read once: it may be long, and Odoo copies it each time
    line_ups = LineUps(run.strategy, planned, before)
    kept = line_ups.to_json({name: run.campaign_id[name] for name in SETTINGS})
    if not before or _as_text(kept) != _as_text(before):
        run.line_ups = kept
    return line_ups


def get_settings(run):
    """Return the settings of the strategy as they were."""
    return (run.line_ups or {}).get("settings", {})


def get_class_of(run, number):
    """Return the class of leads whose limits counted in one of the run's line-ups, if any."""
    return run.line_ups["groups"][number - 1]["class"] if number > 0 else None


class Met(NamedTuple):
    """What a lead met when it was planned; ``group`` is None where its line-up was not kept."""

    people: dict = {}  # id → engine.Person
    settings: dict = {}
    group: dict | None = None


def read_line_ups(rows):
    """Return {(run id, number of the line-up): ``Met``} for rows of any runs; two statements for all.

    Only what the rows met is read: a run may have kept thousands of line-ups.
    """
    env = rows.env
    env["lead.distribution.run"].flush_model(["line_ups"])
    met = {(row.run_id.id, row.line_up) for row in rows if row.kind in HANDED_OUT and row.run_id.id}
    if not met:
        return {}
    kept = env.execute_query(
        SQL(
            "SELECT id, line_ups -> 'people', line_ups -> 'settings' FROM lead_distribution_run WHERE id = ANY(%s)",
            sorted({run_id for run_id, _number in met}),
        )
    )
    numbered = sorted(each for each in met if each[1] > 0)
    groups = env.execute_query(
        SQL(
            "SELECT w.run_id, w.number, r.line_ups -> 'groups' -> (w.number - 1) FROM unnest(%s::int[], %s::int[]) "
            "AS w(run_id, number) JOIN lead_distribution_run r ON r.id = w.run_id",
            [run_id for run_id, _number in numbered],
            [number for _run_id, number in numbered],
        )
    )
    found = {(run_id, number): group for run_id, number, group in groups}
    people = {
        run_id: ({p.id: p for p in map(_read_person, people or [])}, settings or {})
        for run_id, people, settings in kept
    }
    return {
        each: Met(*people[each[0]], found.get(each) if each[1] > 0 else EVERYBODY if each[1] == 0 else None)
        for each in met
        if each[0] in people
    }


def explain_assignment(row, strategy, segment):
    """Return the places of everybody when a lead of a run was handed out, see ``engine.explain_line_up``.

    What people had received until then is what the rows before it say. Empty if the line-up
    was not kept.

    :param row: of the history
    :param strategy: the engine's, with the settings that it had
    :param segment: the kind of the lead, as the strategy saw it
    """
    kept = row.run_id.line_ups or {}
    if not kept or row.line_up < 0:
        return []
    groups = kept.get("groups", [])
    group = groups[row.line_up - 1] if row.line_up else EVERYBODY
    received, of_class = _count_before(row, groups, group["class"])
    before = row.before or {}
    return engine.explain_line_up(
        [_read_person(values) for values in kept.get("people", [])],
        strategy,
        {int(i): rank if isinstance(rank, str) else tuple(rank) for i, rank in group["ranks"].items()},
        received=received,
        of_class=of_class,
        holders=[before.get("user_id"), before.get("open_user_id")],
        cap_class=group["class"],
        is_reversed=group["reversed"],
        segment=segment,
    )


def _read_person(values):
    return engine.Person(**{**values, "rates": {segment: rate for segment, rate in values["rates"]}})


def _count_before(row, groups, cap_class):
    """Return ({person id: leads received before}, {person id: of these, leads of the class})."""
    earlier = row._read_group(
        [("run_id", "=", row.run_id.id), ("kind", "in", HANDED_OUT), ("id", "<", row.id)],
        ["user_id", "line_up"],
        ["__count"],
    )
    received, of_class = Counter(), Counter()
    for user, number, count in earlier:
        received[user.id] += count
        if cap_class and number > 0 and groups[number - 1]["class"] == cap_class:
            of_class[user.id] += count
    return received, of_class


def get_segment(row):
    """Return the kind of the lead of a history row, as the strategy that looks at kinds saw it."""
    name = row.campaign_id.segment_field
    if name == "priority":
        return str(row.priority)
    kept = {"source_id": row.source_id, "campaign_id": row.marketing_campaign_id}
    return kept.get(name, row.lead_id[name]).id or None
