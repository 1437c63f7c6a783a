from odoo import api, fields, models

from ...live.sweeping import forget_old


class LeadDistributionNotTaken(models.Model):
    """A lead that came and that no live campaign takes: when it was looked at, and why not, by campaign.

    It is nobody's by the rules, until it changes, a campaign does, or a run finds it. Kept for a while.
    """

    _name = "lead.distribution.not.taken"
    _description = "Lead No Live Campaign Takes"
    _order = "looked_on desc, id desc"
    _rec_name = "lead_id"
    _log_access = False

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", index="btree_not_null")
    looked_on = fields.Datetime(required=True, index=True, string="Looked at on")
    reasons = fields.Json(help="Id of the campaign → key of the step that refuses the lead.")

    _lead_unique = models.UniqueIndex("(lead_id)")

    @api.autovacuum
    def _gc_not_taken(self):
        forget_old(self.env)
