from odoo import api, fields, models
from odoo.fields import Domain

from ...reporting.my_leads import describe_leads_of_run, get_waiting_domain
from ...tools.actions import with_notice
from ...tools.limits import is_whole

MY_LEADS = "lead_distribution.lead_distribution_new_leads_action"


class CrmLead(models.Model):
    """What a salesperson begins the day with: the leads that came and wait."""

    _inherit = "crm.lead"

    waits_for_me = fields.Boolean(
        string="New to me",
        compute="_compute_waits_for_me",
        search="_search_waits_for_me",
        help="Was handed to you, and you have not touched it yet: no status set, no message, no activity done.",
    )

    @api.depends("assignment_ids.is_waiting", "assignment_ids.user_id")
    @api.depends_context("uid")
    def _compute_waits_for_me(self):
        mine = get_waiting_domain(self.env.user) & Domain("lead_id", "in", self.ids)
        waiting = self.env["lead.distribution.assignment"].search(mine).lead_id
        for lead in self:
            lead.waits_for_me = lead._origin in waiting

    def _search_waits_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = Domain("assignment_ids", "any", get_waiting_domain(self.env.user))
        return waiting if True in value else ~waiting

    @api.model
    def _open_new_leads(self, run_id=None):
        """Return the action behind the message about new leads: those of its run that the reader still has.

        :param run_id: where there is none, or none that the reader may see: all leads of the reader
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(MY_LEADS)
        run = self.env["lead.distribution.run"].search(Domain("id", "=", run_id if is_whole(run_id) else 0))
        if not run:
            return action
        leads = describe_leads_of_run(run)
        context = {"active_test": False, "active_id": run.id}  # those that were closed since, too
        shown = {key: leads[key] for key in ("name", "domain", "help")}
        action = {**action, **shown, "display_name": leads["name"], "path": "my-new-leads", "context": context}
        return with_notice(action, leads["notice"])
