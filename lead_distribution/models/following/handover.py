from odoo import api, fields, models

from ...following.handover import keeping_activities, plan_handover
from ...following.open_leads import count_open_leads
from ...names import MANAGERS
from ..base.ways import get_ways


class ResUsers(models.Model):
    """Who leaves: their open leads are handed over."""

    _inherit = "res.users"

    open_lead_count = fields.Integer(
        string="Open leads",
        compute="_compute_open_lead_count",
        groups=MANAGERS,
        help="Open leads and opportunities that this person has, in your companies.",
    )

    @api.depends_context("allowed_company_ids")
    def _compute_open_lead_count(self):
        counts = count_open_leads(self, self.env.companies)
        for user in self:
            user.open_lead_count = counts.get(user.id, 0)

    def plan_handover(self, user_ids=None, campaign=None, opportunities=True, activities=True):
        """Plan to whom the open leads of a person go who leaves; applied, and reverted, as any run.

        :param user_ids: ids of who receives them, in equal shares; None: people of the campaign, by its way of sharing
        :param campaign: a record, or its id; None: the one most of the leads come from
        :param opportunities: these, too
        :param activities: what is planned on the leads goes along
        :return: the planned run
        :raise AccessError: for who is no manager of a company of this person
        :raise UserError: if there is nobody, or nothing to hand over
        """
        self.ensure_one()
        return plan_handover(self, get_ways, user_ids, campaign, opportunities, activities)

    def action_hand_over(self):
        """Ask to whom the open leads of these people go, one person after the other."""
        return self.env["lead.distribution.handover"]._ask(self)

    def action_archive(self):
        """As Odoo's; what is planned on open leads stays, and managers are asked who takes the leads over."""
        leavers = self.filtered("active")
        with keeping_activities(leavers):
            result = super().action_archive()
        wizard = self.env["lead.distribution.handover"]
        if result or not wizard.has_access("create"):
            return result
        held = count_open_leads(leavers, self.env.companies)
        return wizard._ask(leavers.filtered(lambda user: held.get(user.id)))
