from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...names import LEAD_CLASSES


class LeadDistributionCap(models.Model):
    """How many leads a person may get or hold.

    Of a campaign: for each of its members, or for one of them. Of a user without campaign: in
    all campaigns together. Everybody is bound by all limits that concern them.
    """

    _name = "lead.distribution.cap"
    _description = "Limit of Leads a Person"
    _inherit = ["lead.distribution.typed", "lead.distribution.part", "lead.distribution.aside"]
    _order = "campaign_id, user_id, measure, id"

    name = fields.Char(compute="_compute_name")
    campaign_id = fields.Many2one("lead.distribution.campaign", ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users", string="Salesperson", ondelete="cascade", index="btree_not_null", domain="[('share', '=', False)]"
    )
    measure = fields.Selection(
        [
            ("day", "Received a day"),
            ("week", "Received a week"),
            ("month", "Received a month"),
            ("open", "Open leads"),
            *((f"open_{code}", f"Open leads: {label.lower()}") for code, label in LEAD_CLASSES),
        ],
        string="What",
        default="day",
        required=True,
        help="What was received by any way counts: by a campaign, an import or by hand. Days, weeks and months are "
        "those of the person's time zone. Open leads are those that are not won, lost or cancelled.",
    )
    maximum = fields.Integer(string="At most", required=True)
    only_campaign = fields.Boolean(string="Only of this campaign", help="Leads from elsewhere do not count.")

    _maximum_not_negative = models.Constraint("CHECK (maximum >= 0)", "A limit cannot be negative.")

    @api.depends("measure", "maximum", "user_id")
    @api.depends_context("lang")
    def _compute_name(self):
        measures = dict(self._fields["measure"]._description_selection(self.env))
        for cap in self:
            who = cap.user_id.name or self.env._("each")
            cap.name = f"{measures.get(cap.measure)}, {who}: {cap.maximum}"

    @api.constrains("campaign_id", "user_id", "only_campaign")
    def _check_whose(self):
        for cap in self:
            if not (cap.campaign_id or cap.user_id):
                raise ValidationError(self.env._("A limit needs a campaign, a salesperson, or both."))
            if cap.only_campaign and not cap.campaign_id:
                raise ValidationError(self.env._("A limit over all campaigns counts the leads of all of them."))
