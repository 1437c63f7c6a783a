from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...reporting.retention import PLAN_DAYS
from ...tools.limits import check_values


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lead_distribution_fresh_days = fields.Integer(
        string="Fresh up to (days)", config_parameter="lead_distribution.fresh_days", default=7
    )
    lead_distribution_stale_days = fields.Integer(
        string="Stale after (days)", config_parameter="lead_distribution.stale_days", default=30
    )
    lead_distribution_plan_days = fields.Integer(
        string="Days after which a plan that nobody applied is removed",
        config_parameter="lead_distribution.plan_days",
        default=PLAN_DAYS,
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            ours = {name: value for name, value in vals.items() if name.startswith("lead_distribution_")}
            check_values(self, [ours])
        return super().create(vals_list)

    @api.constrains("lead_distribution_fresh_days", "lead_distribution_stale_days")
    def _check_lead_distribution_days(self):
        for settings in self:
            fresh, stale = settings.lead_distribution_fresh_days, settings.lead_distribution_stale_days
            if not 0 <= fresh <= stale:
                raise ValidationError(
                    self.env._("A lead is fresh first and stale later: use day counts from 0 in that order.")
                )

    @api.constrains("lead_distribution_plan_days")
    def _check_lead_distribution_plan_days(self):
        if any(settings.lead_distribution_plan_days < 1 for settings in self):
            raise ValidationError(self.env._("Plans are kept for at least one day."))
