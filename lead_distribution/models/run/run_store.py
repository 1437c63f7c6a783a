import logging
from collections import Counter

from odoo import fields, models
from odoo.tools import split_every

from ...importing.answer import count_left
from ...names import COUNTED_STATES, NOT_DONE, ROWS_AT_ONCE, SNAPSHOT_FIELDS
from ...planning.rows import count_rows
from ...planning.workload import count_workload
from ...reporting.left import prepare_left, read_left
from ...reporting.notify import tell_dropback_failure, try_telling

# the lead's columns of which a history row keeps something
KEPT_COLUMNS = (
    "id", *SNAPSHOT_FIELDS, "source_id", "campaign_id", "priority", "name", "type",
    "distribution_campaign_id", "distributed_on", "received_on",
)  # fmt: skip

_logger = logging.getLogger(__name__)


class LeadDistributionRun(models.Model):
    """What a run keeps: its decisions, the tracking lines, and the counts of what was done."""

    _inherit = "lead.distribution.run"

    def _store_plan(self, planned, members, dropped=()):
        """Store the decisions: assignments, dropback, tracking lines, and the leads left over.

        :param planned: see ``Planned``
        :param dropped: list of ``DroppedLead``
        """
        self.ensure_one()
        plan = planned.plan
        self._create_member_lines(members, planned.promised)
        line_ups = self._store_line_ups(planned)
        users = {member.user_id.id: member.user_id for member in members}
        taken = [decision for decision in plan.decisions if decision.left_over is None]
        for decisions in split_every(ROWS_AT_ONCE, taken, list):
            self._create_assignments(decisions, users, line_ups)
        for part in split_every(ROWS_AT_ONCE, dropped, list):
            self._create_dropback_rows(part)
        left = {}
        for decision in plan.decisions:
            if decision.left_over is not None:
                left.setdefault(decision.left_over.value, []).append(decision.lead_id)
        self.write(
            {
                "leads_planned": len(taken),
                "leads_dropped_back": len(dropped),
                **prepare_left(left),
            }
        )
        self._update_member_lines()

    def _create_assignments(self, decisions, users, line_ups):
        snapshots = self._read_snapshots([decision.lead_id for decision in decisions])
        shared = self._prepare_shared_row_values()
        values = [
            {
                **shared,
                **snapshots[decision.lead_id],
                "user_id": decision.person_id,
                "user_name": users[decision.person_id].name,
                "turn": decision.turn,
                "strategy": self.strategy,
                **line_ups.prepare_values(decision),
            }
            for decision in decisions
        ]
        self._create_rows(values)

    def _create_dropback_rows(self, planned):
        """Store what drops back: list of ``DroppedLead``."""
        snapshots = self._read_snapshots([dropped.lead_id for dropped in planned])
        shared = {**self._prepare_shared_row_values(), "kind": "dropback", "strategy": "dropback"}
        values = [
            {
                **shared,
                **snapshots[dropped.lead_id],
                "user_id": dropped.user.id,
                "user_name": dropped.user.name,
                "reason": dropped.rule.name,
                "dropback_rule_id": dropped.rule.id,
            }
            for dropped in planned
        ]
        self._create_rows(values)

    def _create_rows(self, values):
        rows = self.env["lead.distribution.assignment"]
        rows.create(values)
        rows.invalidate_model()

    def _prepare_shared_row_values(self):
        return {
            "run_id": self.id,
            "campaign_id": self.campaign_id.id,
            "company_id": self.company_id.id,
            "distribution_date": self.distribution_date,
        }

    def _read_snapshots(self, lead_ids):
        """Return {lead id: what a history row keeps of the lead}, in one statement."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        query = leads._search([("id", "in", lead_ids)])
        columns = [leads._field_to_sql(leads._table, name, query) for name in KEPT_COLUMNS]
        rows = [dict(zip(KEPT_COLUMNS, row, strict=True)) for row in self.env.execute_query(query.select(*columns))]
        holder_ids = {row["open_user_id"] or row["user_id"] for row in rows} - {None}
        holders = self.env["res.users"].with_context(active_test=False).browse(holder_ids)
        names = {user.id: user.name for user in holders}
        return {row["id"]: self._prepare_lead_snapshot(row, names) for row in rows}

    def _prepare_lead_snapshot(self, row, holders):
        """Return what a history row keeps of a lead.

        :param row: dict of ``KEPT_COLUMNS``
        :param holders: {user id: name}
        """
        previous = row["open_user_id"] or row["user_id"]
        before = {name: row[name] for name in SNAPSHOT_FIELDS}
        if row["type"] != "lead":
            before["type"] = row["type"]
        before["distribution_campaign_id"] = row["distribution_campaign_id"]
        for name in ("distributed_on", "received_on"):
            before[name] = row[name] and fields.Datetime.to_string(row[name])
        return {
            "lead_id": row["id"],
            "lead_name": row["name"],
            "previous_user_id": previous,
            "previous_user_name": holders.get(previous),
            "lead_status_id": row["lead_status_id"],
            "source_id": row["source_id"],
            "marketing_campaign_id": row["campaign_id"],
            "priority": int(row["priority"] or 0),
            "before": {key: value for key, value in before.items() if value} or None,
        }

    def _create_member_lines(self, members, promised):
        workload = count_workload(self.env, members.user_id, by_status=True)
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
                    "level_code": member.level_id.code,
                    "level_priority": member.level_priority,
                    "strategy": self.strategy,
                    "active_status": member.active,
                    "target_leads": member.target_leads,
                    "promised": promised.get(member.user_id.id, 0),
                    **lines._prepare_counts("before", workload.get(member.user_id.id, {})),
                }
                for member in members
            ]
        )

    def _update_left_over(self):
        """Count the leads that were planned but not handed out among those left over."""
        if self.origin == "import" and self.import_batch_id:
            self._update_left_over_of_import()
            return
        groups = self.env["lead.distribution.assignment"]._read_group(
            [("run_id", "=", self.id), ("state", "in", NOT_DONE), ("kind", "=", "distribution")],
            ["state"],
            ["__count", "lead_id:array_agg"],
        )
        left = self._get_planned_left()
        left.update((state, lead_ids) for state, _count, lead_ids in groups)
        self.write(prepare_left(left))

    def _update_left_over_of_import(self):
        """Found are the leads that may be called; nobody got those left over."""
        left, blocked = count_left(self.import_batch_id)
        kept = prepare_left({reason: sorted(ids, key=lambda lead_id: lead_id or 0) for reason, ids in left.items()})
        self.write(
            {
                **kept,
                "leads_found": self.leads_done + sum(kept["left_over"].values()),
                "exclusions": {"dnc": blocked} if blocked else {},
            }
        )

    def _get_planned_left(self):
        """Return {reason: ids} of what the plan left over; None stands for an id that was not kept."""
        ids_of = read_left(self.left_over_leads, self.left_over_rest)
        counts = {r: count for r, count in (self.left_over or {}).items() if r not in NOT_DONE}
        return {r: [*ids_of.get(r, []), *[None] * (n - len(ids_of.get(r, [])))] for r, n in counts.items()}

    def _update_dropback(self):
        """Count what was dropped back and what failed; the rest is left alone."""
        planned = self.leads_dropped_back + self.dropback_failed
        if not planned:
            return
        done = sum(count_rows(self, kind="dropback").values())
        failed = sum(count_rows(self, ("failed",), "dropback").values())
        refused = dict(self.exclusions or {})
        refused["dropback"] = refused.get("dropback", 0) + planned - done - failed
        self.write(
            {
                "leads_dropped_back": done,
                "dropback_failed": failed,
                "exclusions": {k: n for k, n in refused.items() if n},
            }
        )
        if failed:
            self._warn_of_failed_dropback()

    def _warn_of_failed_dropback(self):
        text = self.env._("%s old leads could not be dropped back; they stay where they are.", self.dropback_failed)
        self.warnings = [*(self.warnings or []), text]
        _logger.warning("Lead distribution: run %s could not drop back %s leads", self.id, self.dropback_failed)
        try_telling(self, tell_dropback_failure)

    def _update_member_lines(self):
        """Fill received, dropped back, given up and the counts after; a query each, for all people."""
        gains, dropped, losses = self._count_gains(), self._count_dropped(), self._count_losses()
        for line in self.member_line_ids:
            gain = gains.get(line.user_id.id, Counter())
            drop = dropped.get(line.user_id.id, Counter())
            loss = losses.get(line.user_id.id, Counter())
            before = {code or None: n for code, n in (line.leads_before or {}).items()}
            after = Counter(before)
            after.update(gain)
            after.update(drop)
            after.subtract(loss)
            received, dropped_to, given_up = sum(gain.values()), sum(drop.values()), sum(loss.values())
            total = line.leads_before_total + received + dropped_to - given_up
            line.write(
                {
                    **line._prepare_counts("after", {c: n for c, n in after.items() if n > 0}),
                    **line._prepare_load(line.target_leads, line.leads_before_total, total),
                    "leads_after_total": total,
                    "leads_received": received,
                    "leads_dropped_to": dropped_to,
                    "leads_distributed_from": given_up,
                }
            )

    def _count_gains(self):
        """Return {user id: Counter of status codes} of the leads people get."""
        reset = self.campaign_id.status_reset_id
        gains = {}
        for user, status, count in self._group_rows(["user_id", "lead_status_id"], ("distribution",)):
            gains.setdefault(user.id, Counter())[(reset or status).code or None] += count
        return gains

    def _count_dropped(self):
        """Return {user id: Counter of status codes} of the leads that drop back to people."""
        campaign = self.campaign_id
        dropped = {}
        if not self.leads_dropped_back:
            return dropped
        groups = self._group_rows(["user_id", "dropback_rule_id", "lead_status_id"], ("dropback",))
        for user, rule, status, count in groups:
            reset = campaign.dropback_update_status and (rule.status_id or campaign.dropback_status_id)
            dropped.setdefault(user.id, Counter())[(reset or status).code or None] += count
        return dropped

    def _count_losses(self):
        """Return {user id: Counter of status codes} of the leads people give up."""
        losses = {}
        names = ["previous_user_id", "lead_status_id"]
        for user, status, count in self._group_rows(names, ("distribution", "dropback")):
            losses.setdefault(user.id, Counter())[status.code or None] += count
        return losses

    def _group_rows(self, names, kinds):
        return self.env["lead.distribution.assignment"]._read_group(
            [("run_id", "=", self.id), ("state", "in", COUNTED_STATES[self.state]), ("kind", "in", kinds)],
            names,
            ["__count"],
        )
