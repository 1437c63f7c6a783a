from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...names import PRESETS


class LeadDistributionCampaign(models.Model):
    """Which leads are looked at, by their type and their age."""

    _inherit = "lead.distribution.campaign"

    lead_type = fields.Selection(
        [("lead", "Leads"), ("opportunity", "Opportunities"), ("both", "Leads and opportunities")],
        string="Takes",
        default=lambda self: self._default_lead_type(),
        required=True,
    )
    use_window = fields.Boolean(
        string="Window",
        default=True,
        help="Only leads whose source date lies in the window.",
    )
    window_preset = fields.Selection(
        [
            ("current_30_day", "Last 30 days"),
            ("extended_60_day", "Last 60 days"),
            ("stale_lead_recovery", "Stale leads: 60 to 180 days ago"),
            ("custom_range", "Own range"),
        ],
        string="Window preset",
        compute="_compute_window_preset",
        inverse="_inverse_window_preset",
    )
    older_than_days = fields.Integer(
        string="Older than (days)",
        default=0,
        help="The new edge of the window: a lead of exactly so many days ago is outside. "
        "0 leaves the leads of today for tomorrow.",
    )
    younger_than_days = fields.Integer(
        string="Not older than (days)",
        default=30,
        help="The old edge of the window: a lead of exactly so many days ago is inside.",
    )
    custom_date_from = fields.Date(string="From", help="Replaces the number of days; included.")
    custom_date_to = fields.Date(string="To", help="Replaces the number of days; included.")
    window_field_id = fields.Many2one(
        "ir.model.fields",
        string="Age counts from",
        ondelete="cascade",
        domain="[('model', '=', 'crm.lead'), ('ttype', 'in', ('date', 'datetime')), ('store', '=', True)]",
        help="Empty: the source date.",
    )
    exclude_weekends = fields.Boolean(string="Leave out leads of Saturdays and Sundays")
    exclude_holidays = fields.Boolean(
        string="Leave out leads of public holidays",
        help="The public holidays of the company's working calendar.",
    )

    _days_not_negative = models.Constraint(
        "CHECK (older_than_days >= 0 AND younger_than_days >= 0 AND activity_days >= 0)",
        "A number of days cannot be negative.",
    )

    @api.model
    def _default_lead_type(self):
        """Databases without the leads feature have opportunities only. As the system: of all there are."""
        uses_leads = self.env.ref("crm.group_use_lead") in self.env.ref("base.group_user").sudo().all_implied_ids
        if self.env.su or uses_leads or self.env["crm.lead"].sudo().search_count([("type", "=", "lead")], limit=1):
            return "lead"
        return "opportunity"

    @api.depends("older_than_days", "younger_than_days", "custom_date_from", "custom_date_to")
    def _compute_window_preset(self):
        names = {days: name for name, days in PRESETS.items()}
        for campaign in self:
            days = (campaign.older_than_days, campaign.younger_than_days)
            is_custom = campaign.custom_date_from or campaign.custom_date_to
            campaign.window_preset = "custom_range" if is_custom else names.get(days, "custom_range")

    def _inverse_window_preset(self):
        for campaign in self.filtered(lambda c: c.window_preset in PRESETS):
            older, younger = PRESETS[campaign.window_preset]
            campaign.write(
                {
                    "older_than_days": older,
                    "younger_than_days": younger,
                    "custom_date_from": False,
                    "custom_date_to": False,
                }
            )

    @api.onchange("window_preset")
    def _onchange_window_preset(self):
        if self.window_preset in PRESETS:
            self.older_than_days, self.younger_than_days = PRESETS[self.window_preset]
            self.custom_date_from = self.custom_date_to = False

    @api.constrains("custom_date_from", "custom_date_to")
    def _check_custom_dates(self):
        for campaign in self:
            first, last = campaign.custom_date_from, campaign.custom_date_to
            if first and last and first > last:
                raise ValidationError(self.env._("The window of “%s” ends before it starts.", campaign.name))
