from odoo import api, fields, models
from odoo.fields import Domain

from ...finding.scope import list_types
from ...names import MANAGERS
from ...tools.actions import open_leads


class ResUsers(models.Model):
    _inherit = "res.users"

    distribution_member_ids = fields.One2many(
        "lead.distribution.member",
        "user_id",
        string="Distribution campaigns",
        groups=MANAGERS,
        context={"active_test": False},
    )
    distribution_cap_ids = fields.One2many(
        "lead.distribution.cap", "user_id", string="Distribution limits", groups=MANAGERS
    )
    distribution_workload = fields.Integer(
        string="Leads held",
        compute="_compute_distribution_workload",
        groups=MANAGERS,
        help="All leads this person holds that you may see, whatever their status.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_distribution_workload(self):
        held = Domain("holder_id", "in", self.ids) & self._get_taken_types_domain()
        leads = self.env["crm.lead"].with_context(active_test=True)
        counts = {user.id: count for user, count in leads._read_group(held, ["holder_id"], ["__count"])}
        for user in self:
            user.distribution_workload = counts.get(user.id, 0)

    def action_view_distribution_leads(self):
        self.ensure_one()
        self.env["crm.lead"].check_access("read")
        held = Domain("holder_id", "=", self.id) & self._get_taken_types_domain()
        return {**open_leads(self.env, list(held), self.env._("Leads of %s", self.name)), "context": {}}

    @api.model
    def _get_taken_types_domain(self):
        """Return the leads of the types that campaigns take."""
        # as the system: types only, of whatever campaign
        campaigns = self.env["lead.distribution.campaign"].sudo().search_fetch([], ["lead_type"])
        return Domain("type", "in", list_types(campaigns))
