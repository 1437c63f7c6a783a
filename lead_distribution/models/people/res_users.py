from odoo import api, fields, models
from odoo.fields import Domain

from ...names import MANAGERS


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
        string="Leads now",
        compute="_compute_distribution_workload",
        groups=MANAGERS,
        help="All leads this person holds that you may see, whatever their status.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_distribution_workload(self):
        held = Domain("holder_id", "in", self.ids) & Domain("type", "=", "lead")
        leads = self.env["crm.lead"].with_context(active_test=True)
        counts = {user.id: count for user, count in leads._read_group(held, ["holder_id"], ["__count"])}
        for user in self:
            user.distribution_workload = counts.get(user.id, 0)

    @api.model
    def _find_salespeople(self, names):
        """Return {name: user} for people named by their name, else their login; one query.

        Case does not matter; archived users are found, too. A name without a user, or one
        that several users share, is not among the keys.
        """
        wanted = {name: name.strip().lower() for name in names if name and name.strip()}
        users = self.sudo().with_context(active_test=False).search([("share", "=", False)])
        by_login = {user.login.lower(): user for user in users}
        by_name = {name: group for name, group in users.grouped(lambda user: user.name.lower()).items()}
        found = {}
        for name, text in wanted.items():
            same = by_name.get(text, self.browse())
            active = same.filtered("active") or same
            user = active if len(active) == 1 else by_login.get(text)
            if user:
                found[name] = user
        return found

    def action_view_distribution_leads(self):
        self.ensure_one()
        self.env["crm.lead"].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leads of %s", self.name),
            "res_model": "crm.lead",
            "views": [(False, "list"), (False, "form")],
            "domain": [("holder_id", "=", self.id), ("type", "=", "lead")],
        }
