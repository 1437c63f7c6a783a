from odoo import fields, models

from ... import engine
from ...planning import transport
from ...planning.rotation import is_rotation_over
from ...work.inside import get_inside
from .campaign_performance import WITH_RATES

LAST_LEVEL = 1_000_000  # priority of people without a level


class LeadDistributionCampaign(models.Model):
    """By which strategy a campaign hands out its leads, and what the engine is told of the people."""

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

    _counts_not_negative = models.Constraint(
        "CHECK (overflow_limit >= 0 AND override_lead_count >= 0 AND override_people_count >= 0)",
        "Limits cannot be negative.",
    )
    _max_leads_not_negative = models.Constraint(
        "CHECK (max_leads >= 0)", "The limit of leads a run cannot be negative."
    )

    def _get_effective_strategy(self, request, lead_count, people_count):
        """Return the strategy of a run: the override needs any one of its reasons, both counts strict.

        Source: specification 4.2; reading R59.
        """
        few = self.use_override and (lead_count < self.override_lead_count or people_count < self.override_people_count)
        if few or request.force_round_robin:
            return "round_robin"
        return request.strategy or self.strategy

    def _get_engine_strategy(self, name, request):
        """Return the engine's strategy with the campaign's settings. Meant to be extended."""
        settings = {}
        if name == "round_robin":
            settings["order"] = request.get_setting(self, "distribution_order")
        elif name in ("level_based", "least_loaded", "optimal"):
            overflow = request.get_setting(self, "allow_overflow")
            settings["overflow_limit"] = request.get_setting(self, "overflow_limit") if overflow else None
        if name == "level_based":
            settings["fill_strategy"] = request.get_setting(self, "fill_strategy")
        if name == "optimal":
            settings["solve"] = transport.solve if not request.is_solved else self._get_solver()
        return engine.get_strategy(name, **settings)

    def _prepare_engine_people(self, members, strategy, request):
        limits, class_limits = self._get_limits(members, request)
        rates, by_segment = {}, {}
        if strategy in WITH_RATES or get_inside(self.env, "with_conversions"):
            rates, by_segment = self._get_rates(members.user_id)
        return [
            self._prepare_engine_person(
                member,
                limit=limits.get(member.user_id.id),
                class_limits=class_limits.get(member.user_id.id, {}),
                rate=rates.get(member.user_id.id, 0.0),
                rates=by_segment.get(member.user_id.id, {}),
                current=request.current.get(member.user_id.id, member.current_leads),
            )
            for member in members
        ]

    def _prepare_engine_person(self, member, **values):
        return engine.Person(
            id=member.user_id.id,
            name=member.user_id.name,
            level_priority=member.level_priority if member.level_id else LAST_LEVEL,
            target=member.target_leads,
            weight=member.weight,
            served=0 if is_rotation_over(self) else member.rotation_turns,
            last_served=member.last_received.timestamp() if member.last_received else 0.0,
            **values,
        )
