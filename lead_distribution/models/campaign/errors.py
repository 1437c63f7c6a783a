from odoo import fields, models


class LeadDistributionCampaign(models.Model):
    """What a campaign does when something goes wrong."""

    _inherit = "lead.distribution.campaign"

    max_retries = fields.Integer(
        string="Try failed leads again", help="So many times, at the end of a run. 0: not again."
    )
    retry_delay = fields.Float(string="Waiting between (seconds)", help="Between two tries.")
    max_failed = fields.Integer(
        string="Stop after failed leads",
        help="More failed leads than this stop the run; what is done stays done. 0: no limit.",
    )
    max_conflicts = fields.Integer(
        string="Stop after conflicts",
        help="More conflicts with other transactions, or lost locks, than this stop the run. 0: no limit.",
    )
    max_invalid = fields.Integer(
        string="Stop after refused leads",
        help="More leads than this whose values Odoo or an addon refuses stop the run. 0: no limit.",
    )
    warn_without_leads = fields.Boolean(string="Warn when no lead is found", default=True)

    _error_limits_not_negative = models.Constraint(
        "CHECK (max_retries >= 0 AND retry_delay >= 0 AND max_failed >= 0 AND max_conflicts >= 0 AND max_invalid >= 0)",
        "Limits cannot be negative.",
    )
