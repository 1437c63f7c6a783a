from odoo import api, fields, models

from ...finding.choosable import get_choices, refuse_unfit
from ...finding.sales import COMPARED_FIELDS


class LeadDistributionCampaign(models.Model):
    """Sales filter: a lead whose customer already has an opportunity is not handed out."""

    _inherit = "lead.distribution.campaign"

    use_sales_filter = fields.Boolean(
        string="Leave out customers with an opportunity",
        help="A lead leaves when an opportunity that counts has the same contact.",
    )
    sales_match_email = fields.Boolean(string="Same email, too")
    sales_match_phone = fields.Boolean(string="Same phone, too", help="Only the digits count.")
    sales_exclude_stages = fields.Text(
        string="Stages that do not count", help="Names, one a line; opportunities in them are ignored."
    )
    sales_include_stages = fields.Text(
        string="Only these stages count", help="Names, one a line. Empty: all stages count."
    )
    sales_active_only = fields.Boolean(
        string="Archived ones do not count",
        default=True,
        help="Lost opportunities are archived in Odoo, so they do not count either.",
    )
    sales_days = fields.Integer(
        string="Only opportunities of the last (days)", help="0: opportunities of any age count."
    )
    sales_date_field_id = fields.Many2one(
        "ir.model.fields",
        string="Their age counts from",
        ondelete="set null",
        domain=get_choices("sales_date_field_id"),
        help="Empty: the day the opportunity was assigned.",
    )
    sales_partner_field_id = fields.Many2one(
        "ir.model.fields",
        string="Contact of the lead",
        ondelete="set null",
        domain=get_choices("sales_partner_field_id"),
    )
    sales_opportunity_partner_field_id = fields.Many2one(
        "ir.model.fields",
        string="Contact of the opportunity",
        ondelete="set null",
        domain=get_choices("sales_opportunity_partner_field_id"),
    )
    sales_email_field_id = fields.Many2one(
        "ir.model.fields",
        string="Email of the lead",
        ondelete="set null",
        domain=get_choices("sales_email_field_id"),
    )
    sales_opportunity_email_field_id = fields.Many2one(
        "ir.model.fields",
        string="Email of the opportunity",
        ondelete="set null",
        domain=get_choices("sales_opportunity_email_field_id"),
    )
    sales_phone_field_id = fields.Many2one(
        "ir.model.fields",
        string="Phone of the lead",
        ondelete="set null",
        domain=get_choices("sales_phone_field_id"),
    )
    sales_opportunity_phone_field_id = fields.Many2one(
        "ir.model.fields",
        string="Phone of the opportunity",
        ondelete="set null",
        domain=get_choices("sales_opportunity_phone_field_id"),
    )
    sales_seconds = fields.Float(
        string="Look-up takes at most (seconds)",
        help="If looking for leads takes longer with the customers' opportunities, the run does without: "
        "all leads are kept, and it warns. 0: no limit.",
    )
    sales_export = fields.Boolean(
        string="List these leads in a file", help="Each run gets a file with the leads that left, for managers."
    )

    _sales_seconds_not_negative = models.Constraint("CHECK (sales_seconds >= 0)", "A time cannot be negative.")

    @api.constrains("sales_date_field_id", *COMPARED_FIELDS)
    def _check_sales_fields(self):
        refuse_unfit(self, ["sales_date_field_id", *COMPARED_FIELDS])
