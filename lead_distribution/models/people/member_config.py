from odoo import fields, models


class LeadDistributionMember(models.Model):
    _inherit = "lead.distribution.member"

    team_label = fields.Char(
        string="Team, as written", help="From a configuration: a team that is no sales team in Odoo."
    )
