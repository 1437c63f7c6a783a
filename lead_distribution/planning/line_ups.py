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
from .arms import get_deciding

KEPT_LINE_UPS = 2000  # groups of like leads whose line-up is kept; there are seldom more than a few dozen
WAY_B = "b"  # key under which a run by both ways keeps what is of way B
KEPT_OF_WAY = SQL("CASE WHEN w.arm = %s THEN coalesce(r.line_ups -> %s, r.line_ups) ELSE r.line_ups END", WAY_B, WAY_B)
EVERYBODY = {"ranks": {}, "reversed": False, "class": None}
# settings of the strategy that a line-up needs
SETTINGS = ("distribution_order", "allow_overflow", "overflow_limit", "fill_strategy")


class LineUps:
    """The line-ups of a plan, one for each group of like leads, numbered from 1.

    0: everybody could take the lead. -1: there were too many groups to keep. A plan that goes on keeps
    the numbers of before.
    """

    def __init__(self, strategy, planned, kept=None):
        """
        :param strategy: name of the one that has decided
        :param kept: what the run has kept already
        """
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


def keep_line_ups(run, planned, arm=None):
    """Keep the people and the line-ups of a plan with its run; return the ``LineUps``, which know the numbers.

    Of a run that goes on, what it has kept already stays, and only what is new is written. A run by both ways of an
    experiment keeps those of way B beside those of way A.

    :param arm: the way, of a run that has both
    """
    kept = run.line_ups or {}  # read once: it may be long, and Odoo copies it each time
    before = kept.get(WAY_B) if arm == WAY_B else kept
    line_ups = LineUps(run.strategy if arm is None else planned.plan.strategy, planned, before)
    campaign = get_deciding(run, arm or run.arm)
    now = line_ups.to_json({name: campaign[name] for name in SETTINGS})
    if not before or _as_text(now) != _as_text(before):
        run.line_ups = {**kept, WAY_B: now} if arm == WAY_B else now
    return line_ups


def get_kept(row):
    """Return what the run of a history row keeps of the way by which it was decided.

    :param row: with full rights
    """
    kept = row.run_id.line_ups or {}
    return kept.get(row.arm, kept) if row.arm == WAY_B else kept


def get_settings(row):
    """Return the settings of the strategy as they were when a row was decided."""
    return get_kept(row).get("settings", {})


def find_people(run, arm):
    """Return the ids of the people who took part in one way of a run that has both; one statement."""
    run.flush_recordset(["line_ups"])
    kept = SQL("line_ups -> %s -> 'people'", WAY_B) if arm == WAY_B else SQL("line_ups -> 'people'")
    rows = run.env.execute_query(
        SQL(
            "SELECT (person ->> 'id')::int FROM lead_distribution_run, jsonb_array_elements(%s) AS person "
            "WHERE id = %s",
            kept,
            run.id,
        )
    )
    return [user_id for (user_id,) in rows]


class Met(NamedTuple):
    """What a lead met when it was planned; ``group`` is None where its line-up was not kept."""

    people: dict = {}  # id → engine.Person
    settings: dict = {}
    group: dict | None = None


def get_place(row):
    """Return where the line-up of a row is kept: (run id, way if there are two, its number).

    :param row: with full rights
    """
    return row.run_id.id, row.arm or "", row.line_up


def read_line_ups(rows):
    """Return {see ``get_place``: ``Met``} for rows of any runs; two statements for all.

    Only what the rows met is read: a run may have kept thousands of line-ups.

    :param rows: with full rights
    """
    env = rows.env
    env["lead.distribution.run"].flush_model(["line_ups"])
    met = {get_place(row) for row in rows if row.kind in HANDED_OUT and row.run_id.id}
    if not met:
        return {}
    ways = sorted({(run_id, arm) for run_id, arm, _number in met})
    kept = env.execute_query(
        SQL(
            "SELECT w.run_id, w.arm, %(way)s -> 'people', %(way)s -> 'settings' FROM unnest(%(runs)s::int[], "
            "%(arms)s::text[]) AS w(run_id, arm) JOIN lead_distribution_run r ON r.id = w.run_id",
            way=KEPT_OF_WAY,
            runs=[run_id for run_id, _arm in ways],
            arms=[arm for _run_id, arm in ways],
        )
    )
    numbered = sorted(each for each in met if each[2] > 0)
    groups = env.execute_query(
        SQL(
            "SELECT w.run_id, w.arm, w.number, %(way)s -> 'groups' -> (w.number - 1) FROM unnest(%(runs)s::int[], "
            "%(arms)s::text[], %(numbers)s::int[]) AS w(run_id, arm, number) "
            "JOIN lead_distribution_run r ON r.id = w.run_id",
            way=KEPT_OF_WAY,
            runs=[run_id for run_id, _arm, _number in numbered],
            arms=[arm for _run_id, arm, _number in numbered],
            numbers=[number for _run_id, _arm, number in numbered],
        )
    )
    found = {(run_id, arm, number): group for run_id, arm, number, group in groups}
    people = {
        (run_id, arm): ({p.id: p for p in map(_read_person, people or [])}, settings or {})
        for run_id, arm, people, settings in kept
    }
    return {
        each: Met(*people[each[:2]], found.get(each) if each[2] > 0 else EVERYBODY if each[2] == 0 else None)
        for each in met
        if each[:2] in people
    }


def explain_assignment(row, strategy, segment):
    """Return the places of everybody when a lead of a run was handed out, see ``engine.explain_line_up``.

    What people had received until then is what the rows before it say. Empty if the line-up
    was not kept.

    :param row: of the history
    :param strategy: the engine's, with the settings that it had
    :param segment: the kind of the lead, as the strategy saw it
    """
    kept = get_kept(row)
    if not kept or row.line_up < 0:
        return []
    group = kept.get("groups", [])[row.line_up - 1] if row.line_up else EVERYBODY
    received, of_class, elsewhere = _count_before(row, group["class"])
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
        elsewhere=elsewhere,
    )


def _read_person(values):
    return engine.Person(**{**values, "rates": {segment: rate for segment, rate in values["rates"]}})


def _count_before(row, cap_class):
    """Return what people had received before a row: {person id: leads}, of the class, and by the other way.

    In a run by both ways of an experiment limits count both, and leads of the class are those of both.
    """
    kept = row.run_id.line_ups or {}
    groups = {"": kept.get("groups", []), WAY_B: kept.get(WAY_B, kept).get("groups", [])}
    earlier = row._read_group(
        [("run_id", "=", row.run_id.id), ("kind", "in", HANDED_OUT), ("id", "<", row.id)],
        ["arm", "user_id", "line_up"],
        ["__count"],
    )
    received, of_class, elsewhere = Counter(), Counter(), Counter()
    for arm, user, number, count in earlier:
        is_other = WAY_B in kept and arm != row.arm
        (elsewhere if is_other else received)[user.id] += count
        of_way = groups[WAY_B if arm == WAY_B else ""]
        if cap_class and number > 0 and of_way[number - 1]["class"] == cap_class:
            of_class[user.id] += count
    return received, of_class, elsewhere


def get_segment(row):
    """Return the kind of the lead of a history row, as the strategy that looks at kinds saw it."""
    name = get_deciding(row, row.arm).segment_field
    if name == "priority":
        return str(row.priority)
    kept = {"source_id": row.source_id, "campaign_id": row.marketing_campaign_id}
    return kept.get(name, row.lead_id[name]).id or None
