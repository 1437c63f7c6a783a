from collections import Counter

from odoo import models
from odoo.tools import split_every

from ..engine.figures import percentage, recommend, spread
from ..report.text_report import render_text
from .lead_distribution_assignment import SNAPSHOT_FIELDS
from .lead_distribution_campaign_plan import LISTED_LEFT_OVERS, ROWS_AT_ONCE


class LeadDistributionRun(models.Model):
    """What a run keeps of its plan, and the figures that are told of it."""

    _inherit = "lead.distribution.run"

    # -- keeping the plan ------------------------------------------------------------

    def _store_plan(self, plan, rows, members):
        """Store the decisions: assignments, tracking lines, and the leads left over."""
        self.ensure_one()
        by_id = {row[0]: row for row in rows}
        self._create_member_lines(members)
        users = {member.user_id.id: member.user_id for member in members}
        taken = [decision for decision in plan.decisions if decision.left_over is None]
        for decisions in split_every(ROWS_AT_ONCE, taken, list):
            self._create_assignments(decisions, by_id, users)
        left = {}
        for decision in plan.decisions:
            if decision.left_over is not None:
                left.setdefault(decision.left_over.value, []).append(decision.lead_id)
        self.write(
            {
                "leads_planned": len(taken),
                "left_over": {reason: len(ids) for reason, ids in left.items()},
                "left_over_leads": {r: ids[:LISTED_LEFT_OVERS] for r, ids in left.items()},
            }
        )
        self._update_member_lines()

    def _create_assignments(self, decisions, by_id, users):
        rows = [by_id[decision.lead_id] for decision in decisions]
        holder_ids = {row[2] or row[1] for row in rows} - {None}
        holders = self.env["res.users"].with_context(active_test=False).browse(holder_ids)
        names = {user.id: user.name for user in holders}
        shared = self._prepare_shared_row_values()
        values = [
            self._prepare_assignment_values(decision, row, users, names, shared)
            for decision, row in zip(decisions, rows, strict=True)
        ]
        self.env["lead.distribution.assignment"].create(values)
        self.env["lead.distribution.assignment"].invalidate_model()

    def _prepare_shared_row_values(self):
        return {
            "run_id": self.id,
            "campaign_id": self.campaign_id.id,
            "company_id": self.company_id.id,
            "distribution_date": self.distribution_date,
        }

    def _prepare_assignment_values(self, decision, row, users, names, shared):
        """Return the values of one history row; ``row`` has the lead's candidate fields."""
        (lead_id, user_id, open_user_id, closer_id, team_id, status_id,
         source_id, utm_campaign_id, priority, _date, name) = row[:11]  # fmt: skip
        previous = open_user_id or user_id
        snapshot = dict(
            zip(SNAPSHOT_FIELDS, (user_id, open_user_id, closer_id, team_id, status_id), strict=True)
        )
        return {
            **shared,
            "lead_id": lead_id,
            "lead_name": name,
            "previous_user_id": previous,
            "previous_user_name": names.get(previous),
            "user_id": decision.person_id,
            "user_name": users[decision.person_id].name,
            "turn": decision.turn,
            "strategy": self.strategy,
            "reason": self.strategy,
            "lead_status_id": status_id,
            "source_id": source_id,
            "marketing_campaign_id": utm_campaign_id,
            "priority": int(priority or 0),
            "before": {name: value for name, value in snapshot.items() if value},
        }

    def _create_member_lines(self, members):
        workload = self.env["crm.lead"]._get_workload(members.user_id, by_status=True)
        shared = self._prepare_shared_row_values()
        lines = self.env["lead.distribution.run.member"]
        lines.create(
            [
                {
                    **shared,
                    "user_id": member.user_id.id,
                    "salesperson_name": member.user_id.name,
                    "team_name": member.team_id.name,
                    "level_name": member.level_id.name,
                    "level_priority": member.level_priority,
                    "strategy": self.strategy,
                    "active_status": member.active,
                    "target_leads": member.target_leads,
                    **lines._prepare_counts("before", workload.get(member.user_id.id, {})),
                }
                for member in members
            ]
        )

    # -- keeping count ---------------------------------------------------------------

    def _get_counted_states(self):
        """Return the states of the rows that count now: what is planned, or what was done."""
        if self.state in ("planned", "applying"):
            return ("planned", "done")
        return ("done", "reverted") if self.state == "reverted" else ("done",)

    def _update_left_over(self):
        """Count the leads that were planned but not handed out among those left over."""
        groups = self.env["lead.distribution.assignment"]._read_group(
            [("run_id", "=", self.id), ("state", "in", ("skipped", "failed"))],
            ["state"],
            ["__count", "lead_id:array_agg"],
        )
        left, leads = dict(self.left_over or {}), dict(self.left_over_leads or {})
        for state, count, lead_ids in groups:
            left[state] = count
            leads[state] = [lead_id for lead_id in lead_ids if lead_id][:LISTED_LEFT_OVERS]
        self.write({"left_over": left, "left_over_leads": leads})

    def _update_member_lines(self):
        """Fill received, given up and the counts after; two queries for all people."""
        gains, losses = self._count_gains(), self._count_losses()
        for line in self.member_line_ids:
            gain = gains.get(line.user_id.id, Counter())
            loss = losses.get(line.user_id.id, Counter())
            before = {code or None: n for code, n in (line.leads_before or {}).items()}
            after = Counter(before)
            after.update(gain)
            after.subtract(loss)
            received, given_up = sum(gain.values()), sum(loss.values())
            total = line.leads_before_total + received - given_up
            line.write(
                {
                    **line._prepare_counts("after", {c: n for c, n in after.items() if n > 0}),
                    **line._prepare_load(line.target_leads, line.leads_before_total, total),
                    "leads_after_total": total,
                    "leads_received": received,
                    "leads_distributed_from": given_up,
                }
            )

    def _count_gains(self):
        """Return {user id: Counter of status codes} of the leads people get."""
        reset = self.campaign_id.status_reset_id
        gains = {}
        for user, status, count in self._group_rows("user_id"):
            gains.setdefault(user.id, Counter())[(reset or status).code or None] += count
        return gains

    def _count_losses(self):
        """Return {user id: Counter of status codes} of the leads people give up."""
        losses = {}
        for user, status, count in self._group_rows("previous_user_id"):
            losses.setdefault(user.id, Counter())[status.code or None] += count
        return losses

    def _group_rows(self, field_name):
        return self.env["lead.distribution.assignment"]._read_group(
            [("run_id", "=", self.id), ("state", "in", self._get_counted_states())],
            [field_name, "lead_status_id"],
            ["__count"],
        )

    # -- telling ---------------------------------------------------------------------

    def to_dict(self):
        """Return everything about the run as values that JSON can hold."""
        self.ensure_one()
        self.check_access("read")
        figures = self.sudo()._get_figures()
        figures["assignments"] = self.sudo()._get_assignment_dicts("distribution")
        figures["dropback"] = [
            {"lead_id": row["lead_id"], "user_id": row["user_id"], "rule": row["reason"]}
            for row in self.sudo()._get_assignment_dicts("dropback")
        ]
        return figures

    def get_text_report(self, color=False):
        """Return the report of section 6.3 as text for a terminal."""
        self.ensure_one()
        self.check_access("read")
        return render_text(self.sudo()._get_figures(), self.env._, color=color)

    def _compute_overview(self):
        for run in self:
            run.overview = run._get_figures() if run.id and run.campaign_id else {}

    def _get_figures(self):
        """Return the figures of the run, without its single leads; a fixed number of queries."""
        salespeople = [self._get_salesperson_dict(line) for line in self.member_line_ids]
        advice = recommend(
            salespeople=salespeople,
            found=self.leads_found,
            distributed=self.leads_distributed,
            in_range=self.leads_in_range,
            dropped_back=0,
            left_over=self.left_over or {},
        )
        received = [line["received"] for line in salespeople if line["received"]]
        return {
            "run_id": self.id,
            "campaign": self.campaign_id.name,
            "state": self.state,
            "dry_run": self.state in ("planned", "cancelled") and not self.leads_done,
            "strategy": self.strategy,
            "strategy_name": self.campaign_id._get_strategy_names().get(self.strategy),
            "strategy_settings": self._describe_settings(),
            "seed": self.seed,
            "date": self.distribution_date and self.distribution_date.isoformat(),
            "date_range": [
                self.date_from and self.date_from.isoformat(),
                self.date_to and self.date_to.isoformat(),
            ],
            "leads_in_range": self.leads_in_range,
            "leads_found": self.leads_found,
            "leads_distributed": self.leads_distributed,
            "leads_not_distributed": self.leads_not_distributed,
            "leads_dropped_back": 0,
            "efficiency": self.efficiency,
            "exclusions": self.exclusions or {},
            "funnel": self._get_funnel(),
            "left_over": self.left_over or {},
            "left_over_names": {r: self._describe_left_over(r) for r in self.left_over or {}},
            "left_out": self.left_out or {},
            "dropback_summary": [],
            "salespeople": salespeople,
            "average_received": round(sum(received) / len(received), 2) if received else 0,
            "largest_received": max(received, default=0),
            "smallest_received": min(received, default=0),
            "spread": spread(line["utilization"] for line in salespeople if line["target"]),
            **self._get_characteristics(),
            "recommendations": [self._describe_advice(code) for code in advice],
            "error": self.error or None,
            "execution_time_seconds": round(self.planning_seconds + self.applying_seconds, 2),
        }

    def _get_salesperson_dict(self, line):
        return {
            "user_id": line.user_id.id,
            "name": line.salesperson_name,
            "team": line.team_name or "",
            "level": line.level_name or "",
            "target": line.target_leads,
            "before": line.leads_before_total,
            "utilization_before": percentage(line.leads_before_total, line.target_leads),
            "received": line.leads_received,
            "given_up": line.leads_distributed_from,
            "after": line.leads_after_total,
            "utilization": line.utilization,
            "deficit": line.deficit,
            "surplus": line.surplus,
        }

    def _get_assignment_dicts(self, kind):
        rows = self.env["lead.distribution.assignment"].search_read(
            [("run_id", "=", self.id), ("kind", "=", kind)],
            ["lead_id", "previous_user_id", "user_id", "reason", "state", "note"],
            order="id",
            load=None,
        )
        return [
            {
                "lead_id": row["lead_id"] or None,
                "previous_user_id": row["previous_user_id"] or None,
                "user_id": row["user_id"] or None,
                "reason": row["reason"],
                "state": row["state"],
                "note": row["note"] or None,
            }
            for row in rows
        ]

    def _get_characteristics(self):
        """Return the numbers of leads handed out by source, status before and marketing campaign."""
        rows = self.env["lead.distribution.assignment"]
        domain = [("run_id", "=", self.id), ("state", "in", self._get_counted_states())]
        return {
            key: {
                (record.display_name or self.env._("None")): count
                for record, count in rows._read_group(domain, [name], ["__count"])
            }
            for key, name in (
                ("by_source", "source_id"),
                ("by_status", "lead_status_id"),
                ("by_campaign", "marketing_campaign_id"),
            )
        }

    def _get_funnel(self):
        """Return the steps in their order: what came in, what was refused, what went on."""
        remaining = self.leads_in_range
        funnel = []
        names = self.campaign_id._get_step_names()
        refused = self.exclusions or {}
        known = [code for code in names if code in refused]
        for code in [*known, *(c for c in refused if c not in names)]:
            remaining -= refused[code]
            funnel.append(
                {
                    "code": code,
                    "name": names.get(code, code),
                    "refused": refused[code],
                    "remaining": remaining,
                }
            )
        return funnel
