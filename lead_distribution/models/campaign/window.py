from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...finding.choosable import get_choices, refuse_unfit
from ...finding.scope import uses_leads
from ...finding.window import describe_window, get_window, get_window_values
from ...names import WINDOWS
from ...planning.request import PlanRequest

# what makes a window
DAYS = (
    "use_window", "include_today", "older_than_days", "younger_than_days", "custom_date_from", "custom_date_to",
)  # fmt: skip


class LeadDistributionCampaign(models.Model):
    """Which leads are looked at, by their type and their age."""

    _inherit = "lead.distribution.campaign"

    lead_type = fields.Selection(
        [("lead", "Leads"), ("opportunity", "Opportunities"), ("both", "Leads and opportunities")],
        string="Takes",
        default=lambda self: "lead" if uses_leads(self.env) else "both",
        required=True,
    )
    use_window = fields.Boolean(
        string="Window",
        default=True,
        help="Only leads whose source date lies in the window.",
    )
    window_preset = fields.Selection(
        [
            ("from_today", "From today back to 30 days ago"),
            ("from_today_60", "From today back to 60 days ago"),
            ("current_30_day", "From yesterday back to 30 days ago"),
            ("extended_60_day", "From yesterday back to 60 days ago"),
            ("stale_lead_recovery", "60 to 180 days ago"),
            ("any_age", "All, however old"),
            ("custom_range", "Own range"),
        ],
        string="How old",
        compute="_compute_window_preset",
        inverse="_inverse_window_preset",
    )
    window_dates = fields.Char(string="Dates", compute="_compute_window_dates")
    include_today = fields.Boolean(
        string="Leads of today, too",
        default=True,
        help="Where nothing stands between today and the window: the day of a run belongs to it. "
        "Otherwise the leads of today are taken tomorrow.",
    )
    older_than_days = fields.Integer(
        string="Older than (days)",
        default=0,
        help="The new edge of the window: a lead of exactly so many days ago is outside. "
        "0: up to yesterday, or with the leads of today.",
    )
    younger_than_days = fields.Integer(
        string="Not older than (days)",
        default=30,
        help="The old edge of the window: a lead of exactly so many days ago is inside.",
    )
    custom_date_from = fields.Date(string="First day", help="Replaces the number of days; included.")
    custom_date_to = fields.Date(string="Last day", help="Replaces the number of days; included.")
    window_field_id = fields.Many2one(
        "ir.model.fields",
        string="Age counts from",
        ondelete="set null",
        domain=get_choices("window_field_id"),
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

    @api.depends(*DAYS)
    def _compute_window_preset(self):
        names = {window: name for name, window in WINDOWS.items()}
        for campaign in self:
            window = (campaign.include_today, campaign.older_than_days, campaign.younger_than_days)
            is_custom = campaign.custom_date_from or campaign.custom_date_to
            name = "custom_range" if is_custom else names.get(window, "custom_range")
            campaign.window_preset = name if campaign.use_window else "any_age"

    @api.depends(*DAYS, "tz")
    def _compute_window_dates(self):
        for campaign in self:
            campaign.window_dates = describe_window(self.env, get_window(campaign, PlanRequest()))

    def _inverse_window_preset(self):
        for campaign in self:
            campaign.update(get_window_values(campaign.window_preset))

    @api.onchange("window_preset")
    def _onchange_window_preset(self):
        """An own range begins with the days of the last choice."""
        if self.window_preset != "custom_range" or not self.use_window:
            self.update(get_window_values(self.window_preset))

    @api.constrains("window_field_id")
    def _check_window_field(self):
        refuse_unfit(self, ["window_field_id"])

    @api.constrains("custom_date_from", "custom_date_to")
    def _check_custom_dates(self):
        for campaign in self:
            first, last = campaign.custom_date_from, campaign.custom_date_to
            if first and last and first > last:
                raise ValidationError(self.env._("The window of “%s” ends before it starts.", campaign.name))
