from odoo import fields, models


class LeadDistributionSkill(models.Model):
    """A skill that leads with a tag need."""

    _name = "lead.distribution.skill"
    _description = "Skill Needed by Leads"
    _inherit = ["lead.distribution.typed", "lead.distribution.part", "lead.distribution.aside"]
    _limits = {"weight": (0.001, 1_000_000)}
    _order = "weight desc, id"
    _rec_name = "tag_id"

    campaign_id = fields.Many2one("lead.distribution.campaign", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    tag_id = fields.Many2one(
        "crm.tag", string="Skill", required=True, ondelete="restrict", help="Leads with this tag need the skill."
    )
    weight = fields.Float(default=1.0, help="How much it counts when a lead needs several skills.")

    _tag_unique = models.UniqueIndex("(campaign_id, tag_id)", "This skill is in the list already.")
    _weight_positive = models.Constraint("CHECK (weight > 0)", "A weight must be more than 0.")
