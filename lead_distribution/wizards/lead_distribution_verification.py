from odoo import Command, api, fields, models
from odoo.fields import Domain

from ..finding.scope import get_type_domain
from ..models.campaign.reporting import get_verified
from ..reporting.notify import tell_problems
from ..reporting.verify import verify
from ..tools.actions import open_leads
from ..work.rights import check_manager
from ..work.system import as_system


class LeadDistributionVerification(models.TransientModel):
    """Shows what ``verify_assignments`` says of a campaign or a run, with the records behind it."""

    _name = "lead.distribution.verification"
    _inherit = ["lead.distribution.form"]
    _description = "Verification of Assignments"

    campaign_id = fields.Many2one("lead.distribution.campaign", required=True, readonly=True, ondelete="cascade")
    run_id = fields.Many2one("lead.distribution.run", readonly=True, ondelete="cascade")
    all_assigned = fields.Boolean(readonly=True, string="Every lead has somebody")
    unassigned_count = fields.Integer(string="Leads nobody holds", readonly=True)
    not_taken = fields.Text(string="Nobody's leads besides", readonly=True)
    agent_line_ids = fields.One2many(
        "lead.distribution.verification.agent", "verification_id", readonly=True, string="Leads per salesperson"
    )
    line_ids = fields.One2many("lead.distribution.verification.line", "verification_id", readonly=True)
    can_repair = fields.Boolean(compute="_compute_can_repair", string="Can be repaired")

    @api.depends("line_ids.can_repair")
    def _compute_can_repair(self):
        for wizard in self:
            wizard.can_repair = any(wizard.line_ids.mapped("can_repair")) and not wizard.run_id

    @api.model
    def _open(self, campaign, run=None):
        """Verify, and return the action that shows the outcome."""
        check_manager(campaign)
        wizard = self.create({"campaign_id": campaign.id, "run_id": run.id if run else False})
        wizard._fill()
        return wizard._get_form_action(self.env._("Verification of %s", run.name if run else campaign.name))

    def _fill(self):
        found = verify(get_verified(self.campaign_id, as_system(self.run_id)))
        if not found.problems and not self.run_id:
            tell_problems(as_system(self.campaign_id), [])
        lines = [
            {
                "text": finding.text,
                "is_problem": finding.is_problem,
                "can_repair": finding.can_repair,
                "model_name": finding.model if finding.ids else False,
                "record_ids": finding.ids,
            }
            for finding in found.findings
        ]
        agents = [{"user_id": user_id, "leads": count} for user_id, count in found.leads_per_agent.items()]
        self.write(
            {
                "all_assigned": found.all_assigned,
                "unassigned_count": len(found.unassigned),
                "not_taken": self._describe_not_taken(found.not_taken),
                "agent_line_ids": [Command.clear(), *(Command.create(values) for values in agents)],
                "line_ids": [Command.clear(), *(Command.create(values) for values in lines)],
            }
        )

    def _describe_not_taken(self, counts):
        """Return why this says another number than the dashboard, which counts nobody's open leads of all."""
        if not counts:
            return False
        names = as_system(self.campaign_id)._name_steps(counts)
        reasons = [f"{names.get(key, key)}: {count}" for key, count in sorted(counts.items(), key=lambda p: -p[1])]
        values = {"count": sum(counts.values()), "reasons": "; ".join(reasons)}
        if values["count"] == 1:
            return self.env._(
                "Besides, 1 open lead has nobody and is not taken by this campaign (%(reasons)s).", **values
            )
        return self.env._(
            "Besides, %(count)s open leads have nobody and are not taken by this campaign (%(reasons)s).", **values
        )

    def action_repair(self):
        self.ensure_one()
        self.campaign_id.repair_assignments()
        return self._open(self.campaign_id)


class LeadDistributionVerificationLine(models.TransientModel):
    _name = "lead.distribution.verification.line"
    _inherit = "lead.distribution.offered"
    _description = "Finding of a Verification"
    _order = "is_problem desc, id"

    verification_id = fields.Many2one("lead.distribution.verification", required=True, ondelete="cascade")
    text = fields.Char(readonly=True)
    is_problem = fields.Boolean(string="Problem", readonly=True)
    can_repair = fields.Boolean(string="Can be repaired", readonly=True)
    model_name = fields.Char(readonly=True, string="Kind of record")
    record_ids = fields.Json(readonly=True, string="Records")

    def action_open(self):
        """Open the records behind the finding."""
        self.ensure_one()
        if self.model_name == "crm.lead":
            return open_leads(self.env, [("id", "in", self.record_ids or [])], self.text)
        return {
            "type": "ir.actions.act_window",
            "name": self.text,
            "res_model": self.model_name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.record_ids or [])],
            "context": {"active_test": False},
        }


class LeadDistributionVerificationAgent(models.TransientModel):
    _name = "lead.distribution.verification.agent"
    _inherit = "lead.distribution.offered"
    _description = "Leads of a Salesperson in a Verification"
    _order = "leads desc, id"

    verification_id = fields.Many2one("lead.distribution.verification", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    leads = fields.Integer(readonly=True)

    def action_open(self):
        self.ensure_one()
        leads = self.env["crm.lead"]
        leads.check_access("read")
        held = Domain("holder_id", "=", self.user_id.id) & get_type_domain(self.verification_id.campaign_id)
        return {**open_leads(self.env, list(held), self.env._("Leads of %s", self.user_id.name)), "context": {}}
