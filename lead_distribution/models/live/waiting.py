from odoo import api, fields, models

from .hand_out import hand_out

REASONS = [
    ("new", "Not looked at yet"),
    ("delay", "Waits for the delay of the campaign"),
    ("locked", "Somebody is changing the lead"),
    ("nobody_there", "Nobody is there"),
    ("no_salespeople", "The campaign has nobody who receives leads"),
    ("no_eligible", "Nobody may have such leads"),
    ("only_holder", "Only who had it already"),
    ("other_company", "Nobody works for the company of the lead"),
    ("everybody_full", "Everybody is full"),
    ("max_leads", "The campaign has handed out as many as it may today"),
    ("failed", "Could not be written"),
]


class LeadDistributionWaiting(models.Model):
    """A lead that came, and has nobody so far: since when, why, and when it is tried again.

    Written by the room ``live`` only. Who has the lead, or that no live campaign takes it, ends its row.
    """

    _name = "lead.distribution.waiting"
    _description = "Waiting Lead"
    _order = "since, id"
    _rec_name = "lead_id"
    _log_access = False

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", index="btree_not_null")
    campaign_id = fields.Many2one(
        "lead.distribution.campaign",
        ondelete="cascade",
        index="btree_not_null",
        help="The campaign that takes it as soon as somebody can receive it. Empty: it was not looked at yet.",
    )
    run_id = fields.Many2one("lead.distribution.run", ondelete="set null", index="btree_not_null", string="Run")
    since = fields.Datetime(required=True, default=fields.Datetime.now, string="Waits since")
    reason = fields.Selection(REASONS, required=True, default="new", string="Why")
    detail = fields.Char(string="In detail")
    next_try = fields.Datetime(required=True, default=fields.Datetime.now, index=True, string="Tried again")
    tries = fields.Integer(help="How often somebody was looked for.", string="Tries")
    told_on = fields.Datetime(string="Told on", help="When the responsible was told that it waits.")

    _lead_unique = models.UniqueIndex("(lead_id)")

    @api.model
    @api.private
    def wake(self, at=None):
        """Wake whoever works off the list. Meant to be extended, by an addon that has a queue of jobs.

        :param at: when (UTC); None: as soon as this transaction is committed
        """
        self.env.ref("lead_distribution.ir_cron_live").sudo()._trigger(at)  # whoever makes a lead wakes it

    @api.model
    def _cron_hand_out(self):
        hand_out(self.env)
