from collections import Counter
from dataclasses import asdict

from odoo import fields, models

from ... import engine
from ...planning.request import Trial

KEPT_LINE_UPS = 2000  # groups of like leads whose line-up is kept; there are seldom more than a few dozen


class LineUps:
    """The line-ups of a plan, one for each group of like leads, numbered from 1.

    0: everybody could take the lead. -1: there were too many groups to keep.
    """

    def __init__(self, strategy, people, book):
        self._strategy = strategy
        self._people = people
        self._book = book
        self._numbers = {}
        self._reasons = {}
        self.groups = []

    def prepare_values(self, decision):
        """Return what the history row of a decision keeps of its line-up."""
        number, reasons = self._get_group(decision.group)
        return {"line_up": number, "reason": reasons.get(decision.person_id, self._strategy)}

    def add(self, group):
        self._get_group(group)

    def _get_group(self, group):
        if group not in self._numbers:
            if not self._book:
                self._numbers[group] = (0, {})
            else:
                verdicts = self._book.judge(group, self._people)
                self._numbers[group] = (self._keep(group, verdicts), self._get_reasons(verdicts))
        return self._numbers[group]

    def _keep(self, group, verdicts):
        if len(self.groups) >= KEPT_LINE_UPS:
            return -1
        self.groups.append(
            {
                "ranks": {i: v.refused_by.name if v.refused_by else list(v.rank) for i, v in verdicts.items()},
                "reversed": self._book.is_reversed(group),
                "class": self._book.get_cap_class(group),
            }
        )
        return len(self.groups)

    def _get_reasons(self, verdicts):
        """Return {person id: strategy and the rules by which the person was a better match than somebody}."""
        ranks = {i: v.rank for i, v in verdicts.items() if not v.refused_by}
        worst = [max(column) for column in zip(*ranks.values(), strict=True)]
        reasons = {}
        for i, rank in ranks.items():
            better = [rule.name for n, rule in enumerate(self._book.rules) if rank[n] < worst[n]]
            if better:
                reasons[i] = "+".join([self._strategy, *better])
        return reasons


class LeadDistributionRun(models.Model):
    """What a run keeps, so that each decision can be explained later: the people as they were,
    and who could take the leads of each group.
    """

    _inherit = "lead.distribution.run"

    line_ups = fields.Json(
        prefetch=False,
        groups="sales_team.group_sale_manager",
        help="The people as they were, and who could take which leads.",
    )

    def _store_line_ups(self, planned):
        """Keep the people and the line-ups of a plan; returns ``LineUps``, which knows the numbers."""
        line_ups = LineUps(self.strategy, planned.people, planned.book)
        groups = dict.fromkeys(decision.group for decision in planned.plan.decisions if decision.left_over is None)
        for group in groups:
            line_ups.add(group)
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

        What people had received until then is what the rows before it say. Empty if the line-up
        was not kept.
        """
        self.ensure_one()
        kept = self.line_ups or {}
        groups = kept.get("groups", [])
        if not kept or row.line_up < 0:
            return []
        group = groups[row.line_up - 1] if row.line_up else {"ranks": {}, "reversed": False, "class": None}
        received, of_class = self._count_before(row, groups, group["class"])
        before = row.before or {}
        request = Trial(settings=kept.get("settings", {}), is_solved=False)
        return engine.explain_line_up(
            self._get_engine_people(),
            self.campaign_id._get_engine_strategy(self.strategy, request),
            {int(i): rank if isinstance(rank, str) else tuple(rank) for i, rank in group["ranks"].items()},
            received=received,
            of_class=of_class,
            holders=[before.get("user_id"), before.get("open_user_id")],
            cap_class=group["class"],
            is_reversed=group["reversed"],
            segment=row._get_segment(),
        )

    def _count_before(self, row, groups, cap_class):
        """Return ({person id: leads received before}, {person id: of these, leads of the class})."""
        earlier = (
            self.env["lead.distribution.assignment"]
            .sudo()
            ._read_group(
                [("run_id", "=", self.id), ("kind", "=", "distribution"), ("id", "<", row.id)],
                ["user_id", "line_up"],
                ["__count"],
            )
        )
        received, of_class = Counter(), Counter()
        for user, number, count in earlier:
            received[user.id] += count
            if cap_class and number > 0 and groups[number - 1]["class"] == cap_class:
                of_class[user.id] += count
        return received, of_class
