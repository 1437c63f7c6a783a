# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Why a lead went where it went: a sentence for each row of the history, worked out when it is read.

“New, nobody's, 12 days old; Eve had had the fewest turns (13)”: what the lead was like, and why it was this person. All
comes from what the row and its run keep, in the language of the reader, and costs the same for one row and for a list.
"""

from ..names import MOVED, NAMED
from ..planning.arms import get_deciding
from ..planning.line_ups import get_place, get_segment, read_line_ups
from ..work.system import as_system
from .taken_back import describe_declined, describe_taken_back
from .turns import explain_turn

ONLY_NOTE = ("skipped", "failed")  # states of rows whose lead was not handed out: the note is the reason


def explain_rows(rows, describe_rule, name_steps):
    """Return {row id: sentence} for rows of the history; a fixed number of statements.

    :param rows: of any runs, readable for the user
    :param describe_rule: (campaign, name of a rule) → words
    :param name_steps: campaign → {key of a step: words}
    """
    known = as_system(rows._origin)  # the lead is of another person by now, maybe; the row is the reader's
    met = read_line_ups(known)
    return {row.id: _Sentence(row, met.get(get_place(row)), describe_rule, name_steps).tell() for row in known}


class _Sentence:
    """One row of the history in words."""

    def __init__(self, row, met, describe_rule, name_steps):
        self.row, self.met, self._ = row, met, row.env._
        self.describe_rule, self.name_steps = describe_rule, name_steps

    def tell(self):
        row = self.row
        if row.note and row.state in ONLY_NOTE:
            return row.note
        parts = [
            self._tell_by_hand(),
            self._tell_before(),
            self._tell_lead(),
            self._tell_dropback() if row.kind == "dropback" else self._tell_person(),
        ]
        text = "; ".join(part for part in parts if part)
        text = text[:1].upper() + text[1:]
        return f"{text}. {row.note}" if row.note else text

    def _tell_by_hand(self):
        """Return who handed the lead out although some steps refused it."""
        row, _ = self.row, self._
        if not row.overridden:
            return ""
        names = self.name_steps(row.campaign_id)
        steps = ", ".join(names.get(key, key) for key in row.overridden)
        return _("handed out by %(person)s anyway, although: %(steps)s", person=row.run_id.user_id.name, steps=steps)

    def _tell_before(self):
        """Return how the lead came back from who had it."""
        row, before = self.row, self.row.before or {}
        if "missed" in before:
            return describe_taken_back(row.env, row.previous_user_name, before["missed"])
        if "declined" in before:
            return describe_declined(row.env, row.previous_user_name, before["declined"])
        return self._tell_move() if row.previous_user_name else ""

    def _tell_move(self):
        """Return that the lead went along with all others of a person, and why."""
        _, name = self._, self.row.previous_user_name
        if self.row.kind == "cover":
            return _("taken over from %s, who is away", name)
        if self.row.kind == "cover_return":
            return _("back from %s after an absence", name)
        return _("handed over from %s", name) if self.row.kind == "handover" else ""

    def _tell_lead(self):
        """Return what the lead was like: status, who had it, age."""
        row, _ = self.row, self._
        if self._tell_before():
            had = ""
        elif not row.previous_user_name:
            had = _("nobody's")
        else:
            had = _("held by %s", row.previous_user_name)
        return ", ".join(part for part in (row.lead_status_id.name, had, self._tell_age()) if part)

    def _tell_age(self):
        row, _ = self.row, self._
        came = row.lead_id.source_date
        if not came or not row.distribution_date or came > row.distribution_date:
            return ""
        days = (row.distribution_date - came).days
        if not days:
            return _("of the same day")
        return _("1 day old") if days == 1 else _("%s days old", days)

    def _tell_dropback(self):
        return self._(
            "too old: dropped back to %(person)s by the rule “%(rule)s”",
            person=self.row.user_name,
            rule=self.row.reason,
        )

    def _tell_person(self):
        """Return why it was this person: alone in question, the better match, or next in turn."""
        row, met = self.row, self.met
        person = met.people.get(row.user_id.id) if met else None
        better = (row.reason or "").split("+")[1:]
        if row.kind == "fallback":
            return self._("nobody could take it when it came, so %s got it", row.user_name)
        if row.reason == NAMED:
            return self._("%s is to decide", row.user_name)
        is_named = row.kind in MOVED and met is not None and len(met.people) == 1  # who covers: it was nobody's turn
        if person is None or met.group is None or not row.turn or is_named:
            return "; ".join(self._tell_better(better)) or self._("to %s", row.user_name)
        takers, refusing = self._find_takers()
        if refusing and not takers.keys() - {person.id}:
            return self._tell_only(refusing)
        mine = takers.get(person.id)
        equal = [met.people[i] for i, rank in takers.items() if rank == mine]
        parts = self._tell_better(better)
        if not parts or len(equal) > 1:
            parts.append(self._tell_turn(person, equal))
        return "; ".join(parts)

    def _find_takers(self):
        """Return ({person id: rank} of who could take the lead, names of the rules that refused the others)."""
        before, ranks = self.row.before or {}, self.met.group["ranks"]
        holders = {before.get("user_id"), before.get("open_user_id")}
        takers, refusing = {}, {}
        for i in self.met.people:
            rank = ranks.get(str(i), ())
            if isinstance(rank, str):
                refusing[rank] = True
            elif i not in holders:
                takers[i] = tuple(rank)
        return takers, list(refusing)

    def _tell_only(self, refusing):
        """Return that nobody else could take the lead, and by which rules."""
        _, name = self._, self.row.user_name
        skills = self._name_skills()
        if refusing == ["skills"] and skills:
            return _("%(person)s was the only one with the skill %(skills)s", person=name, skills=skills)
        campaign = get_deciding(self.row, self.row.arm)
        rules = ", ".join(self.describe_rule(campaign, rule) for rule in refusing)
        return _("only %(person)s could take it (the others: %(rules)s)", person=name, rules=rules)

    def _tell_better(self, rules):
        """Return why the person was a better match than others, a text for each rule."""
        return [self._tell_rule(rule) for rule in rules]

    def _tell_rule(self, rule):
        _, name = self._, self.row.user_name
        skills = self._name_skills() if rule == "skills" else ""
        if skills:
            return _("%(person)s was the best match for the skill %(skills)s", person=name, skills=skills)
        words = {
            "availability": _("%s was there, or back first", name),
            "known_owner": _("%s knew the customer", name),
            "territory": _("it lies in the territory of %s", name),
            "calling_hours": _("%s works when the lead can be called", name),
            "preferred": _("%s prefers such leads", name),
            "priority": _("the level of %s suits the priority", name),
        }
        if rule in words:
            return words[rule]
        return _("%(person)s was the better match: %(rule)s", person=name,
                 rule=self.describe_rule(get_deciding(self.row, self.row.arm), rule))  # fmt: skip

    def _name_skills(self):
        """Return the names of the skills that the lead asked for; one that is gone has none."""
        ids = (self.met.group or {}).get("skills") if self.met else None
        tags = get_deciding(self.row, self.row.arm).skill_ids.tag_id
        return ", ".join(f"“{tag.name}”" for tag in tags if tag.id in (ids or ()))

    def _tell_turn(self, person, others):
        row = self.row
        return explain_turn(
            row.env, row.strategy, self.met.settings, person, others, row.turn - 1,
            get_segment(row) if row.strategy == "optimal" else None,
        )  # fmt: skip
