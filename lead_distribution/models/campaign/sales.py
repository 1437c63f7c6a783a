from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...finding.customers import can_compare
from ...finding.sales import COMPARED_FIELDS

SALES_PARTNER_DOMAIN = """[('model', '=', 'crm.lead'), ('relation', '=', 'res.partner'), ('ttype', '=', 'many2one'),
    '|', ('store', '=', True), ('name', '=', 'commercial_partner_id')]"""
SALES_TEXT_DOMAIN = "[('model', '=', 'crm.lead'), ('ttype', '=', 'char'), ('store', '=', True)]"


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
        ondelete="cascade",
        domain="[('model', '=', 'crm.lead'), ('ttype', 'in', ('date', 'datetime')), ('store', '=', True)]",
        help="Empty: the day the opportunity was assigned.",
    )
    sales_partner_field_id = fields.Many2one(
        "ir.model.fields", string="Contact of the lead", ondelete="cascade", domain=SALES_PARTNER_DOMAIN
    )
    sales_opportunity_partner_field_id = fields.Many2one(
        "ir.model.fields", string="Contact of the opportunity", ondelete="cascade", domain=SALES_PARTNER_DOMAIN
    )
    sales_email_field_id = fields.Many2one(
        "ir.model.fields", string="Email of the lead", ondelete="cascade", domain=SALES_TEXT_DOMAIN
    )
    sales_opportunity_email_field_id = fields.Many2one(
        "ir.model.fields", string="Email of the opportunity", ondelete="cascade", domain=SALES_TEXT_DOMAIN
    )
    sales_phone_field_id = fields.Many2one(
        "ir.model.fields", string="Phone of the lead", ondelete="cascade", domain=SALES_TEXT_DOMAIN
    )
    sales_opportunity_phone_field_id = fields.Many2one(
        "ir.model.fields", string="Phone of the opportunity", ondelete="cascade", domain=SALES_TEXT_DOMAIN
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

    @api.constrains(*COMPARED_FIELDS)
    def _check_sales_fields(self):
        lead_fields = self.env["crm.lead"]._fields
        wrong = [
            campaign[name]
            for campaign in self
            for name, usual in COMPARED_FIELDS.items()
            if campaign[name] and not can_compare(lead_fields[campaign[name].name], usual)
        ]
        if wrong:
            names = ", ".join(field.field_description for field in wrong)
            raise ValidationError(self.env._("Customers cannot be compared by: %s.", names))
