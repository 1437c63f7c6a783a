from odoo import fields, models


class LeadDistributionCampaign(models.Model):
    """Only people who can work it: when members count as being there, and how they begin."""

    _inherit = "lead.distribution.campaign"

    availability = fields.Selection(
        [
            ("ignore", "At any hour"),
            ("working_hours", "In their working hours"),
            ("look_ahead", "Who is back first"),
        ],
        string="People receive leads",
        default="ignore",
        required=True,
        help="Who is absent or has paused receives nothing, whatever is chosen. Working hours are those of the person, "
        "else of the company, without leave and public holidays. Who is back first: days of 24 hours are looked at "
        "one after the other.",
    )
    look_ahead_hours = fields.Integer(string="Look ahead (hours)", default=24, help="From 24 to 120.")
    shift_end_minutes = fields.Integer(
        string="Nothing new before the end (minutes)", help="In the last minutes of a shift nobody receives leads."
    )
    ramp_up_days = fields.Integer(
        string="New people begin slowly (days)", help="0: they get a whole share from the first day."
    )
    ramp_up_percent = fields.Integer(string="With a share of (%)", default=50)

    _look_ahead_range = models.Constraint(
        "CHECK (look_ahead_hours BETWEEN 24 AND 120)", "One can look ahead from 24 to 120 hours."
    )
    _shift_end_range = models.Constraint(
        "CHECK (shift_end_minutes BETWEEN 0 AND 720)", "The end of a shift is between 0 and 720 minutes long."
    )
    _ramp_up_range = models.Constraint(
        "CHECK (ramp_up_days BETWEEN 0 AND 365 AND ramp_up_percent BETWEEN 1 AND 100)",
        "New people begin with 1 to 100 percent of a share, for 365 days at most.",
    )
