from odoo import fields, models

BAND_RULES = [
    ("all_levels", "All levels"),
    ("senior_only", "Seniors only"),
    ("junior_first", "Juniors first"),
]


class LeadDistributionCampaign(models.Model):
    """Which levels get leads of high, medium and low priority; and how long a rotation lasts.

    High is Odoo's High and Very High, medium Medium, low Low.
    """

    _inherit = "lead.distribution.campaign"

    band_high = fields.Selection(
        BAND_RULES,
        string="High priority goes to",
        default="all_levels",
        required=True,
        help="Seniors only: people of the level with the code senior; without room there, the lead stays. "
        "Juniors first: when levels are filled, in reversed order.",
    )
    band_medium = fields.Selection(BAND_RULES, string="Medium priority goes to", default="all_levels", required=True)
    band_low = fields.Selection(BAND_RULES, string="Low priority goes to", default="all_levels", required=True)
    rotation_reset = fields.Selection(
        [("never", "Never"), ("daily", "Every day"), ("weekly", "Every week"), ("monthly", "Every month")],
        string="Turns start anew",
        default="never",
        required=True,
        help="Never: the remainder of each run is made up for in the next, always.",
    )
    rotation_started = fields.Date(readonly=True, copy=False, string="Turns started on")
