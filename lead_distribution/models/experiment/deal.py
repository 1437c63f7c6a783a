from odoo import fields, models

from ...names import ARMS, MANAGERS


class LeadDistributionExperimentDeal(models.Model):
    """Which way chance has chosen for a lead: once for an experiment, whatever becomes of the lead."""

    _name = "lead.distribution.experiment.deal"
    _description = "Lead Dealt to a Way"
    _log_access = False

    experiment_id = fields.Many2one("lead.distribution.experiment", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="experiment_id.company_id", store=True)
    lead_id = fields.Many2one("crm.lead", ondelete="set null", index="btree_not_null", groups=MANAGERS)
    arm = fields.Selection(ARMS, required=True, string="Way")
    source_id = fields.Many2one("utm.source", ondelete="set null")
    priority = fields.Char()
    dealt_on = fields.Datetime(required=True, string="Dealt on")

    _lead_idx = models.UniqueIndex("(experiment_id, lead_id)")
