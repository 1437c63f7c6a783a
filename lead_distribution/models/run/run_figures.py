from odoo import api, models

from ...engine.figures import jain_index, percentage, recommend, spread
from ...names import DROPPED, NOT_DROPPED
from ...reporting.left import list_left
from ...reporting.results import count_days, describe_result
from ...reporting.text_report import render_text


class LeadDistributionRun(models.Model):
    """The figures that are told of a run: on its page, in reports, to other programs."""

    _inherit = "lead.distribution.run"

    def to_dict(self):
        """Return everything about the run as values that JSON can hold."""
        self.ensure_one()
        self.campaign_id._check_manager()  # it tells of everybody
        figures = self.sudo()._get_figures()
        run = self.sudo()
        figures |= describe_result(figures, run.member_line_ids, run.options, self.env._)
        figures["left"] = list_left(run.left_over, run.left_over_leads, run.left_over_rest)
        figures["assignments"] = self.sudo()._get_assignment_dicts("distribution")
        figures["dropback"] = [
            {"lead_id": row["lead_id"], "user_id": row["user_id"], "rule": row["reason"]}
            for row in self.sudo()._get_assignment_dicts("dropback")
            if row["state"] in self._get_counted_states()
        ]
        return figures

    def get_text_report(self, color=False, is_kept=True):
        """Return the report of section 6.3 as text for a terminal."""
        self.ensure_one()
        self.campaign_id._check_manager()
        return render_text(self.sudo()._get_figures(), self.env._, color=color, is_kept=is_kept)

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
            in_range=self.leads_looked_at,
            dropped_back=self.leads_dropped_back,
            left_over=self.left_over or {},
        )
        received = [line["received"] for line in salespeople if line["received"]]
        self._add_shares(salespeople)
        return {
            "run_id": self.id,
            "campaign": self.campaign_id.name,
            "state": self.state,
            "dry_run": self.state in ("planned", "cancelled") and not self.leads_done,
            "strategy": self.strategy,
            "strategy_name": self.campaign_id._get_strategy_names().get(self.strategy),
            "strategy_settings": [*self._describe_settings(), *(self.sudo().rules_on or [])],
            "seed": self.seed,
            "date": self.distribution_date.isoformat() if self.distribution_date else None,
            "date_range": [
                self.date_from.isoformat() if self.date_from else None,
                self.date_to.isoformat() if self.date_to else None,
            ],
            "window_days": count_days(self.date_from, self.date_to),
            "leads_in_range": self.leads_in_range,
            "leads_beyond": self.leads_beyond,
            "leads_looked_at": self.leads_looked_at,
            "leads_found": self.leads_found,
            "leads_distributed": self.leads_distributed,
            "leads_not_distributed": self.leads_not_distributed,
            "leads_dropped_back": self.leads_dropped_back,
            "dropback_failed": self.dropback_failed,
            "dropback_success_rate": self._get_dropback_success_rate(),
            "dropback_seconds": round(self.dropback_seconds, 2),
            "efficiency": self.efficiency,
            "exclusions": self.exclusions or {},
            "funnel": self._get_funnel(),
            "left_over": self.left_over or {},
            "left_over_names": {r: self._describe_left_over(r) for r in self.left_over or {}},
            "left_out": self.left_out or {},
            "dropback_summary": self._get_dropback_summary(),
            "sales_by_stage": self.sales_by_stage or {},
            "warnings": self.warnings or [],
            "salespeople": salespeople,
            "average_received": round(sum(received) / len(received), 2) if received else 0,
            "largest_received": max(received, default=0),
            "smallest_received": min(received, default=0),
            "fairness_index": jain_index(line["received"] for line in salespeople),
            "spread": spread(line["utilization"] for line in salespeople if line["target"]),
            **self._get_characteristics(),
            "recommendations": [self._describe_advice(code) for code in advice],
            "error": self.error or None,
            "execution_time_seconds": round(self.planning_seconds + self.applying_seconds, 2),
        }

    @api.model
    def _add_shares(self, salespeople):
        """Add how many times the average each person received."""
        average = sum(line["received"] for line in salespeople) / (len(salespeople) or 1)
        for line in salespeople:
            line["times_average"] = round(line["received"] / average, 2) if average else 0

    def _get_salesperson_dict(self, line):
        return {
            "user_id": line.user_id.id,
            "name": line.salesperson_name,
            "team": line.team_name or "",
            "level": line.level_code or "",
            "level_name": line.level_name or "",
            "target": line.target_leads,
            "before": line.leads_before_total,
            "utilization_before": percentage(line.leads_before_total, line.target_leads),
            "promised": line.promised,
            "received": line.leads_received,
            "dropped_back": line.leads_dropped_to,
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

    def _get_dropback_success_rate(self):
        """Return how much of what was tried to drop back was written, in percent; None where nothing was tried."""
        tried = self.leads_dropped_back + self.dropback_failed
        return round(self.leads_dropped_back / tried * 100, 2) if tried else None

    def _get_dropback_summary(self):
        """Return how many leads each rule drops back, and to whom."""
        groups = self.env["lead.distribution.assignment"]._read_group(
            [
                ("run_id", "=", self.id),
                ("kind", "=", "dropback"),
                ("state", "in", self._get_counted_states()),
            ],
            ["reason", "user_name"],
            ["__count"],
        )
        return [{"rule": rule, "user": user, "count": count} for rule, user, count in groups]

    def _get_characteristics(self):
        """Return the numbers of leads handed out by source, status before and marketing campaign."""
        rows = self.env["lead.distribution.assignment"]
        states = self._get_counted_states()
        domain = [("run_id", "=", self.id), ("state", "in", states), ("kind", "=", "distribution")]
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
        remaining = self.leads_looked_at
        funnel = []
        names = self.campaign_id._get_step_names()
        refused = dict(self.exclusions or {})
        if self.leads_dropped_back:
            refused[DROPPED] = self.leads_dropped_back
        if self.dropback_failed:
            refused[NOT_DROPPED] = self.dropback_failed
        for code in sorted(refused, key=lambda c: list(names).index(c) if c in names else len(names)):
            remaining -= refused[code]
            funnel.append(
                {"code": code, "name": names.get(code, code), "refused": refused[code], "remaining": remaining}
            )
        return funnel
