from dataclasses import asdict

from odoo import fields, models

from .. import engine

KEPT_LINE_UPS = 2000  # groups of like leads whose line-up is kept; there are seldom more than a few dozen


class LineUps:
    """The line-ups of a plan, one for each group of like leads, numbered from 1."""

    def __init__(self, strategy, people, book):
        self._strategy = strategy
        self._people = people
        self._book = book
        self._numbers = {}
        self._reasons = {}
        self.groups = []

    def prepare_values(self, decision):
        """Return what the history row of a decision keeps of its line-up."""
        number = self._get_number(decision.group)
        key = (number, decision.person_id)
        if key not in self._reasons:
            self._reasons[key] = "+".join([self._strategy, *self._get_better_rules(*key)])
        return {"line_up": number, "reason": self._reasons[key]}

    def _get_number(self, group):
        if group not in self._numbers:
            self._numbers[group] = self._add(group) if self._book and len(self.groups) < KEPT_LINE_UPS else 0
        return self._numbers[group]

    def _add(self, group):
        verdicts = self._book.judge(group, self._people)
        self.groups.append(
            {
                "ranks": {i: v.refused_by.name if v.refused_by else list(v.rank) for i, v in verdicts.items()},
                "reversed": self._book.is_reversed(group),
                "class": self._book.get_cap_class(group),
            }
        )
        return len(self.groups)

    def _get_better_rules(self, number, person_id):
        """Return the names of the rules by which the person was a better match than somebody."""
        if not number:
            return []
        ranks = self.groups[number - 1]["ranks"]
        mine, others = ranks[person_id], [rank for rank in ranks.values() if not isinstance(rank, str)]
        rules = self._book.rules
        return [rule.name for n, rule in enumerate(rules) if any(rank[n] > mine[n] for rank in others)]


class LeadDistributionRun(models.Model):
    """What a run keeps, so that each decision can be explained later: the people as they were,
    and who could take the leads of each group.
    """

    _inherit = "lead.distribution.run"

    line_ups = fields.Json(prefetch=False, help="The people as they were, and who could take which leads.")

    def _store_line_ups(self, planned):
        """Keep the people and the line-ups of a plan; returns ``LineUps``, which knows the numbers."""
        line_ups = LineUps(self.strategy, planned.people, planned.book)
        groups = dict.fromkeys(decision.group for decision in planned.plan.decisions if decision.left_over is None)
        for group in groups:
            line_ups._get_number(group)
        people = [asdict(person) for person in planned.people]
        for person in people:
            person["rates"] = [[segment, rate] for segment, rate in person["rates"].items()]
        self.line_ups = {"people": people, "groups": line_ups.groups, "settings": self._get_strategy_settings()}
        return line_ups

    def _get_strategy_settings(self):
        """Return the settings of the strategy that a line-up needs."""
        names = ("distribution_order", "allow_overflow", "overflow_limit", "fill_strategy")
        return {name: self.campaign_id[name] for name in names}

    def _get_engine_people(self):
        """Return the people as they were when the run was planned."""
        people = []
        for values in (self.line_ups or {}).get("people", []):
            rates = {segment: rate for segment, rate in values["rates"]}
            people.append(engine.Person(**{**values, "rates": rates}))
        return people

    def _explain_assignment(self, row):
        """Return the places of everybody when a lead of this run was handed out, see ``engine.explain``.

        What people had received until then is what the rows before it say.
        """
        self.ensure_one()
        kept = self.line_ups or {}
        groups = kept.get("groups", [])
        group = groups[row.line_up - 1] if row.line_up else {"ranks": {}, "reversed": False, "class": None}
        earlier = self.env["lead.distribution.assignment"].sudo()._read_group(
            [("run_id", "=", self.id), ("kind", "=", "distribution"), ("id", "<", row.id)], ["user_id"], ["__count"]
        )  # fmt: skip
        before = row.before or {}
        return engine.explain_line_up(
            self._get_engine_people(),
            self.campaign_id._get_engine_strategy(self.strategy, {"settings": kept.get("settings", {})}),
            {int(i): rank if isinstance(rank, str) else tuple(rank) for i, rank in group["ranks"].items()},
            received={user.id: count for user, count in earlier},
            holders=[before.get("user_id"), before.get("open_user_id")],
            cap_class=group["class"],
            is_reversed=group["reversed"],
        )
