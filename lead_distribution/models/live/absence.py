from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LeadDistributionAbsence(models.Model):
    """A time in which a person receives nothing."""

    _name = "lead.distribution.absence"
    _description = "Absence"
    _inherit = ["lead.distribution.typed"]
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index=True,
    )
    date_from = fields.Datetime(required=True, string="From", default=fields.Datetime.now)
    date_to = fields.Datetime(required=True, string="Until")
    reason = fields.Char()
    cover = fields.Selection(
        [("none", "Nobody"), ("user", "One person"), ("campaign", "Shared by the campaign")],
        default="none",
        required=True,
        string="Who takes over meanwhile",
    )
    cover_user_id = fields.Many2one("res.users", string="Taken over by", domain="[('share', '=', False)]")

    _ends_after_start = models.Constraint("CHECK (date_to > date_from)", "An absence ends after it begins.")

    @api.constrains("cover", "cover_user_id", "user_id")
    def _check_cover(self):
        for absence in self:
            if absence.cover == "user" and not absence.cover_user_id:
                raise ValidationError(self.env._("Choose who takes over meanwhile."))
            if absence.cover_user_id == absence.user_id:
                raise ValidationError(self.env._("Nobody takes over from themselves."))
