from odoo import fields, models

# by which leads may be alike
SEGMENTS = [
    ("source_id", "Source"),
    ("medium_id", "Marketing medium"),
    ("campaign_id", "Marketing campaign"),
    ("priority", "Priority"),
    ("country_id", "Country"),
]


class LeadDistributionCampaign(models.Model):
    """By which strategy a campaign hands out its leads, and in which order."""

    _inherit = "lead.distribution.campaign"

    strategy = fields.Selection(
        [
            ("round_robin", "Round robin"),
            ("random", "Random, one each"),
            ("level_based", "Fill levels"),
            ("least_loaded", "Least loaded first"),
            ("capacity_based", "By free capacity"),
            ("proportional", "In proportion to targets"),
            ("weighted", "In proportion to weights"),
            ("performance", "In proportion to conversions"),
            ("optimal", "Most conversions"),
        ],
        default="round_robin",
        required=True,
        help="Round robin: one lead each in turn, remembered over runs. Random: the same, drawn anew. "
        "Fill levels: the deficits of the best level first. Least loaded: who is furthest below the target. "
        "By free capacity: in proportion to what is free up to the target. In proportion: to targets or weights, "
        "or conversion rates, whatever people hold now. Most conversions: whoever converts leads of a kind best, up to "
        "the target (needs SciPy on the server).",
    )
    fill_strategy = fields.Selection(
        [
            ("highest_priority_first", "The largest deficit first"),
            ("round_robin_within_level", "One each in turn"),
        ],
        string="Within a level",
        default="highest_priority_first",
        required=True,
    )
    allow_overflow = fields.Boolean(
        string="Above the target", help="When every target is reached, go on up to a percentage above it."
    )
    overflow_limit = fields.Integer(string="Up to (percent above)", default=10)
    use_override = fields.Boolean(
        string="Round robin when there is little to share",
        help="Few leads or few people: one each in turn, whatever the strategy is.",
    )
    override_lead_count = fields.Integer(string="With fewer leads than", default=10)
    override_people_count = fields.Integer(string="With fewer people than", default=3)
    fallback_round_robin = fields.Boolean(
        string="Round robin if the strategy fails",
        default=True,
        help="Otherwise the run fails, and nothing is handed out.",
    )
    distribution_order = fields.Selection(
        [
            ("random", "By chance"),
            ("alphabetical", "By name"),
            ("seniority", "By level"),
            ("least_recent", "Who waits longest"),
        ],
        string="Who is first",
        default="random",
        required=True,
    )
    lead_order = fields.Selection(
        [
            ("random", "By chance"),
            ("priority", "Highest priority first"),
            ("newest", "Newest first"),
            ("oldest", "Oldest first"),
        ],
        string="Order of leads",
        default="random",
        required=True,
        help="In which order leads are handed out. It matters when a run is limited, or when "
        "people have only little room.",
    )
    max_leads = fields.Integer(string="Leads a run at most", help="0: no limit. The others wait for the next run.")
    performance_days = fields.Integer(
        string="Conversions of the last (days)", default=180, help="Leads closed in this time count."
    )
    performance_prior = fields.Integer(
        string="Average counts as (leads)",
        default=20,
        help="Everybody starts as if they had converted so many leads as well as the average: who has "
        "closed few leads gets about as many as the others.",
    )
    segment_field = fields.Selection(
        SEGMENTS, string="Leads are alike by", default="source_id", required=True,
        help="People may convert leads of one kind better than those of another.",
    )  # fmt: skip

    _counts_not_negative = models.Constraint(
        "CHECK (overflow_limit >= 0 AND override_lead_count >= 0 AND override_people_count >= 0)",
        "Limits cannot be negative.",
    )
    _max_leads_not_negative = models.Constraint(
        "CHECK (max_leads >= 0)", "The limit of leads a run cannot be negative."
    )
    _performance_positive = models.Constraint(
        "CHECK (performance_days > 0 AND performance_prior >= 0)",
        "Conversions need at least one day, and the average cannot count less than nothing.",
    )
