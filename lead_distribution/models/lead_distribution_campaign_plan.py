# pylint: disable=prefer-env-translation
import logging
import time
from random import Random, SystemRandom

from odoo import fields, models

from .. import engine

_logger = logging.getLogger(__name__)

LAST_LEVEL = 1_000_000  # priority of people without a level
ROWS_AT_ONCE = 1000
LISTED_LEFT_OVERS = 10_000  # ids kept for each reason; the counts are always exact


class LeadDistributionCampaign(models.Model):
    """Planning: who may receive, what the engine decides, and the run that keeps it."""

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
        ],
        default="round_robin",
        required=True,
        help="Round robin: one lead each in turn, remembered over runs. Random: the same, drawn anew. "
        "Fill levels: the deficits of the best level first. Least loaded: who is furthest below the target. "
        "By free capacity: in proportion to what is free up to the target. In proportion: to targets or weights, "
        "whatever people hold now.",
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

    def simulate(self, **options):
        """Plan a run without changing any lead.

        :param options: ``max_leads`` (int), ``date_from`` and ``date_to`` (inclusive dates
            that replace the window), ``force_round_robin`` (bool), ``strategy`` (name),
            ``seed`` (int), ``lead_ids`` (only these leads, all filters still apply)
        :return: the planned run, or a failed one if nobody can receive leads
        :raise ValidationError: for options that are unknown or have no sensible value
        """
        self.ensure_one()
        self._check_manager()
        return self.sudo()._plan_run(self._check_options(options))

    def distribute(self, **options):
        """Plan a run and apply it. Takes the options of ``simulate``; returns the run."""
        run = self.simulate(**options)
        if run.state == "planned":
            run.action_apply()
        return run

    def action_simulate(self):
        return self.simulate()._get_form_action()

    def action_distribute(self):
        """Plan and start; many leads are applied in the background."""
        run = self.simulate()
        if run.state == "planned":
            run.action_start()
        return run._get_form_action()

    def _plan_run(self, options):
        """Find, decide, and store the decisions as a planned run."""
        self.ensure_one()
        started = time.monotonic()
        members, left_out = self._select_members()
        found = self._find_leads(options)
        rows = found.rows
        seed = options.get("seed", SystemRandom().randrange(2**31))
        dropped = self._plan_dropback(found.to_drop_back) if found.to_drop_back else []
        if len(dropped) < len(found.to_drop_back):
            # nobody to give them to: left alone
            rest = len(found.to_drop_back) - len(dropped)
            found.excluded["dropback"] = found.excluded.get("dropback", 0) + rest
        run = self._create_run(options, seed, found, left_out)
        run.strategy = self._get_effective_strategy(options, len(rows), len(members))
        if not members:
            run._fail(self.env._("Nobody can receive leads: %s", self._explain_nobody(left_out)))
            run.left_over = {engine.LeftOver.NO_SALESPEOPLE.value: len(rows)} if rows else {}
            return run
        plan = self._make_plan(run, rows, members, options)
        if plan is None:
            run.left_over = {"strategy_failed": len(rows)} if rows else {}
            return run
        run._store_plan(plan, rows, members, dropped)
        run.planning_seconds = time.monotonic() - started
        return run

    def _get_effective_strategy(self, options, lead_count, people_count):
        """Return the strategy of a run: the override needs any one of its reasons, both counts strict.

        Source: specification 4.2; reading R59.
        """
        few = self.use_override and (lead_count < self.override_lead_count or people_count < self.override_people_count)
        if few or options.get("force_round_robin"):
            return "round_robin"
        return options.get("strategy") or self.strategy

    def _make_plan(self, run, rows, members, options):
        """Let the engine decide; a strategy that fails gives way to round robin, or fails the run."""
        people = self._prepare_engine_people(members)
        try:
            return self._decide(run, rows, people, options)
        except Exception as error:
            _logger.exception("Lead distribution: strategy %s failed", run.strategy)
            if not self.fallback_round_robin or run.strategy == "round_robin":
                run._fail(self.env._("The strategy failed: %s", error))
                return None
            warning = self.env._("The strategy %(name)s failed, so it was round robin: %(error)s",
                                 name=run.strategy, error=error)  # fmt: skip
            run.write({"strategy": "round_robin", "warnings": [*(run.warnings or []), warning]})
            return self._decide(run, rows, people, options)

    def _decide(self, run, rows, people, options):
        return engine.make_plan(
            (self._prepare_engine_lead(row) for row in rows),
            people,
            self._get_engine_strategy(run.strategy),
            rng=Random(run.seed),
            eligible=self._get_eligibility(),
            reversed_groups=("junior_first",),
            max_leads=options.get("max_leads", self.max_leads or None),
            lead_order="random" if self.lead_order == "random" else "ranked",
        )

    def _explain_nobody(self, left_out):
        if not left_out:
            return self.env._("the campaign has no members. Add salespeople to it.")
        return "; ".join(f"{name}: {reason}" for name, reason in left_out.items())

    def _get_engine_strategy(self, name):
        options = {}
        if name == "round_robin":
            options["order"] = self.distribution_order
        elif name in ("level_based", "least_loaded"):
            options["overflow_limit"] = self.overflow_limit if self.allow_overflow else None
            if name == "level_based":
                options["fill_strategy"] = self.fill_strategy
        return engine.get_strategy(name, **options)

    def _prepare_engine_people(self, members):
        limits = self._get_day_limits(members)
        return [self._prepare_engine_person(member, limits.get(member.user_id.id)) for member in members]

    def _prepare_engine_person(self, member, limit):
        return engine.Person(
            id=member.user_id.id,
            name=member.user_id.name,
            level_priority=member.level_priority if member.level_id else LAST_LEVEL,
            limit=limit,
            target=member.target_leads,
            current=member.current_leads,
            weight=member.weight,
            served=0 if self._is_rotation_over() else member.rotation_turns,
            last_served=member.last_received.timestamp() if member.last_received else 0.0,
        )

    def _prepare_engine_lead(self, row):
        """Return the engine's lead of one candidate row, see ``_get_candidate_fields``."""
        lead_id, user_id, open_user_id = row[:3]
        holders = tuple(user for user in (user_id, open_user_id) if user)
        return engine.Lead(lead_id, holders, self._get_lead_group(row), self._get_rank(row))

    def _get_rank(self, row):
        priority, source_date = row[8], row[9]
        age = -source_date.toordinal() if source_date else 0
        if self.lead_order == "priority":
            return (-int(priority or 0), age)
        if self.lead_order == "newest":
            return (age,)
        return (-age,)

    def _create_run(self, options, seed, found, left_out):
        first, last = self._get_window(options)
        return self.env["lead.distribution.run"].create(
            {
                "campaign_id": self.id,
                "company_id": self.company_id.id,
                "user_id": self.env.uid,
                "strategy": options.get("strategy") or self.strategy,
                "distribution_order": self.distribution_order,
                "seed": seed,
                "distribution_date": self._get_today(),
                "date_from": first,
                "date_to": last,
                "options": options,
                "leads_found": len(found.rows),
                "exclusions": {step: count for step, count in found.excluded.items() if count},
                "sales_by_stage": found.sales_by_stage,
                "left_out": left_out,
                "warnings": [*found.warnings, *self._get_warnings()],
            }
        )

    def _get_warnings(self):
        """Return what in the settings does not work as it was probably meant, in words."""
        _ = self.env._
        warnings = [
            _("Filter %(filter)s: %(problem)s", filter=row.display_name, problem=row.problem)
            for row in self.filter_ids.filtered("active")
            if row.problem
        ]
        rules = self.dropback_rule_ids if self.use_dropback else self.dropback_rule_ids.browse()
        warnings += [
            _("Dropback %s: no working user, the default rule's user gets these leads.", rule.name)
            for rule in rules
            if not rule.user_id.active
        ]
        if self.exclude_inactive_users and "inactive_member" in self.pool_ids.mapped("holder"):
            warnings.append(
                self.env._("Leads of inactive people are left out, so the pool of inactive members stays empty.")
            )
        return warnings
