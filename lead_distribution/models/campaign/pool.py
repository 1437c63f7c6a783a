from odoo import api, fields, models

HOLDERS = [
    ("unassigned", "Nobody"),
    ("active_member", "An active member of the campaign"),
    ("inactive_member", "A member who is inactive or left"),
]


class LeadDistributionPool(models.Model):
    """Whose leads a campaign takes, in which statuses, and how old they may be.

    Several pools add up: a lead qualifies if one of them takes it.
    """

    _name = "lead.distribution.pool"
    _description = "Pool of Leads"
    _inherit = ["lead.distribution.typed", "lead.distribution.part"]
    _order = "sequence, id"

    campaign_id = fields.Many2one("lead.distribution.campaign", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    holder = fields.Selection(
        HOLDERS,
        string="Whose leads",
        required=True,
        default="unassigned",
        help="Who has a lead is its opener, or, without one, its salesperson.",
    )
    include_former_users = fields.Boolean(
        string="Also archived users who are no members",
        help="Takes the leads of everybody whose user was archived, member of this campaign or not.",
    )
    status_ids = fields.Many2many(
        "crm.lead.status",
        "lead_distribution_pool_status_rel",
        "pool_id",
        "status_id",
        string="Lead statuses",
        context={"active_test": False},
        help="Only leads with one of these statuses. Empty: any status, and leads without one.",
    )
    max_age_days = fields.Integer(
        string="Not older than (days)",
        help="Only leads whose source date is at most so many days ago, besides the campaign's "
        "own window. 0: no limit.",
    )

    _age_not_negative = models.Constraint("CHECK (max_age_days >= 0)", "The age of a lead cannot be negative.")

    @api.depends("holder", "status_ids")
    def _compute_display_name(self):
        holders = dict(self._fields["holder"]._description_selection(self.env))
        for pool in self:
            statuses = ", ".join(pool.status_ids.mapped("name")) or self.env._("any status")
            pool.display_name = f"{holders.get(pool.holder, '')}: {statuses}"
