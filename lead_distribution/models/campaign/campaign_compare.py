from collections import Counter
from dataclasses import replace

from odoo import models
from odoo.exceptions import UserError

from ...engine.figures import jain_index, percentage, spread
from ...engine.names import name_key
from ...finding.candidates import fetch_candidates
from ...finding.scope import get_leads
from ...planning.request import UNLIMITED, PlanRequest, Trial
from ...tools.labels import get_labels
from ...work.inside import YES

ADOPTED = ("strategy", "fill_strategy", "allow_overflow", "overflow_limit", "distribution_order", "max_daily")


class LeadDistributionCampaign(models.Model):
    """Several strategies on the same leads, side by side; nothing is stored or changed."""

    _inherit = "lead.distribution.campaign"

    def _compare(self, variants, seed, period=None):
        """Return one column of figures for each variant, and for a past period what really happened.

        :param variants: dicts of the settings in ``ADOPTED``
        :param seed: the same for all, so that only the settings make a difference
        :param period: (first, last) date of runs whose leads are handed out once more; None: the
            leads that a run would find now
        :raise UserError: if there is nothing to compare
        """
        self.ensure_one()
        self._check_manager()
        campaign = self.sudo().with_context(with_conversions=YES)
        members, left_out = campaign._select_members()
        if not members:
            raise UserError(self.env._("Nobody can receive leads: %s", campaign._explain_nobody(left_out)))
        history = campaign._get_past_assignments(period) if period else None
        candidates = (
            campaign._get_past_candidates(history) if period else campaign._find_leads(PlanRequest()).candidates
        )
        if not candidates:
            raise UserError(
                self.env._("No leads were handed out in this period.")
                if period
                else self.env._("The campaign finds no leads now. Compare on a past period instead.")
            )
        trial = Trial(seed=seed)
        if period:
            load, days = campaign._get_past_load(members, period), campaign._count_past_days(history)
            trial = replace(trial, max_leads=UNLIMITED, current=load, days=days)
        columns = [campaign._get_column(variant, candidates, members, trial) for variant in variants]
        if period:
            columns.insert(0, campaign._get_past_column(history, candidates, members, trial))
        return {"leads": len(candidates), "columns": columns}

    def _get_column(self, variant, candidates, members, trial):
        """Return the figures of one variant; one that does not work has an ``error``."""
        column = {"settings": variant, "name": self._describe_variant(variant)}
        try:
            planned = self._decide(variant["strategy"], candidates, members, replace(trial, settings=variant))
        except (UserError, ValueError, RuntimeError) as error:
            return {**column, "error": str(error)}
        segments = self._get_segments(candidates)
        people = {person.id: person for person in planned.people}
        expected = sum(people[d.person_id].get_rate(segments[d.lead_id]) for d in planned.plan.decisions if d.person_id)
        return {
            **column,
            **self._get_column_figures(planned.people, members, planned.plan.received, len(candidates), expected),
        }

    def _get_segments(self, candidates):
        place = self._get_rule_fields().index(self.segment_field)
        return {candidate.id: candidate.facts[place] for candidate in candidates}

    def _get_column_figures(self, people, members, received, found, expected):
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

    def _describe_variant(self, variant):
        """Return the strategy and what is set beside it, in words."""
        parts = [get_labels(self, "strategy").get(variant["strategy"], variant["strategy"])]
        if variant["strategy"] == "level_based":
            fills = dict(self._fields["fill_strategy"]._description_selection(self.env))
            parts.append(fills[variant["fill_strategy"]].lower())
        if variant["strategy"] in ("level_based", "least_loaded", "optimal") and variant["allow_overflow"]:
            parts.append(self.env._("up to %s%% above the target", variant["overflow_limit"]))
        if variant["max_daily"]:
            parts.append(self.env._("at most %s a day", variant["max_daily"]))
        return ", ".join(parts)

    def _get_past_assignments(self, period):
        """Return the rows that were handed out in a period, the first for each lead, by lead id."""
        rows = self.env["lead.distribution.assignment"].search_fetch(
            [
                ("campaign_id", "=", self.id),
                ("kind", "=", "distribution"),
                ("state", "in", ("done", "reverted")),
                ("distribution_date", ">=", period[0]),
                ("distribution_date", "<=", period[1]),
                ("lead_id", "!=", False),
            ],
            ["lead_id", "user_id", "before", "distribution_date"],
            order="id desc",
        )
        return {row.lead_id.id: row for row in rows}  # the oldest row comes last, and stays

    def _count_past_days(self, history):
        return len({row.distribution_date for row in history.values()})

    def _get_past_candidates(self, history):
        """Return these leads as candidates, with the holders they had before."""
        candidates = fetch_candidates(
            get_leads(self), [("id", "in", list(history)), ("active", "in", [True, False])], self._get_rule_fields()
        )
        before = {lead_id: row.before or {} for lead_id, row in history.items()}
        return [
            candidate._replace(**{name: before[candidate.id].get(name) for name in ("user_id", "open_user_id")})
            for candidate in candidates
        ]

    def _get_past_load(self, members, period):
        """Return {user id: leads held before the first run of a period}, where it is known."""
        lines = self.env["lead.distribution.run.member"].search_fetch(
            [
                ("campaign_id", "=", self.id),
                ("user_id", "in", members.user_id.ids),
                ("run_state", "in", ("done", "reverted")),
                ("distribution_date", ">=", period[0]),
                ("distribution_date", "<=", period[1]),
            ],
            ["user_id", "leads_before_total"],
            order="id desc",
        )
        return {line.user_id.id: line.leads_before_total for line in lines}

    def _get_past_column(self, history, candidates, members, trial):
        """Return the figures of what really happened, for the people who are still there."""
        people = self._prepare_engine_people(members, "optimal", trial)
        by_id = {person.id: person for person in people}
        segments = self._get_segments(candidates)
        taken = [(lead_id, history[lead_id].user_id.id) for lead_id in segments]
        received = Counter(user_id for _lead_id, user_id in taken if user_id in by_id)
        expected = sum(by_id[u].get_rate(segments[lead_id]) for lead_id, u in taken if u in by_id)
        figures = self._get_column_figures(people, members, received, len(candidates), expected)
        # people who have left since have no line, but what they got was handed out
        figures.update(distributed=len(taken), left=0)
        return {"name": self.env._("As it was"), "settings": None, **figures}
