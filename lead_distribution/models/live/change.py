from odoo import fields, models

from ...live.changes import KINDS


class LeadDistributionChange(models.Model):
    """A change for whose sake waiting leads are tried again, until whoever works off the list has seen to it.

    Written and deleted by the room ``live`` only: lines are only ever put in beside each other, so saving a setting
    never meets the worker that has the waiting leads in hand.
    """

    _name = "lead.distribution.change"
    _description = "Change That Waiting Leads Are Tried Again For"
    _order = "id"
    _rec_name = "kind"
    _log_access = False

    kind = fields.Selection(KINDS, required=True, string="What changed")
    campaign_id = fields.Many2one(
        "lead.distribution.campaign", ondelete="cascade", index="btree_not_null", help="Empty: all campaigns."
    )
