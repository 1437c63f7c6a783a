from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    distribution_member_ids = fields.One2many(
        "lead.distribution.member",
        "user_id",
        string="Distribution campaigns",
        context={"active_test": False},
    )
    distribution_workload = fields.Integer(
        string="Leads now",
        compute="_compute_distribution_workload",
        help="All leads this person holds, whatever their status.",
    )

    def _compute_distribution_workload(self):
        counts = self.env["crm.lead"]._get_workload(self)
        for user in self:
            user.distribution_workload = counts.get(user.id, 0)

    def action_view_distribution_leads(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leads of %s", self.name),
            "res_model": "crm.lead",
            "views": [(False, "list"), (False, "form")],
            "domain": [("holder_id", "=", self.id), ("type", "=", "lead")],
        }
