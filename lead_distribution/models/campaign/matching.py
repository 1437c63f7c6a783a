from odoo import fields, models

NOBODY_FITS = [("nobody", "stays where it is"), ("everybody", "goes to anybody")]


class LeadDistributionCampaign(models.Model):
    """Who may take which lead, and who is the better match; the rules themselves: ``planning/rules.py``."""

    _inherit = "lead.distribution.campaign"

    use_skills = fields.Boolean(string="By skills", help="Leads with the tag of a skill go to people who have it.")
    skill_ids = fields.One2many("lead.distribution.skill", "campaign_id", string="Skills that leads need", copy=True)
    skill_fallback = fields.Selection(
        NOBODY_FITS, string="If nobody has any of them, the lead", default="nobody", required=True
    )
    use_territory = fields.Boolean(
        string="By territory", help="People with a territory take leads of that place only; those without take all."
    )
    territory_fallback = fields.Selection(
        NOBODY_FITS, string="If it is nobody's territory, the lead", default="nobody", required=True
    )
    use_known_owner = fields.Boolean(
        string="Known customers to who knows them",
        help="Same customer, email or phone as another lead or opportunity: its salesperson comes first, then "
        "everybody.",
    )
    known_owner_days = fields.Integer(
        string="Known from the last (days)", default=365, help="0: however long ago it was."
    )
    use_calling_hours = fields.Boolean(
        string="By time zone",
        help="Only people whose working hours overlap the hours in which the lead may be called. "
        "Working hours are those of the company in the person's time zone.",
    )
    calling_from = fields.Float(string="Leads may be called from", default=8.0)
    calling_to = fields.Float(string="Called until", default=20.0)

    _calling_hours_ordered = models.Constraint(
        "CHECK (calling_from >= 0 AND calling_to <= 24 AND calling_from < calling_to)",
        "Calling hours go from an earlier to a later time of the day.",
    )
    _known_days_not_negative = models.Constraint(
        "CHECK (known_owner_days >= 0)", "A number of days cannot be negative."
    )
