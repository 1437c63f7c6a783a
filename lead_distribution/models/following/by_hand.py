from odoo import fields, models


class LeadDistributionByHand(models.Model):
    """A lead that somebody gave to somebody else by hand, outside of runs; inserted only, so that nobody waits.

    Not: leads one makes for oneself, and what Odoo's import brings.
    """

    _name = "lead.distribution.by.hand"
    _description = "Lead Given by Hand"
    _order = "given_on desc, id desc"
    _rec_name = "lead_id"
    _log_access = False

    lead_id = fields.Many2one("crm.lead", ondelete="set null", index="btree_not_null")
    lead_name = fields.Char(string="Lead name")
    campaign_id = fields.Many2one(
        "lead.distribution.campaign",
        ondelete="set null",
        help="That had handed the lead out before.",
        string="Campaign",
    )
    company_id = fields.Many2one("res.company")
    previous_user_id = fields.Many2one("res.users", string="From", ondelete="set null")
    user_id = fields.Many2one("res.users", string="To", required=True, ondelete="cascade")
    given_by_id = fields.Many2one("res.users", string="Given by", ondelete="set null")
    given_on = fields.Datetime(required=True, default=fields.Datetime.now, string="Given on")

    _user_idx = models.Index("(user_id, given_on)")
