from odoo import api, fields, models

from ...following.by_hand import forget_old


class LeadDistributionByHand(models.Model):
    """A lead that somebody gave to somebody else by hand, outside of runs; inserted only, so that nobody waits.

    Not: leads one makes or takes for oneself, and what Odoo's import brings.
    """

    _name = "lead.distribution.by.hand"
    _description = "Lead Given by Hand"
    _order = "given_on desc, id desc"
    _rec_name = "lead_id"
    _log_access = False

    lead_id = fields.Many2one("crm.lead", ondelete="set null", index="btree_not_null", help="Empty: it was deleted.")
    lead_type = fields.Selection([("lead", "Lead"), ("opportunity", "Opportunity")], string="Type", readonly=True)
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
    counted_campaign_ids = fields.Many2many(
        "lead.distribution.campaign",
        "lead_distribution_by_hand_counted_rel",
        "by_hand_id",
        "campaign_id",
        string="Counted as a turn in",
        readonly=True,
        context={"active_test": False},
        help="Where leads given by hand count as turns, a run makes turns of them.",
    )

    _user_idx = models.Index("(user_id, given_on)")
    _given_idx = models.Index("(given_on)")

    @api.autovacuum
    def _gc_given(self):
        """Remove what is older than 400 days."""
        forget_old(self.env)
