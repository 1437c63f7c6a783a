# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
from collections import Counter
from dataclasses import dataclass, field

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...planning.request import PlanRequest
from ...work.database import compile_nothing

LISTED = 5  # names that a text tells; the records behind it are all kept


@dataclass
class Finding:
    """One kind of difference: its words, the records behind it, and whether it can be repaired."""

    kind: str
    text: str
    ids: list = field(default_factory=list)
    model: str = "crm.lead"
    is_problem: bool = True
    can_repair: bool = False


class LeadDistributionCampaign(models.Model):
    """Verifying: is every lead where the history says, and is nobody's lead left over?

    Source: classification.md, "Verify Lead Assignments"; readings R69, R80. What counts as
    the campaign's leads: those its rules let in now, those it has handed out, and those its
    last run left over.
    """

    _inherit = "lead.distribution.campaign"

    def verify_assignments(self):
        """Check the leads of the campaign; changes nothing.

        :return: dict with ``all_assigned`` (bool), ``unassigned`` (ids of leads that nobody
            holds), ``leads_per_agent`` (user id → leads held now, agents with none included),
            ``problems`` (texts), ``notes`` (texts of what is different for a good reason)
        """
        self.ensure_one()
        self._check_manager()
        return self.sudo()._verify()

    def _verify(self, run=None):
        compile_nothing(self.env)
        agents = self._get_agents()
        unassigned = self._get_unassigned_ids(run)
        findings = self._find_differences(unassigned, run)
        problems = [finding.text for finding in findings if finding.is_problem]
        if not agents:
            problems.insert(0, self._tell_nobody())
        workload = self.env["crm.lead"]._get_workload(agents)
        return {
            "all_assigned": bool(agents) and not unassigned,
            "unassigned": unassigned,
            "leads_per_agent": {user.id: workload.get(user.id, 0) for user in agents},
            "problems": problems,
            "notes": [finding.text for finding in findings if not finding.is_problem],
        }

    def _tell_nobody(self):
        return self.env._("There are no agents: without active members nothing can be assigned.")

    def _get_agents(self):
        """Return the users of the active members who can still log in."""
        return self.member_ids.filtered(lambda m: m.active and m.user_id.active).user_id

    def _get_unassigned_ids(self, run=None):
        """Return the ids of the campaign's leads that nobody holds; of a run, of its leads only.

        Leads that must not be called, or are closed, are nobody's work.
        """
        free = Domain("holder_id", "=", False) & Domain("type", "=", "lead") & self._get_company_domain()
        for passes in (self._get_dnc_domain(), self._get_open_domain() if self.exclude_closed else None):
            free &= passes if passes is not None else Domain.TRUE
        handed_out = Domain("assignment_ids", "any", self._get_row_domain(run))
        listed = Domain("id", "in", (run or self._get_last_applied_run())._get_left_ids())
        ids = set()
        for own in (handed_out, listed, self._get_imported_domain(run)):  # joined by OR, each lead is looked up
            ids.update(self._get_finding_leads().search(free & own).ids)
        if run is None:
            ids |= self._get_free_candidate_ids()
        return sorted(ids)

    def _get_free_candidate_ids(self):
        """Return the ids of the leads that all filters let in, and that nobody holds."""
        domain = self._get_base_domain(PlanRequest()) & Domain("holder_id", "=", False)
        for _step, passes in self._get_filter_steps(PlanRequest()):
            domain &= passes
        return set(self._get_finding_leads().search(domain, order="id").ids)

    def _get_last_applied_run(self):
        """Return the last run that chose leads; those of imports are known by themselves."""
        return self.env["lead.distribution.run"].search(
            [("campaign_id", "=", self.id), ("state", "in", ("done", "failed")), ("origin", "!=", "import")], limit=1
        )

    def _get_imported_domain(self, run=None):
        """Return the leads that imports brought for this campaign, or for one run; not those nobody may call."""
        batch = Domain("id", "=", run.import_batch_id.id) if run else Domain("campaign_id", "=", self.id)
        rows = Domain("state", "=", "done") & Domain("do_not_call", "=", False) & Domain("batch_id", "any", batch)
        imported = self.env["lead.import.row"]._search(rows & Domain("lead_id", "!=", False))
        return Domain("id", "in", imported.subselect("lead_id"))

    def _get_row_domain(self, run=None):
        """Return the assignments of the campaign, or of one of its runs, that were carried out."""
        own = Domain("run_id", "=", run.id) if run else Domain("campaign_id", "=", self.id)
        return own & Domain("state", "=", "done")

    def _find_differences(self, unassigned, run=None):
        """Return the findings, problems first; a fixed number of queries."""
        latest = self._get_latest_rows(run)
        findings = [
            self._tell_unassigned(unassigned),
            *self._compare_with_history(latest),
            *self._check_history(run),
            *self._check_owners(latest),
        ]
        found = [finding for finding in findings if finding.ids]
        return sorted(found, key=lambda finding: not finding.is_problem)

    def _tell_unassigned(self, ids):
        text = self.env._(
            "Leads that nobody holds: %(count)s (%(names)s).", count=len(ids), names=self._name_leads(ids)
        )
        return Finding("unassigned", text, ids)

    @api.model
    def _name_leads(self, ids):
        names = [f"#{lead_id}" for lead_id in ids[:LISTED]]
        return ", ".join([*names, "…"] if len(ids) > LISTED else names)

    def _get_latest_rows(self, run=None):
        """Return, for each lead of the history, its last carried out assignment by any campaign.

        List of (row id, lead id or None, user id, campaign id, applied on); one query.
        """
        rows = self.env["lead.distribution.assignment"]
        own = rows._search(self._get_row_domain(run) & Domain("lead_id", "!=", False))
        return self.env.execute_query(
            SQL(
                "SELECT DISTINCT ON (lead_id) id, lead_id, user_id, campaign_id, applied_on "
                "FROM lead_distribution_assignment WHERE state = 'done' AND lead_id IN (%s) "
                "ORDER BY lead_id, id DESC",
                own.subselect("lead_id"),
            )
        )

    def _compare_with_history(self, latest):
        """Compare where leads are with where their last assignment by this campaign put them."""
        _ = self.env._
        mine = {row[1]: row for row in latest if row[3] == self.id}
        leads = self.env["crm.lead"].with_context(active_test=False).browse(mine)
        leads.fetch(["active", "type", "holder_id", "user_id", "open_user_id", "distributed_on"])
        groups = {"moved": [], "split": [], "unmarked": []}
        for lead in leads.filtered(lambda lead: lead.active and lead.type == "lead" and lead.holder_id):
            _row, _lead, user_id, _campaign, applied_on = mine[lead.id]
            if not lead.distributed_on or lead.distributed_on < applied_on:
                groups["unmarked"].append(lead.id)
            if lead.holder_id.id != user_id:
                groups["moved"].append(lead.id)
            elif lead.user_id != lead.open_user_id:
                groups["split"].append(lead.id)
        count = {kind: len(ids) for kind, ids in groups.items()}
        return [
            Finding("moved", _("Given to somebody else by hand since: %s leads.", count["moved"]),
                    groups["moved"], is_problem=False),
            Finding("split", _("With another opener than salesperson: %s leads.", count["split"]),
                    groups["split"], is_problem=False),
            Finding("unmarked", _("Not marked as handed out, though the history says so: %s leads.", count["unmarked"]),
                    groups["unmarked"], can_repair=True),
        ]  # fmt: skip

    def _check_history(self, run=None):
        """Check the history in itself: stuck rows, leads twice in a run, leads without history."""
        _ = self.env._
        rows = self.env["lead.distribution.assignment"]
        own = Domain("run_id", "=", run.id) if run else Domain("campaign_id", "=", self.id)
        stuck = rows.search(
            own & Domain("state", "=", "planned") & Domain("run_id.state", "in", ("done", "cancelled", "reverted"))
        )
        twice = rows._read_group(
            own & Domain("state", "=", "done") & Domain("lead_id", "!=", False),
            ["run_id", "lead_id"], having=[("__count", ">", 1)],
        )  # fmt: skip
        deleted = rows.search(self._get_row_domain(run) & Domain("lead_id", "=", False))
        without = self._get_leads_without_history() if not run else self.env["crm.lead"]
        return [
            Finding("stuck", _("Planned assignments of runs that are over: %s.", len(stuck)), stuck.ids, rows._name,
                    can_repair=True),
            Finding("twice", _("Handed out twice in one run: %s leads.", len(twice)),
                    [lead.id for _run, lead in twice]),
            Finding("no_history", _("Marked as handed out, but unknown to the history: %s leads.",
                                    len(without)), without.ids, can_repair=True),
            Finding("deleted", _("Deleted since they were handed out: %s leads.", len(deleted)), deleted.ids,
                    rows._name, is_problem=False),
        ]  # fmt: skip

    def _get_leads_without_history(self):
        """Return the leads marked by this campaign of which no row exists, nor was cleaned up."""
        domain = Domain("distribution_campaign_id", "=", self.id)
        domain &= Domain("assignment_ids", "not any", [("campaign_id", "=", self.id), ("state", "=", "done")])
        if self.retention_days:
            domain &= Domain("distributed_on", ">=", f"-{self.retention_days}d")
        return self._get_finding_leads().search(domain, order="id")

    def _check_owners(self, latest):
        """Find leads this campaign handed out whose holder cannot work on them any more."""
        _ = self.env._
        mine = [row[1] for row in latest if row[3] == self.id]
        domain = Domain("id", "in", mine) & Domain("type", "=", "lead") & Domain("holder_id", "!=", False)
        groups = self._get_finding_leads()._read_group(domain, ["holder_id", "company_id"], ["id:array_agg"])
        unfit, names = [], Counter()
        for user, company, ids in groups:
            if self._may_own(user, company):
                continue
            unfit += ids
            names[user.name] += len(ids)
        told = ", ".join(f"{name} ({count})" for name, count in names.most_common(LISTED))
        return [Finding("unfit", _("Held by people who cannot work on them: %(count)s leads, %(names)s.",
                                   count=len(unfit), names=told), unfit)]  # fmt: skip

    @api.model
    def _may_own(self, user, company):
        is_allowed = not company or company in user.company_ids
        return user.active and is_allowed and user.has_group("sales_team.group_sale_salesman")

    def repair_assignments(self):
        """Repair what is safe: marks that are missing, rows that are stuck; moves no lead.

        :return: what ``verify_assignments`` says afterwards
        """
        self.ensure_one()
        self._check_manager()
        campaign = self.sudo()
        for finding in campaign._find_differences([]):
            if finding.can_repair:
                getattr(campaign, f"_repair_{finding.kind}")(finding.ids)
        return self.verify_assignments()

    def _repair_stuck(self, row_ids):
        """Rows of a run that is over will never be carried out: they count as skipped."""
        rows = self.env["lead.distribution.assignment"].browse(row_ids)
        rows.write({"state": "skipped", "note": self.env._("The run ended before.")})
        for run in rows.run_id:
            run._update_left_over()

    def _repair_unmarked(self, lead_ids):
        """Write on the leads again when they were handed out."""
        moments = {row[1]: row[4] for row in self._get_latest_rows() if row[3] == self.id}
        leads = self.env["crm.lead"].with_context(mail_notrack=True).browse(lead_ids)
        for moment, group in leads.grouped(lambda lead: moments[lead.id]).items():
            group.write({"distributed_on": moment, "distribution_campaign_id": self.id})

    def _repair_no_history(self, lead_ids):
        """Take away marks that no history stands behind."""
        leads = self.env["crm.lead"].with_context(mail_notrack=True).browse(lead_ids)
        leads.write({"distributed_on": False, "distribution_campaign_id": False})
